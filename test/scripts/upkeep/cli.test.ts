/** `npm run upkeep` against a local warehouse with the whole schema. */

import { writeFileSync } from 'node:fs';
import { DAY_MILLIS } from '../../../lib/contract/units';
import { endpointsFile } from '../../../local/endpoints';
import { runUpkeep } from '../../../scripts/upkeep/cli';
import { captured } from '../../support/captured';
import { LoadedWarehouse } from '../../support/loadedWarehouse';
import { tempDirectory } from '../../support/tempDirectory';

const directory = tempDirectory('upkeep-command');
let warehouse: LoadedWarehouse;

beforeAll(async () => {
  warehouse = await LoadedWarehouse.start();
  const nowhere = 'http://127.0.0.1:9';
  const others = { kinesis: nowhere, firehose: nowhere, s3: nowhere, sqs: nowhere, glue: nowhere };
  const names = {
    streamName: '',
    bucketName: 'lake',
    lakeDatabaseName: '',
    objectQueueUrl: '',
    copyRoleArn: '',
  };
  writeFileSync(
    endpointsFile(directory),
    JSON.stringify({ pid: process.pid, ...others, ...names, ...warehouse.endpoints }),
  );
});
afterAll(() => warehouse.close());

/** Runs the command as if so many days had passed since the schema was deployed. */
const run = (days: number, ...args: string[]) =>
  captured((terminal) =>
    runUpkeep([...args, '--directory', directory], terminal, Date.now() + days * DAY_MILLIS),
  );

const slices = async () => Number((await warehouse.rows('SELECT COUNT(*) FROM ops.slices'))[0]?.[0]);

it('refuses a flag it does not know', async () => {
  const { exitCode, err } = await run(0, '--dry');
  expect(exitCode).toBe(2);
  expect(err).toContain("unknown option '--dry'");
});

it('says with --dry-run what is due, and does nothing', async () => {
  const before = await slices();
  const { exitCode, out, err } = await run(1_000, '--dry-run');
  expect(exitCode).toBe(0);
  expect(err).toMatch(/^Upkeep of the local run: events are kept \d+ days\n$/);
  expect(out).toMatch(/^Slices closed: +1$/m);
  expect(out).toMatch(/\nNothing was done\.\n$/);
  expect(await slices()).toBe(before);
});

it('does what is due, and prints it as JSON', async () => {
  const before = await slices();
  const { exitCode, out } = await run(1_000, '--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ slicesClosed: 1, pageViewsDeleted: 0 });
  expect(await slices()).toBe(before + 1);
});
