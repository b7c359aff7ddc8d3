/** The external schema over the lake: made, kept and removed as the deployment says. */
import { lakeSchemaSteps, storedLake, storedLakeQuery } from '../../../lambda/migrate/lakeSchema';
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
  await warehouse.run([
    `CREATE SCHEMA ${WAREHOUSE.analysisSchema}`,
    `CREATE ROLE ${WAREHOUSE.analystRole}`,
    `CREATE GROUP ${WAREHOUSE.analystGroup}`,
  ]);
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

/** Runs the steps, or the first few of them. */
async function show(wanted: typeof LAKE | undefined, stepCount?: number) {
  const steps = lakeSchemaSteps(await stored(), wanted).slice(0, stepCount);
  for (const step of steps) await warehouse.run(step);
  return steps.flat();
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

it('can be read by analysts, once they are in the group', async () => {
  await show(LAKE);
  await warehouse.run([
    'CREATE USER reader PASSWORD DISABLE',
    `GRANT USAGE ON SCHEMA ${WAREHOUSE.analysisSchema} TO ROLE ${WAREHOUSE.analystRole}`,
    `GRANT ROLE ${WAREHOUSE.analystRole} TO reader`,
  ]);
  const read = () => warehouse.query(`SELECT COUNT(*) FROM ${WAREHOUSE.historyView}`, { user: 'reader' });
  await expect(read()).rejects.toThrow('permission denied for schema lake');
  await warehouse.query(`ALTER GROUP ${WAREHOUSE.analystGroup} ADD USER reader`);
  expect((await read()).rows).toEqual([[0]]);
});

it('is made whatever step an earlier attempt was cut off after', async () => {
  const steps = lakeSchemaSteps(undefined, LAKE);
  const other = { ...LAKE, roleArn: 'arn:aws:iam::111122223333:role/other' };
  for (let done = 0; done <= steps.length; done++) {
    await show(other, done);
    await show(LAKE);
    expect(await stored()).toEqual(LAKE);
    await show(undefined, 1);
    await show(undefined);
    expect(await stored()).toBeUndefined();
  }
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
  expect(lakeSchemaSteps(undefined, undefined)).toEqual([]);
  await show(LAKE);
  await show(undefined);
  expect(await stored()).toBeUndefined();
  await expect(warehouse.query(`SELECT 1 FROM ${WAREHOUSE.historyView}`)).rejects.toThrow('does not exist');
});
