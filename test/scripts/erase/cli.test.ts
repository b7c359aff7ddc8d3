import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { endpointsFile } from '../../../local/endpoints';
import { runErase } from '../../../scripts/erase/cli';
import { captured } from '../../support/captured';
import { type ErasureLake, ErasureStage } from '../../support/erasure';
import { eventParquet, eventRow } from '../../support/eventParquet';
import { tempDirectory } from '../../support/tempDirectory';

const directory = tempDirectory('erase-cli');
const KEY = 'events/year=2026/month=03/day=01/hour=01/a.parquet';

const run = (...args: string[]) =>
  captured((terminal) => runErase([...args, '--directory', directory], terminal));

describe('npm run erase', () => {
  it.each([
    [[], 'Name whom to erase'],
    [['--visitor', ''], 'Name whom to erase'],
    [['--visitor', 'a', '--user', 'b'], 'cannot be used with'],
    [['--visitor', 'a', '--with-visitors'], '--with-visitors goes with --user'],
    [['--visitor', 'a', '--receipt', 'x'], '--receipt goes with --execute'],
    [['--visitor', 'a', '--from', 'yesterday'], 'must be a day or an hour'],
    [['--visitor', 'a', '--from', '2026-02-30'], 'must be a day or an hour'],
    [['--visitor', 'a', '--from', '2026-03-02', '--to', '2026-03-01'], '--from must be before --to'],
    [['--visitor', 'a', '--execute', '--verify'], 'cannot be used with'],
  ])('refuses %j', async (args, message) => {
    const { exitCode, err } = await run(...args);
    expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining(message) });
  });

  it('says how to have a pipeline when none is up', async () => {
    expect(await run('--visitor', 'a')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('npm start -- --keep'),
    });
  });

  it('tells what --help knows, with examples', async () => {
    const { exitCode, out } = await run('--help');
    expect([exitCode, out]).toEqual([
      0,
      expect.stringContaining('npm run erase -- --visitor 9f2c41 --execute'),
    ]);
  });
});

describe('npm run erase, on a run that is up', () => {
  let stage: ErasureStage;
  let lake: ErasureLake;

  beforeAll(async () => {
    stage = await ErasureStage.start(directory);
    lake = stage.newLake(true);
    const time = '2026-03-01 01:10:00.000';
    await lake.put(
      KEY,
      await eventParquet([
        eventRow('1', time, { visitor_id: 'anna' }),
        eventRow('2', time, { visitor_id: 'bert' }),
      ]),
    );
    const { lakeServer, warehouseServer } = stage;
    const endpoints = {
      pid: process.pid,
      kinesis: 'http://127.0.0.1:1',
      sqs: 'http://127.0.0.1:1',
      glue: 'http://127.0.0.1:1',
      s3: lakeServer.url,
      redshiftData: warehouseServer.url,
      bucketName: lake.bucketName,
      clusterIdentifier: 'the-cluster',
      databaseName: 'clickstream',
      copyRoleArn: 'arn:aws:iam::000000000000:role/copy',
      adminSecretArn: 'arn:aws:secretsmanager:admin',
    };
    writeFileSync(endpointsFile(directory), JSON.stringify(endpoints));
  });
  afterAll(() => stage.close());

  it('looks, fails to verify, erases, verifies, and leaves the receipt where it was asked to', async () => {
    const dry = await run('--visitor', 'anna');
    expect([dry.exitCode, dry.out]).toEqual([0, expect.stringContaining(`${KEY}: 1 event`)]);
    expect(dry.out).toContain('Dry run on the local run: nothing was changed');
    expect((await run('--visitor', 'anna', '--verify')).exitCode).toBe(1);
    const file = path.join(directory, 'receipt.json');
    const done = await run('--visitor', 'anna', '--execute', '--json', '--receipt', file);
    expect(done.exitCode).toBe(0);
    const receipt = JSON.parse(readFileSync(file, 'utf8'));
    expect(JSON.parse(done.out)).toEqual(receipt);
    expect(receipt).toMatchObject({
      environment: 'dev',
      totals: { objectsRewritten: 1, versionsDeleted: 1 },
    });
    expect(await lake.eventIds(KEY)).toEqual(['2']);
    expect((await run('--visitor', 'anna', '--verify')).exitCode).toBe(0);
    const again = await run('--visitor', 'anna', '--execute');
    expect(again.out).toContain('0 objects rewritten, 0 old versions deleted, 0 events erased from them');
  });
});
