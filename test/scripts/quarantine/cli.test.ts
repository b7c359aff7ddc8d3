/** `npm run quarantine` on the loopback servers of a local run: S3 with notifications, and the warehouse. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { moveToQuarantine } from '../../../lambda/loader/quarantine';
import { systemClock } from '../../../lambda/shared/dataApi';
import { QUARANTINE_PREFIX } from '../../../lib/contract/lakeLayout';
import { WAREHOUSE } from '../../../lib/contract/names';
import { endpointsFile, localClientSettings } from '../../../local/endpoints';
import { type RedshiftDataServer, startRedshiftDataServer } from '../../../local/redshift/dataApi/server';
import { type S3Server, startS3Server } from '../../../local/s3/server';
import { runQuarantine } from '../../../scripts/quarantine/cli';
import { openTarget, type Target } from '../../../scripts/target/target';
import { captured } from '../../support/captured';
import { MIGRATIONS } from '../../support/schemaSteps';
import { tempDirectory } from '../../support/tempDirectory';

const directory = tempDirectory('quarantine');
const BUCKET = 'lake';
let s3Server: S3Server;
let redshift: RedshiftDataServer;
let target: Target;
let s3: S3Client;

beforeAll(async () => {
  s3Server = await startS3Server({ directory: path.join(directory, 's3') });
  s3Server.buckets.create(BUCKET, []);
  redshift = await startRedshiftDataServer({
    databaseFile: path.join(directory, 'warehouse.duckdb'),
    clusterIdentifier: 'cluster',
    databaseName: WAREHOUSE.database,
    resolveS3: () => undefined,
  });
  const table = MIGRATIONS.flatMap(({ statements }) => statements).filter((sql) =>
    new RegExp(`(CREATE|ALTER) TABLE ${WAREHOUSE.quarantinedObjectsTable}\\b`).test(sql),
  );
  await redshift.warehouse.run([
    'CREATE SCHEMA ops',
    'CREATE TABLE ops.load_lock (note VARCHAR(1))',
    ...table,
  ]);
  const endpoints = {
    pid: process.pid,
    kinesis: 'http://127.0.0.1:9',
    firehose: 'http://127.0.0.1:9',
    sqs: 'http://127.0.0.1:9',
    s3: s3Server.url,
    redshiftData: redshift.url,
    streamName: 'stream',
    bucketName: BUCKET,
    objectQueueUrl: 'http://127.0.0.1:9/queue',
    clusterIdentifier: 'cluster',
    databaseName: WAREHOUSE.database,
    adminSecretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:admin',
  };
  writeFileSync(endpointsFile(directory), JSON.stringify(endpoints));
  target = await openTarget({ environment: undefined, directory });
  s3 = new S3Client(localClientSettings(s3Server.url));
});

afterAll(async () => {
  target.close();
  s3.destroy();
  await s3Server.close();
  await redshift.close();
});

const run = (...args: string[]) =>
  captured((terminal) => runQuarantine([...args, '--directory', directory], terminal));

async function put(Key: string, Body: string): Promise<string> {
  const { ETag = '' } = await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
  return ETag;
}

async function read(Key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    return await Body?.transformToString();
  } catch {
    return undefined;
  }
}

/** What the loader does with a broken object. */
async function quarantine(key: string, body = 'broken', rows: number | 'unknown' = 3): Promise<void> {
  const eTag = await put(key, body);
  const tools = { s3, dataApi: target.dataApi(), clock: systemClock, bucketName: BUCKET };
  const known = rows === 'unknown' ? undefined : rows;
  const object = {
    key,
    eTag,
    bytes: body.length,
    rows: known,
    reason: 'value_too_long',
    detail: 'The length …',
  };
  const [fate] = await moveToQuarantine(tools, [object], Date.now() + 60_000);
  expect(fate?.fate).toBe('moved');
}

const copyOf = (key: string) => `${QUARANTINE_PREFIX}${key}`;

async function keysListed(): Promise<string[]> {
  const { out } = await run('list', '--json');
  return JSON.parse(out).map(({ key }: { key: string }) => key);
}

describe('npm run quarantine', () => {
  test('list says that nothing is there, or what is, for people and machines', async () => {
    expect(await run('list')).toMatchObject({ exitCode: 0, out: 'The quarantine is empty.\n' });
    await quarantine('events/a.parquet');
    await quarantine('events/b.parquet', 'text', 'unknown');
    const { out, err } = await run('list');
    expect(out).toMatch(/value_too_long .* 6 .* 3 .* events\/a\.parquet/);
    expect(out).toMatch(/value_too_long .* 4 .* \? .* events\/b\.parquet/);
    expect(err).toContain('1 object with 3 rows, and 1 object whose rows nobody can count');
    expect(JSON.parse((await run('list', '--json')).out)).toMatchObject([
      { key: 'events/a.parquet', quarantineKey: copyOf('events/a.parquet'), bytes: 6, rows: 3 },
      { key: 'events/b.parquet', reason: 'value_too_long', bytes: 4 },
    ]);
  });

  test('show gives the words of the error', async () => {
    const { out } = await run('show', copyOf('events/a.parquet'));
    expect(out).toMatch(/^detail\s+The length …$/m);
    expect(out).toMatch(/^state\s+in quarantine$/m);
    expect(await run('show', 'events/never.parquet')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('events/never.parquet has never been in quarantine'),
    });
  });

  test('retry puts an object back under its key, and tells the ledger', async () => {
    const dry = await run('retry', '--all', '--dry-run');
    expect(dry).toMatchObject({ exitCode: 0, err: expect.stringContaining('Nothing was done') });
    expect(await read('events/a.parquet')).toBeUndefined();
    expect(await run('retry', 'events/a.parquet')).toMatchObject({
      exitCode: 0,
      out: 'retried  events/a.parquet: the next load takes it\n',
    });
    expect(await read('events/a.parquet')).toBe('broken');
    expect(await read(copyOf('events/a.parquet'))).toBeUndefined();
    expect(await keysListed()).toEqual(['events/b.parquet']);
    expect((await run('show', 'events/a.parquet')).out).toMatch(/^state\s+retried at 20/m);
  });

  test('what is broken again after a retry is in quarantine again, once', async () => {
    await quarantine('events/a.parquet');
    expect(await keysListed()).toEqual(['events/b.parquet', 'events/a.parquet']);
    expect(JSON.parse((await run('show', 'events/a.parquet', '--json')).out)).toHaveLength(2);
  });

  test('another broken object under the same key has a stay of its own; the former is told as replaced', async () => {
    await quarantine('events/replaced.parquet', 'first', 7);
    await quarantine('events/replaced.parquet', 'second', 8);
    await quarantine('events/replaced.parquet', 'second', 8);
    const stays = JSON.parse((await run('show', 'events/replaced.parquet', '--json')).out);
    expect(stays).toMatchObject([
      { rows: 7, bytes: 5, release: 'replaced' },
      { rows: 8, bytes: 6 },
    ]);
    expect(stays[1]).not.toHaveProperty('release');
    expect(await read(copyOf('events/replaced.parquet'))).toBe('second');
    expect(await run('drop', 'events/replaced.parquet', '--yes')).toMatchObject({ exitCode: 0 });
  });

  test('retry does not overwrite what somebody has put in its place', async () => {
    await put('events/b.parquet', 'better');
    expect(await run('retry', 'events/b.parquet')).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('the lake has another object under this key'),
    });
    expect(await read('events/b.parquet')).toBe('better');
    expect(await read(copyOf('events/b.parquet'))).toBe('text');
  });

  test('drop says what is lost, and does it when told so', async () => {
    expect(await run('drop', 'events/b.parquet')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('1 object whose rows nobody can count would be lost'),
    });
    expect(await read(copyOf('events/b.parquet'))).toBe('text');
    expect(await run('drop', 'events/b.parquet', '--yes')).toMatchObject({ exitCode: 0 });
    expect(await read(copyOf('events/b.parquet'))).toBeUndefined();
    expect(await read('events/b.parquet')).toBe('better');
    expect(await keysListed()).toEqual(['events/a.parquet']);
  });

  test('retry that was cut off after the copy is finished by the next', async () => {
    const copy = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: copyOf('events/a.parquet') }));
    await s3.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: 'events/a.parquet',
        Body: 'broken',
        Metadata: { 'quarantine-etag': copy.ETag?.replaceAll('"', '') ?? '' },
      }),
    );
    expect(await run('retry', '--all')).toMatchObject({ exitCode: 0 });
    expect(await read(copyOf('events/a.parquet'))).toBeUndefined();
    expect(await keysListed()).toEqual([]);
  });

  test('an open row whose object is nowhere can be dropped, and not retried', async () => {
    await quarantine('events/c.parquet');
    s3Server.buckets.delete(BUCKET, copyOf('events/c.parquet'));
    expect(await run('retry', '--all', '--json')).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('neither in quarantine nor in the lake'),
    });
    expect((await run('drop', 'events/c.parquet', '--yes')).out).toContain('was gone already');
    expect(await keysListed()).toEqual([]);
  });

  test.each([
    ['no command', []],
    ['an unknown command', ['eject']],
    ['retry of nothing', ['retry']],
    ['retry of keys and all', ['retry', 'events/a.parquet', '--all']],
    ['drop of nothing', ['drop', '--yes']],
    ['an unknown option', ['list', '--colour']],
  ])('%s is wrong usage', async (_, args) => {
    expect((await run(...args)).exitCode).toBe(2);
  });

  test('a key that is not in quarantine is named, and nothing is done', async () => {
    expect(await run('retry', 'events/x.parquet', 'events/y.parquet')).toMatchObject({
      exitCode: 1,
      out: '',
      err: expect.stringContaining('Not in quarantine: events/x.parquet, events/y.parquet'),
    });
  });

  test('--help shows examples', async () => {
    expect(await run('--help')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('npm run quarantine -- retry --all --dry-run'),
    });
  });
});
