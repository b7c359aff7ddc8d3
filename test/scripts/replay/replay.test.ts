/** `npm run replay` on a pipeline that is up: what did not arrive arrives, and nothing twice. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { CopyObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { rejectedLines } from '../../../lambda/transform/rejectedLines';
import type { Rejection } from '../../../lib/event/rejections';
import { localClientSettings } from '../../../local/endpoints';
import { countEvents, type LocalPipeline, startLocalPipeline } from '../../../local/run/pipeline';
import { runReplay } from '../../../scripts/replay/cli';
import { openTarget } from '../../../scripts/target/target';
import { assembly } from '../../support/assembly';
import { captured } from '../../support/captured';
import { tempDirectory } from '../../support/tempDirectory';

const root = tempDirectory('replay');
const directory = path.join(root, 'state');
const ARRIVED = Date.UTC(2026, 2, 1, 12, 30);
const HOUR = 'year=2026/month=03/day=01/hour=12/';
let pipeline: LocalPipeline;
let s3: S3Client;
let problems: string[];

beforeAll(async () => {
  const assemblyDirectory = await assembly('dev');
  problems = [];
  pipeline = await startLocalPipeline({
    assemblyDirectory,
    directory,
    environment: 'dev',
    speedUp: 60,
    onProblem: (problem) => problems.push(problem),
  });
  s3 = new S3Client(localClientSettings(pipeline.endpoints.s3));
});

afterAll(async () => {
  s3?.destroy();
  await pipeline?.abort();
});

const run = (state: string, ...args: string[]) =>
  captured((terminal) =>
    runReplay([...args, '--directory', directory, '--state', path.join(root, state)], terminal),
  );

/** Runs with --json; the report. */
async function replay(state: string, ...args: string[]) {
  const { exitCode, out, err } = await run(state, ...args, '--json');
  if (out === '') throw new Error(err);
  return { exitCode, ...JSON.parse(out) };
}

async function put(key: string, body: string | Buffer): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: pipeline.endpoints.bucketName, Key: key, Body: body }));
}

async function events(): Promise<number> {
  await pipeline.drain();
  return countEvents(pipeline);
}

/** As an erasure leaves an object it rewrote when the warehouse had its rows. */
async function markOneAsLoaded(): Promise<void> {
  const { bucketName: Bucket, clusterIdentifier } = pipeline.endpoints;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'events/' }));
  const Key = String(Contents[0]?.Key);
  await s3.send(
    new CopyObjectCommand({
      Bucket,
      Key,
      CopySource: [Bucket, ...Key.split('/')].map(encodeURIComponent).join('/'),
      MetadataDirective: 'REPLACE',
      Metadata: { 'loaded-into': clusterIdentifier },
    }),
  );
  await pipeline.drain();
}

async function truncate(): Promise<void> {
  const target = await openTarget({ environment: undefined, directory });
  try {
    const dataApi = target.dataApi();
    await dataApi.follow(
      await dataApi.submit(['DELETE FROM landing.events'], 'truncate', 'truncate'),
      Date.now() + 60_000,
    );
  } finally {
    target.close();
  }
}

function errorLine(events: readonly object[], arrivalTimestamp = ARRIVED): string {
  const rawData = gzipSync(events.map((event) => `${JSON.stringify(event)}\n`).join('')).toString('base64');
  return `${JSON.stringify({ attemptsMade: 4, arrivalTimestamp, errorCode: 'Lambda.FunctionError', rawData })}\n`;
}

const event = (more: object = {}) => ({ event_name: 'page_view', site_id: 'shop', ...more });

function rejected(original: string, index: number, reason: Rejection['reason'] = 'not_json'): string[] {
  const origin = { arrivedMillis: ARRIVED, shardId: 'shard-0', sequenceNumber: '1', index };
  const rejection = { reason, detail: '' };
  return rejectedLines({ kind: 'rejected', rejection, original, origin }).map((line) => JSON.stringify(line));
}

describe('npm run replay', () => {
  it('errors: packs that were not transformed arrive; what is no error line is kept aside, and said', async () => {
    const key = (name: string) => `errors/processing-failed/${HOUR}${name}`;
    await put(key('a'), errorLine([event({ event_id: 'one' }), event(), event()]));
    await put(key('b'), `${errorLine([event({ event_id: 'two' })], ARRIVED + 1)}{"cut off\n`);
    await put(`errors/counts-processing-failed/${HOUR}c`, errorLine([{ counts_id: 'x' }]));
    const before = await events();

    expect(await replay('dry.json', 'errors', '--dry-run')).toMatchObject({ isDryRun: true, stamped: 4 });
    expect(await events()).toBe(before);

    const report = await replay('errors.json', 'errors');
    expect(report).toMatchObject({
      exitCode: 1,
      objects: 2,
      lines: 3,
      records: 2,
      corrupt: 1,
      events: 4,
      stamped: 4,
      unchanged: 0,
      objectsSkipped: {},
    });
    expect(readFileSync(path.join(root, 'errors.corrupt'), 'utf8')).toBe(
      `${key('b')}\t2\tit is no JSON object\t{"cut off\n`,
    );
    expect(await events()).toBe(before + 4);
    const [row] = await pipeline.query(
      "SELECT CAST(received_at AS VARCHAR(19)) AS received FROM landing.events WHERE event_id = 'one'",
    );
    expect(row).toEqual({ received: '2026-03-01 12:30:00' });
  });

  it('is refused when it was finished, and again on request adds nothing', async () => {
    const before = await events();
    const refused = await run('errors.json', 'errors');
    expect(refused.exitCode).toBe(1);
    expect(refused.err).toContain('This replay was finished at');
    expect(await replay('errors.json', 'errors', '--again')).toMatchObject({ stamped: 4 });
    expect(await replay('other.json', 'errors', '--from', '2026-03-01T13')).toMatchObject({ objects: 0 });
    expect(await events()).toBe(before);
  });

  it('rejected: originals go back once, their parts joined over objects; what is rejected still stays', async () => {
    const long = JSON.stringify(event({ event_id: 'long', properties: { text: 'x'.repeat(20_000) } }));
    const padded = `${long}${' '.repeat(200_000)}`;
    const [first = '', second = ''] = rejected(padded, 0);
    const good = rejected(JSON.stringify(event()), 1);
    await put(`rejected/${HOUR}a.gz`, gzipSync(`${second}\n${good}\n${good}\n`));
    await put(`rejected/${HOUR}b.gz`, gzipSync(`${first}\n${rejected('nonsense', 2)}\n`));
    await put(
      `rejected/${HOUR}c.gz`,
      gzipSync(`${rejected(JSON.stringify(event()), 3, 'missing_site_id')}\n`),
    );
    const before = await events();
    expect(await replay('rejected.json', 'rejected', '--reason', 'not_json')).toMatchObject({
      exitCode: 1,
      lines: 6,
      records: 3,
      parts: 1,
      duplicate: 1,
      otherReason: 1,
      events: 3,
      stamped: 2,
      skipped: { still_rejected_not_json: 1 },
    });
    expect(await events()).toBe(before + 2);
  });

  it('lake: what was deleted from the warehouse comes back, each event once', async () => {
    const before = await events();
    await markOneAsLoaded();
    await truncate();
    expect(await countEvents(pipeline)).toBe(0);
    const report = await replay('lake.json', 'lake');
    expect(report.exitCode).toBe(0);
    expect(report.objects).toBeGreaterThan(0);
    expect(report.unmarked).toBe(1);
    expect(await events()).toBe(before);
    expect(await replay('lake.json', 'lake', '--again')).toMatchObject({ objects: report.objects });
    expect(await events()).toBe(before);
  });

  it('logs: files of an archive, under the names npm run send gives them', async () => {
    const archive = path.join(root, 'archive');
    mkdirSync(path.join(archive, 'old'), { recursive: true });
    const lines = (count: number) => `${JSON.stringify(event())}\n`.repeat(count);
    writeFileSync(path.join(archive, 'day1.ndjson'), lines(2));
    writeFileSync(path.join(archive, 'old', 'day2.ndjson.gz'), gzipSync(lines(3)));
    const before = await events();
    expect(await replay('logs.json', 'logs', archive)).toMatchObject({ exitCode: 0, files: 2, sent: 5 });
    expect(await events()).toBe(before + 5);
    await pipeline.send({ inputs: [path.join(archive, 'day1.ndjson')] });
    await put('archive/day2.ndjson.gz', gzipSync(lines(3)));
    const stored = `s3://${pipeline.endpoints.bucketName}/archive/`;
    expect(await replay('stored.json', 'logs', stored)).toMatchObject({ exitCode: 0, files: 1, sent: 3 });
    expect(await events()).toBe(before + 5);

    writeFileSync(path.join(archive, 'old', 'day1.ndjson'), lines(1));
    const refused = await run('twice.json', 'logs', archive);
    expect(refused).toMatchObject({ exitCode: 2, err: expect.stringContaining('--source-names path') });
    expect(problems).toEqual([]);
  });

  it.each([
    [['errors', '--from', 'yesterday']],
    [['errors', '--rate', 'fast']],
    [['rejected', '--reason', 'nosuch']],
    [['lake', '--from', '2026-03-02', '--to', '2026-03-01']],
    [['logs']],
    [['everything']],
  ])('says that %j is wrong usage', async (args) => {
    const { exitCode, err } = await run('usage.json', ...args);
    expect(exitCode).toBe(2);
    expect(err).not.toBe('');
  });
});
