/** The external schema over the lake: made, kept and removed as the deployment says. */
import { lakeSchemaStatements, storedLake, storedLakeQuery } from '../../../lambda/migrate/lakeSchema';
import { WAREHOUSE } from '../../../lib/contract/names';
import { EVENT_COLUMNS } from '../../../lib/event/columns';
import { openWarehouse, type Warehouse } from '../../../local/redshift';
import { type ObjectDirectory, objectDirectory } from '../../support/redshift';

const LAKE = { databaseName: 'clicks', roleArn: 'arn:aws:iam::111122223333:role/spectrum' };

let objects: ObjectDirectory;
let warehouse: Warehouse;

beforeEach(async () => {
  objects = objectDirectory();
  const events = {
    name: 'events',
    columns: EVENT_COLUMNS.map(({ name }) => ({ name, duckDbType: 'VARCHAR' })),
    partitionKeys: ['year', 'month', 'day', 'hour'],
    directory: objects.root,
    partitions: [],
  };
  warehouse = await openWarehouse({
    file: `${objects.root}/warehouse.duckdb`,
    externalCatalog: () => [events],
  });
  await warehouse.run([`CREATE SCHEMA ${WAREHOUSE.analysisSchema}`, `CREATE ROLE ${WAREHOUSE.analystRole}`]);
});

afterEach(async () => {
  await warehouse.close();
  objects.remove();
});

async function stored() {
  const { columns = [], rows = [] } = await warehouse.query(storedLakeQuery());
  return storedLake(
    rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? undefined]))),
  );
}

async function show(wanted: typeof LAKE | undefined) {
  const statements = lakeSchemaStatements(await stored(), wanted);
  if (statements.length > 0) await warehouse.run(statements);
  return statements;
}

it('shows every column of the event and the partition keys', async () => {
  await show(LAKE);
  const { columns = [] } = await warehouse.query(`SELECT * FROM ${WAREHOUSE.historyView}`);
  expect(columns.map(({ name }) => name)).toEqual([
    ...EVENT_COLUMNS.map(({ name }) => name),
    'year',
    'month',
    'day',
    'hour',
  ]);
});

it('can be read by analysts', async () => {
  await show(LAKE);
  await warehouse.run([
    'CREATE USER reader PASSWORD DISABLE',
    `GRANT USAGE ON SCHEMA ${WAREHOUSE.analysisSchema} TO ROLE ${WAREHOUSE.analystRole}`,
    `GRANT ROLE ${WAREHOUSE.analystRole} TO reader`,
  ]);
  const { rows } = await warehouse.query(`SELECT COUNT(*) FROM ${WAREHOUSE.historyView}`, { user: 'reader' });
  expect(rows).toEqual([[0]]);
});

it('keeps the schema when nothing has changed, and makes only the view anew', async () => {
  await show(LAKE);
  const again = await show(LAKE);
  expect(again.filter((sql) => /SCHEMA lake( FROM|$)/.test(sql))).toEqual([]);
  expect(await stored()).toEqual(LAKE);
});

it('follows another role or database', async () => {
  await show(LAKE);
  const other = { ...LAKE, roleArn: 'arn:aws:iam::111122223333:role/other' };
  await show(other);
  expect(await stored()).toEqual(other);
});

it('is gone when the deployment no longer wants it, and nothing is done when there was none', async () => {
  expect(lakeSchemaStatements(undefined, undefined)).toEqual([]);
  await show(LAKE);
  await show(undefined);
  expect(await stored()).toBeUndefined();
  await expect(warehouse.query(`SELECT 1 FROM ${WAREHOUSE.historyView}`)).rejects.toThrow('does not exist');
});
