import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openWarehouse, type Warehouse } from '../../../local/redshift';

const directory = mkdtempSync(path.join(os.tmpdir(), 'sketches-'));
let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await openWarehouse({ file: path.join(directory, 'w.duckdb') });
  await warehouse.run([
    'CREATE TABLE days (day INTEGER NOT NULL, visitors HLLSKETCH)',
    `INSERT INTO days SELECT day, HLL_CREATE_SKETCH(visitor) FROM (
       SELECT 1 AS day, 'a' AS visitor UNION ALL SELECT 1, 'b' UNION ALL SELECT 1, 'b'
       UNION ALL SELECT 2, 'b' UNION ALL SELECT 2, 'c' UNION ALL SELECT 3, CAST(NULL AS VARCHAR)) visits GROUP BY day`,
  ]);
});
afterAll(async () => {
  await warehouse.close();
  rmSync(directory, { recursive: true, force: true });
});

const ask = async (sql: string) => (await warehouse.query(sql)).rows;

describe('HyperLogLog sketches', () => {
  it('count what they have seen', async () => {
    expect(await ask('SELECT day, HLL_CARDINALITY(visitors) FROM days ORDER BY day')).toEqual([
      [1, 2],
      [2, 2],
      [3, 0],
    ]);
  });

  it('add up without counting anybody twice', async () => {
    expect(await ask('SELECT HLL_CARDINALITY(HLL_COMBINE(visitors)) AS total FROM days')).toEqual([[3]]);
    expect(
      await ask(
        `SELECT HLL_CARDINALITY(HLL_COMBINE_SKETCHES(a.visitors, b.visitors)) FROM days a JOIN days b ON b.day = 2
         WHERE a.day = 1`,
      ),
    ).toEqual([[3]]);
  });

  it('can be left out where only the number is asked for', async () => {
    expect(
      await ask("SELECT HLL(v) FROM (SELECT 'x' AS v UNION ALL SELECT 'x' UNION ALL SELECT 'y') q"),
    ).toEqual([[2]]);
  });

  it('are a type of their own, in the catalog and in results', async () => {
    expect(
      await ask("SELECT data_type FROM svv_columns WHERE table_name = 'days' AND column_name = 'visitors'"),
    ).toEqual([['hllsketch']]);
    const { columns, rows } = await warehouse.query('SELECT visitors FROM days WHERE day = 1');
    expect(columns).toEqual([{ name: 'visitors', typeName: 'hllsketch' }]);
    expect(rows).toEqual([['{"cardinality":2}']]);
  });
});
