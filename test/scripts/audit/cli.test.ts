/** `npm run audit` on the loopback servers of a local run: S3, SQS and the warehouse. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PurgeQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { readNotification } from '../../../lambda/loader/notifications';
import { COUNTS_PREFIX, EVENTS_PREFIX, hourPartition } from '../../../lib/contract/lakeLayout';
import { WAREHOUSE } from '../../../lib/contract/names';
import { DAY_MILLIS, MINUTE_MILLIS } from '../../../lib/contract/units';
import { endpointsFile, localClientSettings } from '../../../local/endpoints';
import { type RedshiftDataServer, startRedshiftDataServer } from '../../../local/redshift/dataApi/server';
import { type S3Server, startS3Server } from '../../../local/s3/server';
import { type SqsServer, startSqsServer } from '../../../local/sqs/server';
import { runAudit } from '../../../scripts/audit/cli';
import { captured } from '../../support/captured';
import { eventParquet, eventRow } from '../../support/eventParquet';
import { schemaSteps } from '../../support/schemaSteps';
import { tempDirectory } from '../../support/tempDirectory';

const directory = tempDirectory('audit');
const BUCKET = 'lake';
const HOUR = '2026-03-01T12';
const KEY = `${EVENTS_PREFIX}${hourPartition(Date.parse(`${HOUR}:00:00Z`))}a.parquet`;
let s3Server: S3Server;
let sqsServer: SqsServer;
let redshift: RedshiftDataServer;
let s3: S3Client;
let sqs: SQSClient;
/** Tells of a local run that is up. */
let writeEndpoints: (speedUp: number) => void;

beforeAll(async () => {
  s3Server = await startS3Server({ directory: path.join(directory, 's3') });
  s3Server.buckets.create(BUCKET, []);
  sqsServer = await startSqsServer({ directory: path.join(directory, 'sqs') });
  sqsServer.queues.create({
    name: 'objects',
    visibilityTimeoutSeconds: 30,
    retentionSeconds: 3_600,
  });
  redshift = await startRedshiftDataServer({
    databaseFile: path.join(directory, 'warehouse.duckdb'),
    clusterIdentifier: 'cluster',
    databaseName: WAREHOUSE.database,
    resolveS3: () => undefined,
  });
  for (const statements of schemaSteps()) await redshift.warehouse.run(statements);
  const nowhere = 'http://127.0.0.1:9';
  const endpoints = {
    pid: process.pid,
    kinesis: nowhere,
    firehose: nowhere,
    glue: nowhere,
    sqs: sqsServer.url,
    s3: s3Server.url,
    redshiftData: redshift.url,
    streamName: 'stream',
    bucketName: BUCKET,
    lakeDatabaseName: 'lake',
    objectQueueUrl: sqsServer.queueUrl('objects'),
    clusterIdentifier: 'cluster',
    databaseName: WAREHOUSE.database,
    adminSecretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:admin',
  };
  writeEndpoints = (speedUp) =>
    writeFileSync(endpointsFile(directory), JSON.stringify({ ...endpoints, speedUp }));
  writeEndpoints(60);
  sqs = new SQSClient(localClientSettings(sqsServer.url));
  s3 = new S3Client({ ...localClientSettings(s3Server.url), forcePathStyle: true });
  await put(KEY, await eventParquet(Array.from({ length: 5 }, (_, index) => row(`e-${index}`))));
  const counts = {
    counts_id: '1',
    records: 1,
    rows: { 2026030112: { shop: 5 } },
    rejected: {},
    put_back: {},
  };
  await put(KEY.replace(EVENTS_PREFIX, COUNTS_PREFIX), gzipSync(`${JSON.stringify(counts)}\n`));
});

afterAll(async () => {
  s3.destroy();
  sqs.destroy();
  await redshift.close();
  await sqsServer.close();
  await s3Server.close();
});

const row = (id: string) => eventRow(id, '2026-03-01 12:30:00.000');

const put = (Key: string, Body: Buffer) => s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));

/** Runs the command as if the objects had been stored so long ago. */
const runAfter = (millis: number, ...args: string[]) =>
  captured((terminal) =>
    runAudit(['--directory', directory, ...args], { ...terminal, now: () => Date.now() + millis }),
  );
const run = (...args: string[]) => runAfter(DAY_MILLIS, ...args);

const range = ['--from', HOUR, '--to', '2026-03-01T13'];

describe('npm run audit', () => {
  it('finds rows that wait, and changes nothing unless it is told to', async () => {
    const { exitCode, out } = await run(...range);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/2026-03-01T12 +5 +0 +0 +0 +0 +5 +0 +0\n/);
    expect(out).toContain(`${KEY}: lost: --requeue has it loaded`);
    expect(out).toContain('ERROR: 1 object will not be loaded unless told of again: --requeue.');
    expect(sqsServer.queues.get('objects').counts().visible).toBe(0);
    expect((await redshift.warehouse.query('SELECT * FROM ops.audits')).rows).toEqual([]);
  });

  it('takes an object for lost as many times sooner as the local run is faster', async () => {
    const lost = `${KEY}: lost`;
    // dev: two intervals of 15 minutes between loads, and the 15 a load may take.
    expect((await runAfter(2 * MINUTE_MILLIS, ...range)).out).toContain(lost);
    writeEndpoints(1);
    expect(await runAfter(44 * MINUTE_MILLIS, ...range)).toMatchObject({
      exitCode: 0,
      out: expect.not.stringContaining(lost),
    });
    expect((await runAfter(46 * MINUTE_MILLIS, ...range)).out).toContain(lost);
    writeEndpoints(60);
  });

  it('shows what is no event object, and takes it neither for lost nor for waiting', async () => {
    const foreign = `${KEY}.txt`;
    await put(foreign, Buffer.from('notes'));
    const { out } = await run(...range, '--requeue');
    expect(out).toContain(`${foreign}: is no event object (*.parquet); nobody loads it`);
    expect(JSON.parse((await run(...range, '--json')).out)).toMatchObject({ foreign: [{ key: foreign }] });
    expect(out).not.toContain(`${foreign}: put on the queue again`);
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: sqsServer.queueUrl('objects'),
        VisibilityTimeout: 0,
        MaxNumberOfMessages: 10,
      }),
    );
    expect(Messages.map(({ Body = '' }) => readNotification(Body, BUCKET))).toEqual([
      { fate: 'objects', keys: [KEY] },
    ]);
    await sqs.send(new PurgeQueueCommand({ QueueUrl: sqsServer.queueUrl('objects') }));
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: foreign }));
  });

  it('tells the loader of an object nobody has told it of, and writes down what it found', async () => {
    const { exitCode, out } = await run(...range, '--requeue', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      summary: { accepted: 5, notLoaded: 5, difference: 0, objectsRequeued: 1 },
      rows: [{ hour: HOUR, siteId: 'shop', notLoaded: 5 }],
      lost: [{ key: KEY }],
    });
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: sqsServer.queueUrl('objects') }),
    );
    expect(Messages.map(({ Body = '' }) => readNotification(Body, BUCKET))).toEqual([
      { fate: 'objects', keys: [KEY] },
    ]);
    const { rows } = await redshift.warehouse.query(
      'SELECT site_id, accepted, not_loaded FROM analysis.completeness',
    );
    expect(rows?.map((values) => values.map(String))).toEqual([['shop', '5', '5']]);
  });

  it('fails when an object is gone before it was loaded', async () => {
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: KEY }));
    const { exitCode, out } = await run('--all', '--by', 'site');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/2026-03-01T12 +shop +5 +NOT EXPLAINED/);
    expect(out).toContain('ERROR: 5 accepted rows are missing and nothing says why.');
  });

  it.each([
    [['--from', 'yesterday'], /"yesterday" is no hour; it must be like 2026-11-22T21/],
    [['--from', '2026-03-01T13', '--to', '2026-03-01T13'], /must be before/],
    [['--all', ...range], /cannot be used with/],
    [['--by', 'moon'], /Allowed choices are hour, site/],
  ])('refuses %j', async (args, message) => {
    const { exitCode, err } = await run(...args);
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
  });

  it('says so when nothing happened', async () => {
    const { exitCode, out } = await run('--from', '2020-01-01T00', '--to', '2020-01-01T01');
    expect(exitCode).toBe(0);
    expect(out).toBe('Nothing was accepted, rejected or loaded in these hours.\n');
  });

  it('says what to do when no local run is up', async () => {
    const { exitCode, err } = await run('--directory', path.join(directory, 'none'));
    expect(exitCode).toBe(1);
    expect(err).toContain('npm start -- --keep');
  });
});
