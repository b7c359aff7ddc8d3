import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AwsError } from '../../../local/http/awsError';
import type { Fault } from '../../../local/http/faults';
import type { NotificationRule } from '../../../local/s3/notifications';
import { type S3Server, startS3Server } from '../../../local/s3/server';
import { keepVersion } from '../../../local/s3/versioning';
import { clientConfig } from '../../support/conformance';
import { tempDirectory } from '../../support/tempDirectory';

const root = tempDirectory('s3');
const NOON = Date.parse('2026-03-01T12:00:00.500Z');
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:loads';

let directories = 0;
const faults: Fault[] = [];
const messages: { queueArn: string; body: string }[] = [];
let server: S3Server;
let client: S3Client;
let directory: string;

async function start(): Promise<void> {
  server = await startS3Server({
    directory,
    clock: () => NOON,
    faults: { beforeOperation: () => faults.shift() },
    notificationTarget: {
      deliver(queueArn, body) {
        if (!queueArn.endsWith(':loads')) throw new Error(`No queue ${queueArn}`);
        messages.push({ queueArn, body });
      },
    },
  });
  client = new S3Client({ ...clientConfig(server.url), maxAttempts: 2 });
}

async function stop(): Promise<void> {
  client.destroy();
  await server.close();
}

beforeEach(async () => {
  directory = path.join(root, `${directories++}`);
  faults.length = 0;
  messages.length = 0;
  await start();
});
afterEach(stop);

const put = (Key: string, Body: string | Buffer = 'x', Bucket = 'lake') =>
  client.send(new PutObjectCommand({ Bucket, Key, Body }));
const keysOf = async (Bucket = 'lake') =>
  (await client.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key) ?? [];
const get = async (Key: string) =>
  (await client.send(new GetObjectCommand({ Bucket: 'lake', Key }))).Body?.transformToString();

describe('the files of the S3 server', () => {
  beforeEach(() => server.buckets.create('lake'));

  it('are the objects, at bucket and key', async () => {
    await put('events/hour=12/a.parquet', 'bytes');
    const file = path.join(directory, 'lake', 'events/hour=12/a.parquet');
    expect(readFileSync(file, 'utf8')).toBe('bytes');
    expect(server.buckets.pathOf('lake', 'events/hour=12/a.parquet')).toBe(file);
  });

  it('lie nowhere but in the store, whatever the key', async () => {
    for (const key of ['../../outside', '/absolute', 'a/../../b']) await put(key, key);
    for (const key of ['../../outside', '/absolute', 'a/../../b']) {
      expect(await get(key)).toBe(key);
      expect(server.buckets.pathOf('lake', key)?.startsWith(directory + path.sep)).toBe(true);
    }
    expect(readdirSync(path.dirname(root)).includes('outside')).toBe(false);
  });

  it('are gone with their empty directories when the objects are deleted', async () => {
    await put('a/b/c');
    await client.send(new DeleteObjectCommand({ Bucket: 'lake', Key: 'a/b/c' }));
    expect(readdirSync(path.join(directory, 'lake'))).toEqual([]);
  });

  it('hold nothing of an upload that was cut off', async () => {
    const { port } = new URL(server.url);
    await new Promise<void>((resolve) => {
      const upload = request({
        port,
        host: '127.0.0.1',
        method: 'PUT',
        path: '/lake/cut',
        headers: { 'content-length': 1_000_000, authorization: 'AWS4-HMAC-SHA256 test' },
      });
      upload.once('error', () => resolve());
      upload.write(Buffer.alloc(100_000), () => upload.destroy());
      upload.once('close', () => resolve());
    });
    await stop();
    expect(readdirSync(path.join(directory, '.s3', 'staging'))).toEqual([]);
    await start();
    expect(await keysOf()).toEqual([]);
  });

  it('serve readers the version they opened while it is written over', async () => {
    const before = Buffer.alloc(3_000_000, 'a');
    await put('a', before);
    const answer = await client.send(new GetObjectCommand({ Bucket: 'lake', Key: 'a' }));
    await put('a', 'after');
    const read = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
    expect(read.equals(before)).toBe(true);
    expect(await get('a')).toBe('after');
  });
});

describe('an S3 server started again', () => {
  beforeEach(() => server.buckets.create('lake'));

  it('serves what was there, with its metadata', async () => {
    const Metadata = { origin: 'test' };
    for (const Key of ['plain', 'odd//key']) {
      await client.send(
        new PutObjectCommand({ Bucket: 'lake', Key, Body: 'x', ContentType: 'text/x-a', Metadata }),
      );
    }
    await put('deleted');
    await client.send(new DeleteObjectCommand({ Bucket: 'lake', Key: 'deleted' }));
    await stop();
    await start();
    expect(await keysOf()).toEqual(['odd//key', 'plain']);
    for (const Key of ['plain', 'odd//key']) {
      const head = await client.send(new HeadObjectCommand({ Bucket: 'lake', Key }));
      expect(head).toMatchObject({ ContentType: 'text/x-a', Metadata, ContentLength: 1 });
    }
  });

  it('serves, and tells of, a file that a killed server moved into place and did not enter', async () => {
    await put('known');
    await stop();
    mkdirSync(path.join(directory, 'lake', 'events'));
    writeFileSync(path.join(directory, 'lake', 'events', 'new'), '12345');
    await start();
    server.buckets.create('lake', [{ queueArn: QUEUE }]);
    const told = messages.map(({ body }) => JSON.parse(body).Records?.[0]?.s3.object.key);
    expect(told).toEqual([undefined, 'events/new']);
    const head = await client.send(new HeadObjectCommand({ Bucket: 'lake', Key: 'events/new' }));
    // MD5 of 12345.
    expect(head).toMatchObject({ ContentLength: 5, ETag: '"827ccb0eea8a706c4c34a16891f84e7b"' });
  });

  it('serves the versions that were there, and tells of deletions', async () => {
    server.buckets.create('kept', [{ queueArn: QUEUE, events: ['s3:ObjectRemoved:*'] }], true);
    const put = (Body: string) => client.send(new PutObjectCommand({ Bucket: 'kept', Key: 'a', Body }));
    const { VersionId } = await put('first');
    await put('second');
    await client.send(new DeleteObjectCommand({ Bucket: 'kept', Key: 'a' }));
    expect(JSON.parse(messages.at(-1)?.body ?? '').Records[0].eventName).toBe(
      'ObjectRemoved:DeleteMarkerCreated',
    );
    await stop();
    await start();
    const page = await client.send(new ListObjectVersionsCommand({ Bucket: 'kept' }));
    expect([page.Versions?.length, page.DeleteMarkers?.length]).toEqual([2, 1]);
    const answer = await client.send(new GetObjectCommand({ Bucket: 'kept', Key: 'a', VersionId }));
    expect(await answer.Body?.transformToString()).toBe('first');
  });

  it('has no second copy of a version that a killed server had kept and not yet written over', async () => {
    server.buckets.create('kept', [], true);
    const { store } = server.buckets;
    await server.buckets.put({ bucket: 'kept', key: 'a', body: Buffer.from('x') });
    keepVersion(store, 'kept', 'a');
    expect(store.versions('kept').of('a')).toHaveLength(1);
    await stop();
    await start();
    expect(server.buckets.store.versions('kept').of('a')).toEqual([]);
    expect(server.buckets.pathOf('kept', 'a')).toBeDefined();
  });

  it('does not serve a file that was written over or removed behind its back as it was', async () => {
    await put('changed', 'before');
    await put('removed');
    await stop();
    writeFileSync(path.join(directory, 'lake', 'changed'), 'after!!');
    rmSync(path.join(directory, 'lake', 'removed'));
    await start();
    expect(await keysOf()).toEqual(['changed']);
    const head = await client.send(new HeadObjectCommand({ Bucket: 'lake', Key: 'changed' }));
    expect(head.ContentLength).toBe(7);
    expect(await get('changed')).toBe('after!!');
  });
});

describe('objects put in-process', () => {
  beforeEach(() => server.buckets.create('lake', [{ queueArn: QUEUE }]));

  it('are moved from a file, served and told of like any other', async () => {
    const file = path.join(directory, 'made-elsewhere');
    writeFileSync(file, '12345');
    const object = await server.buckets.put({
      bucket: 'lake',
      key: 'a',
      body: { file },
      contentType: 'text/x-a',
    });
    expect(object.eTag).toBe('827ccb0eea8a706c4c34a16891f84e7b');
    expect(existsSync(file)).toBe(false);
    expect(await get('a')).toBe('12345');
    expect(messages).toHaveLength(2);
  });

  it('are refused for a bucket that is not there', async () => {
    const body = Buffer.from('x');
    await expect(server.buckets.put({ bucket: 'nope', key: 'a', body })).rejects.toMatchObject({
      code: 'NoSuchBucket',
    });
  });
});

describe('event notifications', () => {
  const events = () =>
    messages
      .map(({ body }) => JSON.parse(body))
      .flatMap((message) => message.Records ?? [])
      .map((record) => [record.eventName, record.s3.object.key]);

  it('begin with a test event for each queue', () => {
    const rules: NotificationRule[] = [
      { queueArn: QUEUE, prefix: 'events/' },
      { queueArn: QUEUE, prefix: 'rejected/' },
    ];
    server.buckets.create('lake', rules);
    expect(messages.map(({ body }) => JSON.parse(body))).toEqual([
      expect.objectContaining({
        Service: 'Amazon S3',
        Event: 's3:TestEvent',
        Time: '2026-03-01T12:00:00.500Z',
        Bucket: 'lake',
      }),
    ]);
  });

  it('tell of objects under the prefix with the suffix, and of no others', async () => {
    server.buckets.create('lake', [{ queueArn: QUEUE, prefix: 'events/', suffix: '.parquet' }]);
    for (const key of ['events/a.parquet', 'events/a.json', 'errors/a.parquet']) await put(key);
    const copy = { Bucket: 'lake', Key: 'events/b.parquet', CopySource: 'lake/events/a.parquet' };
    await client.send(new CopyObjectCommand(copy));
    await client.send(new DeleteObjectCommand({ Bucket: 'lake', Key: 'events/a.parquet' }));
    expect(events()).toEqual([
      ['ObjectCreated:Put', 'events/a.parquet'],
      ['ObjectCreated:Copy', 'events/b.parquet'],
    ]);
  });

  it('tell of deleted objects when asked to', async () => {
    server.buckets.create('lake', [{ queueArn: QUEUE, events: ['s3:ObjectRemoved:*'] }]);
    await put('a');
    await client.send(new DeleteObjectCommand({ Bucket: 'lake', Key: 'a' }));
    await client.send(new DeleteObjectCommand({ Bucket: 'lake', Key: 'a' }));
    expect(events()).toEqual([['ObjectRemoved:Delete', 'a']]);
  });

  it('have S3’s own form', async () => {
    server.buckets.create('lake', [{ queueArn: QUEUE }]);
    await put('events/year=2026/a b.parquet', '12345');
    await put('second');
    const [first, second] = messages.slice(1).map(({ body }) => JSON.parse(body).Records[0]);
    expect(first).toMatchObject({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'us-east-1',
      eventTime: '2026-03-01T12:00:00.500Z',
      eventName: 'ObjectCreated:Put',
      s3: {
        s3SchemaVersion: '1.0',
        bucket: { name: 'lake', arn: 'arn:aws:s3:::lake' },
        object: {
          key: 'events/year%3D2026/a+b.parquet',
          size: 5,
          eTag: '827ccb0eea8a706c4c34a16891f84e7b',
          sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
        },
      },
    });
    expect(second.s3.object.sequencer > first.s3.object.sequencer).toBe(true);
  });

  it.each([
    ['an event that is not served', [{ queueArn: QUEUE, events: ['s3:Replication:*'] }], 's3:Replication:*'],
    [
      'rules that overlap',
      [
        { queueArn: QUEUE, prefix: 'a/' },
        { queueArn: QUEUE, prefix: 'a/b/', suffix: '.x' },
      ],
      'ambiguously defined',
    ],
    ['a queue that does not exist', [{ queueArn: 'arn:aws:sqs:us-east-1:000000000000:nope' }], 'No queue'],
  ])('are refused for %s', (_title, rules, message) => {
    expect(() => server.buckets.create('lake', rules)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
  });
});

describe('the S3 server', () => {
  beforeEach(() => server.buckets.create('lake'));

  it('says which operations and headers it does not serve', async () => {
    await put('a');
    const tagging = new GetObjectTaggingCommand({ Bucket: 'lake', Key: 'a' });
    await expect(client.send(tagging)).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('GET /lake/a?tagging'),
    });
    const tagged = new PutObjectCommand({ Bucket: 'lake', Key: 'a', Body: 'x', Tagging: 'a=b' });
    await expect(client.send(tagged)).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('x-amz-tagging'),
    });
  });

  it('refuses unsigned requests and URLs that are none', async () => {
    const unsigned = await fetch(`${server.url}/lake/a`);
    expect([unsigned.status, await unsigned.text()]).toEqual([
      403,
      expect.stringContaining('<Code>AccessDenied</Code>'),
    ]);
    const broken = await fetch(`${server.url}/lake/%E0%A4%A`);
    expect([broken.status, await broken.text()]).toEqual([
      400,
      expect.stringContaining('<Code>InvalidURI</Code>'),
    ]);
  });

  it.each(['UPPER', 'a', 'a..b', '-a-', 'x'.repeat(64)])('refuses the bucket name %s', (name) => {
    expect(() => server.buckets.create(name)).toThrow(expect.objectContaining({ code: 'InvalidBucketName' }));
  });

  it('refuses a key of more than 1,024 bytes', async () => {
    await put('ü'.repeat(512));
    await expect(put(`${'ü'.repeat(512)}x`)).rejects.toMatchObject({ name: 'KeyTooLongError' });
  });

  it('makes the SDK retry when it is told to slow down', async () => {
    faults.push({ error: new AwsError('SlowDown', 'Please reduce your request rate.', 503) });
    expect((await put('a')).$metadata.attempts).toBe(2);
  });

  it('can cut the connection after a write, so that the client cannot know of it', async () => {
    faults.push({ disconnect: 'after' }, { error: new AwsError('InternalError', 'broken', 500) });
    await expect(put('a')).rejects.toThrow();
    expect(await keysOf()).toEqual(['a']);
  });

  it('keeps no object whose body could not be moved into place', async () => {
    rmSync(path.join(directory, 'lake'), { recursive: true });
    renameSync(path.join(directory, '.s3', 'staging'), path.join(directory, '.s3', 'gone'));
    await expect(put('a')).rejects.toMatchObject({ name: 'InternalFailure' });
    mkdirSync(path.join(directory, '.s3', 'staging'));
    mkdirSync(path.join(directory, 'lake'));
    expect(await keysOf()).toEqual([]);
  });
});
