/** Functions that macros stand behind show none of it. */
import path from 'node:path';
import { openWarehouse, type Warehouse } from '../../../local/redshift';
import { MACROS } from '../../../local/redshift/sql/macros';
import { objectDirectory } from '../../support/redshift';

const objects = objectDirectory();
let warehouse: Warehouse;

beforeAll(async () => {
  warehouse = await openWarehouse({ file: path.join(objects.root, 'w.duckdb') });
  await warehouse.run(['CREATE TABLE sales (id INT, seller VARCHAR(20), big BIGINT, sold TIMESTAMP)']);
});

afterAll(async () => {
  await warehouse.close();
  objects.remove();
});

/** Expressions that each macro stands behind. */
const USES: Readonly<Record<string, readonly string[]>> = {
  rs_number: ['nosuch + 1', 'id * nosuch', 'nosuch > 1', 'ABS(nosuch)', 'AVG(nosuch)', 'SUM(id) / nosuch'],
  rs_text: ["nosuch || 'a'", "nosuch = 'a'", 'UPPER(nosuch)'],
  rs_boolean: ['nosuch = TRUE'],
  rs_as_text: ['nosuch::VARCHAR', "LISTAGG(nosuch, ',')"],
  rs_truncate_bytes: ['nosuch::VARCHAR(3)'],
  rs_divide: ['id / nosuch', 'nosuch / id', 'RATIO_TO_REPORT(nosuch) OVER ()'],
  rs_modulo: ['id % nosuch', 'MOD(nosuch, id)'],
  rs_summand: [
    'SUM(nosuch)',
    'SUM(DISTINCT nosuch)',
    'SUM(id + nosuch)',
    'SUM(id * 1.5 - nosuch)',
    'SUM(CASE WHEN nosuch THEN 1 ELSE 0 END)',
    'SUM(nosuch) OVER (PARTITION BY seller)',
    'SUM(SUM(nosuch)) OVER ()',
  ],
  rs_trunc: ['TRUNC(nosuch)', 'TRUNC(nosuch + id)'],
  rs_substring: ['SUBSTRING(nosuch, 1, 2)', 'SUBSTRING(seller, nosuch, 2)'],
  rs_add_months: ['ADD_MONTHS(nosuch, 1)', 'ADD_MONTHS(sold, nosuch)'],
  rs_json_parse: ['JSON_PARSE(nosuch)'],
  rs_to_json: ["OBJECT('a', nosuch)"],
  rs_json_path: ["JSON_EXTRACT_PATH_TEXT(nosuch, 'a')"],
  rs_json_path_or_null: ["JSON_EXTRACT_PATH_TEXT(nosuch, 'a', TRUE)"],
  rs_hll_create: ['HLL_CREATE_SKETCH(nosuch)'],
  rs_hll_combine: ['HLL_COMBINE(nosuch)'],
  rs_hll_combine_sketches: ['HLL_COMBINE_SKETCHES(nosuch, nosuch)'],
  rs_array_length: ['GET_ARRAY_LENGTH(nosuch)'],
};

/** Macros that only other macros use. */
const INNER = ['rs_plain_summand', 'rs_short_summand'];

test('every macro is tried', () => {
  const names = MACROS.map((macro) => macro.slice(0, macro.indexOf('(')));
  expect([...Object.keys(USES), ...INNER].sort()).toEqual([...names].sort());
});

test.each(Object.values(USES).flat())('%s names the column that does not exist', async (expression) => {
  const asked = warehouse.query(`SELECT ${expression} FROM sales`);
  await expect(asked).rejects.toThrow(/^ERROR: column "nosuch" does not exist in sales$/);
});

test.each([
  ['SUM(seller)', /'sum\(VARCHAR\)'/],
  ['TRUNC(seller)', /'trunc\(VARCHAR\)'/],
  ['GET_ARRAY_LENGTH(id)', /get_array_length takes a value of type super/],
])('%s of a wrong type is refused in one line', async (expression, words) => {
  const error = await warehouse.query(`SELECT ${expression} FROM sales`).catch(String);
  expect(error).toMatch(words);
  expect(error).not.toMatch(/\n|rs_/);
});

test.each([
  ['TRUNC(DATE)', "TRUNC('2026-03-01'::DATE)", '2026-03-01', 'date'],
  ['TRUNC(TIMESTAMP)', "TRUNC('2026-03-01 13:00'::TIMESTAMP)", '2026-03-01', 'date'],
  ['TRUNC(NUMERIC)', 'TRUNC(-1.7)', '-1', 'numeric'],
  ['SUM(SMALLINT)', 'SUM(2::SMALLINT)', 2, 'int8'],
  ['SUM(INTEGER)', 'SUM(2::INTEGER)', 2, 'int8'],
  ['SUM(BIGINT)', 'SUM(2::BIGINT)', '2', 'numeric'],
  ['SUM(NUMERIC)', 'SUM(2.5::NUMERIC(6, 2))', '2.50', 'numeric'],
  ['SUM(FLOAT)', 'SUM(2.5::FLOAT)', 2.5, 'float8'],
  ['SUM(SUPER)', "SUM(JSON_PARSE('2.5'))", 2.5, 'float8'],
])('%s keeps its type', async (_, expression, value, typeName) => {
  expect(await warehouse.query(`SELECT ${expression} AS a`)).toMatchObject({
    columns: [{ typeName }],
    rows: [[value]],
  });
});
