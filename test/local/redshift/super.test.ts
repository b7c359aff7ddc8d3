/** SUPER: navigation, unnesting, dynamic typing, as the Redshift guide describes them ("Querying semistructured data"). */
import path from 'node:path';
import { openWarehouse, type Warehouse } from '../../../local/redshift';
import { type ObjectDirectory, objectDirectory } from '../../support/redshift';

let objects: ObjectDirectory;
let warehouse: Warehouse;

const ORDER = {
  c_custkey: 7,
  c_name: 'Ann',
  vip: true,
  c_orders: [
    {
      o_totalprice: 101.5,
      o_lines: [
        { sku: 'a', qty: 2 },
        { sku: 'b', qty: 1 },
      ],
    },
    { o_totalprice: 20, o_lines: [] },
  ],
  missing: null,
};

beforeAll(async () => {
  objects = objectDirectory();
  warehouse = await openWarehouse({ file: path.join(objects.root, 'w.duckdb') });
  await warehouse.run([
    'CREATE TABLE customers (id INT, c SUPER, label VARCHAR(10))',
    `INSERT INTO customers SELECT 1, JSON_PARSE('${JSON.stringify(ORDER)}'), 'x'`,
    `INSERT INTO customers VALUES (2, NULL, NULL)`,
  ]);
});

afterAll(async () => {
  await warehouse.close();
  objects.remove();
});

test.each<[string, unknown[][]]>([
  [
    'SELECT c.c_name::varchar, c.c_custkey::int, c.vip::boolean FROM customers WHERE id = 1',
    [['Ann', 7, true]],
  ],
  // Arrays begin at 0; navigation into nothing is null.
  [
    'SELECT c.c_orders[0].o_totalprice::float, c.c_orders[1].o_totalprice::int, c.c_orders[2].o_totalprice, c.nowhere.at.all FROM customers WHERE id = 1',
    [[101.5, 20, null, null]],
  ],
  ['SELECT t.c.c_orders[0].o_lines[1].sku::varchar FROM customers t WHERE t.id = 1', [['b']]],
  ['SELECT C.C_NAME FROM customers WHERE id = 1', [['"Ann"']]],
  // A result keeps SUPER as JSON text.
  [
    'SELECT c.c_orders[0].o_lines AS lines FROM customers ORDER BY id',
    [['[{"sku":"a","qty":2},{"sku":"b","qty":1}]'], [null]],
  ],
  // Dynamic typing: a number compares with numbers, and with a text not at all.
  [
    `SELECT c.c_name = 'Ann', c.c_custkey = 7, c.c_custkey = '7', c.c_name > 3, c.vip = true FROM customers WHERE id = 1`,
    [[true, true, null, null, true]],
  ],
  // A SUPER number counts in full, it is not rounded.
  [
    'SELECT c.c_orders[0].o_totalprice + 1, c.c_orders[0].o_totalprice > 101, -c.c_custkey FROM customers WHERE id = 1',
    [[102.5, true, -7]],
  ],
  [
    'SELECT SUM(c.c_orders[0].o_totalprice), AVG(c.c_orders[0].o_totalprice) FROM customers',
    [[101.5, 101.5]],
  ],
  ['SELECT SUM(price) FROM (SELECT c.c_orders[0].o_totalprice AS price FROM customers)', [[101.5]]],
  [
    `SELECT c.c_name IN ('Ann', 'Bob'), c.c_custkey IN (1, 7), c.c_name BETWEEN 'A' AND 'B', c.c_name LIKE 'A%',
       NVL(c.nothing::varchar, 'none'), LEN(c.c_name::varchar) FROM customers WHERE id = 1`,
    [[true, true, true, true, 'none', 3]],
  ],
  [
    `SELECT UPPER(c.c_name), LEN(c.c_name), c.c_name || '!', ABS(c.c_orders[0].o_totalprice), CASE c.c_name WHEN 'Ann' THEN 1 END,
       UPPER(c.c_custkey), ROUND(c.c_name) FROM customers WHERE id = 1`,
    [['ANN', 3, 'Ann!', 101.5, 1, null, null]],
  ],
  // Unnesting, also of arrays in arrays; what is no array gives no row.
  [
    'SELECT t.id, o.o_totalprice::float FROM customers t, t.c.c_orders o ORDER BY 2',
    [
      [1, 20],
      [1, 101.5],
    ],
  ],
  [
    'SELECT l.sku::varchar, SUM(l.qty) FROM customers t, t.c.c_orders o, o.o_lines l GROUP BY 1 ORDER BY 1',
    [
      ['a', 2],
      ['b', 1],
    ],
  ],
  ['SELECT COUNT(*) FROM customers t, t.c.c_name n', [[0]]],
  [
    'SELECT id, c IS NULL, c.missing IS NULL FROM customers ORDER BY 1',
    [
      [1, false, true],
      [2, true, true],
    ],
  ],
  ['SELECT COUNT(*) FROM customers WHERE c.c_name IS NOT NULL GROUP BY c.c_name', [[1]]],
  // Text that is no JSON becomes a SUPER string.
  [
    `SELECT CASE WHEN CAN_JSON_PARSE(label) THEN JSON_PARSE(label) ELSE CAST(label AS SUPER) END FROM customers ORDER BY id`,
    [['"x"'], [null]],
  ],
])('%s', async (sql, expected) => {
  expect((await warehouse.query(sql)).rows).toEqual(expected);
});

test('a SUPER object survives storing and reading', async () => {
  const { rows } = await warehouse.query('SELECT JSON_SERIALIZE(c) FROM customers WHERE id = 1');
  expect(JSON.parse(String(rows?.[0]?.[0]))).toEqual(ORDER);
});

test('an unnested array needs an alias: without one it is a table of a schema', async () => {
  await expect(warehouse.query('SELECT 1 FROM customers t, t.c')).rejects.toThrow(
    'schema "t" does not exist',
  );
});
