/** `npm run partitions` against the local S3 and catalog. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { endpointsFile, localClientSettings } from '../../../local/endpoints';
import { DataCatalog } from '../../../local/glue/catalog';
import { startGlueServer } from '../../../local/glue/server';
import type { LoopbackServer } from '../../../local/http/loopbackServer';
import { type S3Server, startS3Server } from '../../../local/s3/server';
import { runPartitions } from '../../../scripts/partitions/cli';
import { isInRange } from '../../../scripts/partitions/listPartitions';
import { captured } from '../../support/captured';
import { tempDirectory } from '../../support/tempDirectory';

const TABLE = {
  databaseName: 'clicks',
  name: 'events',
  columns: [{ name: 'event_id', type: 'string' }],
  partitionKeys: ['year', 'month', 'day', 'hour'],
  location: 's3://lake/events/',
};
const partition = (text: string) => {
  const [year, month, day, hour] = text.split('-');
  return `events/year=${year}/month=${month}/day=${day}/hour=${hour}/`;
};
const HOURS = ['2025-12-31-23', '2026-11-21-23', '2026-11-22-00', '2026-11-22-07'];

const directory = tempDirectory('partitions-command');
let s3Server: S3Server;
let catalog: DataCatalog;
let glueServer: LoopbackServer;

beforeAll(async () => {
  s3Server = await startS3Server({ directory: path.join(directory, 's3') });
  s3Server.buckets.create('lake', []);
  catalog = new DataCatalog(path.join(directory, 'glue'), [TABLE]);
  glueServer = await startGlueServer({ catalog });
  const s3 = new S3Client(localClientSettings(s3Server.url));
  for (const Key of [...HOURS.map((hour) => `${partition(hour)}a.parquet`), 'events/README', 'manifests/x']) {
    await s3.send(new PutObjectCommand({ Bucket: 'lake', Key, Body: 'x' }));
  }
  s3.destroy();
  const urls = { kinesis: '', firehose: '', s3: s3Server.url, sqs: s3Server.url, redshiftData: s3Server.url };
  const names = { streamName: '', bucketName: 'lake', lakeDatabaseName: 'clicks', objectQueueUrl: '' };
  const warehouse = { clusterIdentifier: '', databaseName: '', adminSecretArn: '' };
  writeFileSync(
    endpointsFile(directory),
    JSON.stringify({
      pid: process.pid,
      ...urls,
      kinesis: s3Server.url,
      glue: glueServer.url,
      ...names,
      ...warehouse,
    }),
  );
});

afterAll(async () => {
  await glueServer.close();
  catalog.close();
  await s3Server.close();
});

const run = (...args: string[]) =>
  captured((terminal) => runPartitions([...args, '--directory', directory], terminal));

const registered = () =>
  [...catalog.table('clicks', 'events').partitions.values()].map(({ values }) => values.join('-'));

it('finds, with --dry-run, and registers nothing', async () => {
  const { exitCode, out } = await run('--dry-run', '--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toEqual({ isDryRun: true, prefixes: HOURS.map(partition) });
  expect(registered()).toEqual([]);
});

it('registers the hours of a range, both ends included, and then all others', async () => {
  await run('--from', '2026-11-21T23', '--to', '2026-11-22T00');
  expect(registered()).toEqual(['2026-11-21-23', '2026-11-22-00']);
  const { out } = await run();
  expect(out).toBe('4 partitions registered of the local run\n');
  expect(registered().toSorted()).toEqual(HOURS);
});

it('refuses a range it does not understand, and says what one looks like', async () => {
  const { exitCode, err } = await run('--from', 'yesterday');
  expect(exitCode).toBe(2);
  expect(err).toContain('--from is "yesterday", it must be a month, day or hour such as 2026-10');
});

it('never leaves out a prefix that holds an hour of the range', () => {
  const hour = fc.stringMatching(/^[0-9]{10}$/);
  fc.assert(
    fc.property(hour, hour, hour, fc.constantFrom(4, 6, 8, 10), (at, from, to, length) => {
      const isInside = at >= from && at <= to;
      if (isInside) expect(isInRange(at.slice(0, length), { from, to })).toBe(true);
      if (length === 10) expect(isInRange(at, { from, to })).toBe(isInside);
    }),
  );
});
