/** External schemas: rows of registered partitions, and who may read them. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ExternalCatalog, ExternalTable } from '../../../local/redshift/externalTables';
import { openWarehouse, type Warehouse } from '../../../local/redshift/warehouse';
import { type ObjectDirectory, objectDirectory } from '../../support/redshift';

const ROLE = 'arn:aws:iam::111122223333:role/spectrum';
const CREATE = `CREATE EXTERNAL SCHEMA lake FROM DATA CATALOG DATABASE 'clicks' IAM_ROLE '${ROLE}'`;
const BUCKET = 'lake';

let objects: ObjectDirectory;
let warehouse: Warehouse;
let registered: string[];

/** The table with the partitions that are registered and hold an object. */
const catalog: ExternalCatalog = (database) => (database === 'clicks' ? [events()] : undefined);

function events(): ExternalTable {
  return {
    name: 'events',
    columns: [
      { name: 'id', duckDbType: 'INTEGER' },
      { name: 'label', duckDbType: 'VARCHAR' },
    ],
    partitionKeys: ['hour'],
    directory: objects.resolve(BUCKET, 'events'),
    partitions: registered.map((hour) => ({
      values: [hour],
      directory: objects.resolve(BUCKET, `events/hour=${hour}`),
    })),
  };
}

beforeEach(async () => {
  objects = objectDirectory();
  mkdirSync(objects.root, { recursive: true });
  registered = [];
  warehouse = await openWarehouse({
    file: path.join(objects.root, 'warehouse.duckdb'),
    databaseName: 'clickstream',
    externalCatalog: catalog,
  });
  await objects.putParquet(BUCKET, 'events/hour=07/a.parquet', `SELECT 1::INTEGER AS id, 'one' AS label`);
  // Written before the table had a label.
  await objects.putParquet(BUCKET, 'events/hour=08/b.parquet', 'SELECT 2::INTEGER AS id');
});

afterEach(async () => {
  await warehouse.close();
  objects.remove();
});

const rowsOf = async (sql: string, user?: string) =>
  (await warehouse.query(sql, user === undefined ? {} : { user })).rows;

it('shows the rows of registered partitions only, as they are registered', async () => {
  await warehouse.query(CREATE);
  const ids = 'SELECT id, label, hour FROM lake.events ORDER BY id';
  expect(await rowsOf(ids)).toEqual([]);
  registered = ['07'];
  await warehouse.refreshExternalTables();
  expect(await rowsOf(ids)).toEqual([[1, 'one', '07']]);
  registered = ['07', '08'];
  await warehouse.refreshExternalTables();
  expect(await rowsOf(ids)).toEqual([
    [1, 'one', '07'],
    [2, null, '08'],
  ]);
});

it('shows an object that joins a registered partition at once', async () => {
  registered = ['07'];
  await warehouse.query(CREATE);
  await objects.putParquet(BUCKET, 'events/hour=07/c.parquet', `SELECT 3::INTEGER AS id, 'three' AS label`);
  expect(await rowsOf(`SELECT COUNT(*) FROM lake.events WHERE hour = '07'`)).toEqual([[2]]);
});

it('shows nothing of a registered partition whose objects are gone', async () => {
  registered = ['07', '08'];
  await warehouse.query(CREATE);
  rmSync(objects.resolve(BUCKET, 'events/hour=07'), { recursive: true });
  expect(await rowsOf('SELECT id FROM lake.events')).toEqual([[2]]);
});

it('is known to svv_external_schemas, and forgotten when it is dropped', async () => {
  await warehouse.query(CREATE);
  const known = 'SELECT schemaname, databasename, esoptions FROM svv_external_schemas';
  expect(await rowsOf(known)).toEqual([['lake', 'clicks', `{"IAM_ROLE":"${ROLE}"}`]]);
  await warehouse.query('DROP SCHEMA lake');
  expect(await rowsOf(known)).toEqual([]);
  await expect(rowsOf('SELECT 1 FROM lake.events')).rejects.toThrow('schema "lake" does not exist');
});

describe('readers', () => {
  beforeEach(async () => {
    registered = ['07'];
    await warehouse.run([CREATE, 'CREATE SCHEMA analysis', 'CREATE USER reader PASSWORD DISABLE']);
    await warehouse.run([
      'CREATE VIEW analysis.history AS SELECT id FROM lake.events WITH NO SCHEMA BINDING',
      'GRANT USAGE ON SCHEMA analysis TO reader',
      'GRANT SELECT ON analysis.history TO reader',
    ]);
  });

  it('of a view need the right to use the external schema it reads', async () => {
    await expect(rowsOf('SELECT id FROM analysis.history', 'reader')).rejects.toThrow(
      'permission denied for schema lake',
    );
    await warehouse.query('GRANT USAGE ON SCHEMA lake TO reader');
    expect(await rowsOf('SELECT id FROM analysis.history', 'reader')).toEqual([[1]]);
  });

  it('who may use the schema may read its tables, and write none', async () => {
    await warehouse.query('GRANT USAGE ON SCHEMA lake TO reader');
    expect(await rowsOf('SELECT id FROM lake.events', 'reader')).toEqual([[1]]);
    await expect(warehouse.query(`INSERT INTO lake.events (id) VALUES (9)`)).rejects.toThrow(
      'Writing to an external table is not supported',
    );
  });
});

describe('the right to use an external schema', () => {
  beforeEach(async () => {
    await warehouse.run([CREATE, 'CREATE ROLE analyst', 'CREATE GROUP analysts', 'CREATE SCHEMA analysis']);
  });

  it('is granted and revoked by itself only', async () => {
    for (const sql of [
      'GRANT USAGE ON SCHEMA lake TO GROUP analysts',
      'REVOKE USAGE ON SCHEMA lake FROM GROUP analysts',
    ]) {
      await expect(warehouse.query(sql, { isTransactionBlock: true })).rejects.toThrow(
        'GRANT or REVOKE on an external schema cannot run inside a transaction block',
      );
      await warehouse.query(sql);
    }
    await warehouse.run(['GRANT USAGE ON SCHEMA analysis TO GROUP analysts', 'SELECT 1']);
  });

  it('goes to users and groups, not to roles', async () => {
    await expect(
      warehouse.query('GRANT USAGE ON SCHEMA lake TO GROUP analysts, ROLE analyst'),
    ).rejects.toThrow('USAGE on an external schema can be granted to users and user groups only');
    await warehouse.query('GRANT USAGE ON SCHEMA analysis TO ROLE analyst');
  });
});

it.each([
  [
    'a database the catalog does not have',
    CREATE.replace('clicks', 'others'),
    'external database "others" does not exist',
  ],
  [
    'another source',
    CREATE.replace('DATA CATALOG', 'HIVE METASTORE'),
    'CREATE EXTERNAL SCHEMA FROM HIVE is not supported',
  ],
  [
    'a view that is bound',
    'CREATE VIEW public.v AS SELECT id FROM lake.events',
    'Operation not supported on external tables',
  ],
])('refuses %s', async (_what, sql, message) => {
  if (sql.startsWith('CREATE VIEW')) await warehouse.query(CREATE);
  await expect(warehouse.query(sql)).rejects.toThrow(message);
});

it('keeps others than a superuser from making one', async () => {
  await warehouse.query('CREATE USER reader PASSWORD DISABLE');
  await expect(warehouse.query(CREATE, { user: 'reader' })).rejects.toThrow('must be superuser');
});
