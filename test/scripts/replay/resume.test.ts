/** A replay that is cut off, and what keeps it from reading or announcing objects. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ObjectStorageClass,
  type S3Client,
} from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { rejectedLines } from '../../../lambda/transform/rejectedLines';
import { noOriginalCounts, type OriginalCounts, violations } from '../../../scripts/replay/counts';
import { Pace, parseRate } from '../../../scripts/replay/rate';
import { noLakeCounts, replayLake } from '../../../scripts/replay/replayLake';
import {
  type LineForm,
  type OriginalsOptions,
  replayOriginals,
} from '../../../scripts/replay/replayOriginals';
import { ReplayState } from '../../../scripts/replay/state';
import { tempDirectory } from '../../support/tempDirectory';

const directory = tempDirectory('replay-resume');
const HOUR = 'year=2026/month=03/day=01/hour=12/';
const ARRIVED = Date.UTC(2026, 2, 1, 12);
const STARTED = Date.UTC(2026, 2, 2);
const packing = { packBytes: 100_000, compression: 'gzip', maxExpandedBytes: 1_048_576 } as const;

/** A bucket of which listing and reading are known, in pages of two. */
class Bucket {
  readonly objects = new Map<string, string>();
  readonly archived = new Map<string, { class: ObjectStorageClass; restore?: string }>();
  readonly stored = new Map<string, number>();
  readonly copied: string[] = [];
  readonly metadata = new Map<string, Record<string, string>>();
  readonly existing = new Set<string>();

  get client(): S3Client {
    return { send: async (command: unknown) => this.answer(command) } as unknown as S3Client;
  }

  private answer(command: unknown): unknown {
    if (command instanceof ListObjectsV2Command) {
      const { Prefix = '', StartAfter = '', ContinuationToken } = command.input;
      const after = ContinuationToken ?? StartAfter;
      const keys = [...this.objects.keys()].filter((key) => key.startsWith(Prefix) && key > after).sort();
      const Contents = keys.slice(0, 2).map((Key) => ({
        Key,
        Size: this.objects.get(Key)?.length,
        LastModified: new Date(this.stored.get(Key) ?? ARRIVED),
        StorageClass: this.archived.get(Key)?.class ?? 'STANDARD',
      }));
      return { Contents, NextContinuationToken: keys.length > 2 ? keys[1] : undefined };
    }
    if (command instanceof GetObjectCommand) {
      return { Body: Readable.from([Buffer.from(this.objects.get(String(command.input.Key)) ?? '')]) };
    }
    if (command instanceof HeadObjectCommand) {
      const key = String(command.input.Key);
      return { ETag: '"e"', Metadata: this.metadata.get(key), Restore: this.archived.get(key)?.restore };
    }
    if (command instanceof CopyObjectCommand) {
      const key = String(command.input.Key);
      if (this.existing.has(key)) throw Object.assign(new Error('exists'), { name: 'PreconditionFailed' });
      const { CopySource, IfNoneMatch, CopySourceIfMatch, Metadata = {} } = command.input;
      this.copied.push(`${CopySource} ${IfNoneMatch ?? CopySourceIfMatch}`);
      this.metadata.set(key, Metadata);
      return {};
    }
    throw new Error(`Not known: ${command}`);
  }
}

/** A stream that takes everything until it is cut off. */
class Stream {
  readonly names: string[] = [];
  requestsLeft = Number.POSITIVE_INFINITY;

  get client(): KinesisClient {
    return { send: async (command: unknown) => this.answer(command) } as unknown as KinesisClient;
  }

  private answer(command: unknown): unknown {
    if (!(command instanceof PutRecordsCommand)) throw new Error(`Not known: ${command}`);
    if (this.requestsLeft === 0) {
      throw Object.assign(new Error('gone'), { name: 'ResourceNotFoundException', $fault: 'client' });
    }
    this.requestsLeft -= 1;
    const { Records = [] } = command.input;
    for (const { Data } of Records) {
      for (const line of gunzipSync(Data ?? '')
        .toString()
        .trim()
        .split('\n')) {
        this.names.push(JSON.parse(line).event_name);
      }
    }
    return { Records: Records.map((_, index) => ({ SequenceNumber: String(index), ShardId: 'shard-0' })) };
  }
}

const errorLine = (names: readonly string[], more: object = {}) => {
  const events = names
    .map((event_name) => JSON.stringify({ event_name, site_id: 'shop', ...more }))
    .join('\n');
  return JSON.stringify({ arrivalTimestamp: ARRIVED, rawData: Buffer.from(events).toString('base64') });
};

let states = 0;
const stateFile = () => path.join(directory, `${++states}.json`);

function open(file: string): ReplayState<OriginalCounts> {
  return ReplayState.open(file, { kind: 'errors' }, noOriginalCounts(), false, STARTED);
}

function options(bucket: Bucket, stream: Stream, file: string, form: LineForm = 'error'): OriginalsOptions {
  const pace = new Pace(parseRate('1000MB/s'));
  return {
    store: { s3: bucket.client, bucketName: 'lake' },
    sources: [{ selection: { prefix: 'errors/', storedBeforeMillis: STARTED }, form }],
    packing,
    target: { client: stream.client, streamName: 'clicks', packing, pace },
    stillRejected: 'send unchanged',
    state: open(file),
    onProgress: () => undefined,
    onSkipped: () => undefined,
  };
}

describe('a replay of errors/', () => {
  function threeObjects(): Bucket {
    const bucket = new Bucket();
    for (const name of ['a', 'b', 'c']) bucket.objects.set(`errors/${HOUR}${name}`, errorLine([name]));
    return bucket;
  }

  it('that is cut off goes on behind the last object that is finished, and its counts add up', async () => {
    const bucket = threeObjects();
    const stream = new Stream();
    const file = stateFile();
    stream.requestsLeft = 1;
    await expect(replayOriginals(options(bucket, stream, file))).rejects.toThrow('ResourceNotFoundException');
    expect(stream.names).toEqual(['a']);
    stream.requestsLeft = Number.POSITIVE_INFINITY;
    const again = options(bucket, stream, file);
    expect(again.state.isResumed).toBe(true);
    const counts = await replayOriginals(again);
    expect(stream.names).toEqual(['a', 'b', 'c']);
    expect(counts).toMatchObject({ objects: 3, lines: 3, records: 3, events: 3, stamped: 3 });
    expect(violations(counts)).toEqual([]);
  });

  it('goes on behind the last chunk of an object', async () => {
    const bucket = new Bucket();
    const padding = { page_title: 'x'.repeat(4_000) };
    const large = (name: string) =>
      errorLine(
        Array.from({ length: 240 }, (_, n) => `${name}${n}`),
        padding,
      );
    bucket.objects.set(`errors/${HOUR}a`, ['p', 'q', 'r', 's', 't', 'u'].map(large).join('\n'));
    const stream = new Stream();
    const file = stateFile();
    const first = options(bucket, stream, file);
    await expect(
      replayOriginals({
        ...first,
        onProgress: () => {
          throw new Error('killed');
        },
      }),
    ).rejects.toThrow('killed');
    const { partial } = open(file).progress;
    expect(partial?.lines).toBeGreaterThan(0);
    expect(partial?.lines).toBeLessThan(6);
    const counts = await replayOriginals(options(bucket, stream, file));
    expect(counts).toMatchObject({ objects: 1, lines: 6, events: 1_440 });
    expect(stream.names.length).toBe(1_440);
    expect(new Set(stream.names).size).toBe(1_440);
  });

  it('leaves out what came after it was begun, and objects that have to be restored', async () => {
    const bucket = threeObjects();
    bucket.stored.set(`errors/${HOUR}a`, STARTED + 1);
    bucket.archived.set(`errors/${HOUR}b`, { class: 'DEEP_ARCHIVE' });
    bucket.archived.set(`errors/${HOUR}c`, { class: 'GLACIER', restore: 'ongoing-request="false"' });
    const stream = new Stream();
    const counts = await replayOriginals(options(bucket, stream, stateFile()));
    expect(stream.names).toEqual(['c']);
    expect(counts).toMatchObject({ objects: 1, objectsSkipped: { archived: 1 } });
  });

  it('counts an original of which a part never came, and sends nothing of it', async () => {
    const bucket = new Bucket();
    const origin = { arrivedMillis: ARRIVED, shardId: 's', sequenceNumber: '1', index: 0 };
    const rejection = { reason: 'not_json', detail: '' } as const;
    const [part] = rejectedLines({ kind: 'rejected', rejection, original: 'x'.repeat(300_000), origin });
    bucket.objects.set(`errors/${HOUR}a`, JSON.stringify(part));
    const stream = new Stream();
    const counts = await replayOriginals(options(bucket, stream, stateFile(), 'rejected'));
    expect(stream.names).toEqual([]);
    expect(counts).toMatchObject({
      lines: 1,
      parts: 1,
      records: 0,
      events: 1,
      skipped: { parts_missing: 1 },
    });
    expect(violations(counts)).toEqual([]);
  });

  it('joins parts of a rejected original over a cut', async () => {
    const text = JSON.stringify({
      event_name: 'long',
      site_id: 'shop',
      properties: { text: 'x'.repeat(300_000) },
    });
    const origin = { arrivedMillis: ARRIVED, shardId: 's', sequenceNumber: '1', index: 0 };
    const rejection = { reason: 'not_json', detail: '' } as const;
    const [first, second] = rejectedLines({ kind: 'rejected', rejection, original: text, origin });
    const wrapped = (line: object | undefined) =>
      JSON.stringify({
        arrivalTimestamp: ARRIVED,
        rawData: Buffer.from(`${JSON.stringify(line)}\n`).toString('base64'),
      });
    const bucket = new Bucket();
    bucket.objects.set(`errors/${HOUR}a`, wrapped(first));
    bucket.objects.set(`errors/${HOUR}b`, wrapped(second));
    const stream = new Stream();
    const file = stateFile();
    await expect(
      replayOriginals({
        ...options(bucket, stream, file, 'error_of_rejected'),
        onProgress: () => {
          throw new Error('killed');
        },
      }),
    ).rejects.toThrow('killed');
    const counts = await replayOriginals(options(bucket, stream, file, 'error_of_rejected'));
    // Its properties are too large, so it goes to be rejected again, whole.
    expect(stream.names).toEqual(['long']);
    expect(counts).toMatchObject({ lines: 2, parts: 1, records: 1, unchanged: 1 });
    expect(violations(counts)).toEqual([]);
  });

  it('keeps events aside that no record can carry', async () => {
    const bucket = new Bucket();
    const huge = { event_name: 'x', site_id: 'shop', page_title: 'y'.repeat(packing.maxExpandedBytes - 60) };
    const rawData = Buffer.from(JSON.stringify(huge)).toString('base64');
    bucket.objects.set(`errors/${HOUR}a`, JSON.stringify({ arrivalTimestamp: ARRIVED, rawData }));
    const file = stateFile();
    const counts = await replayOriginals(options(bucket, new Stream(), file));
    expect(counts).toMatchObject({ events: 1, stamped: 0, unsendable: 1 });
    expect(readFileSync(file.replace('.json', '.unsendable'), 'utf8')).toContain(
      'a record must have at most',
    );
    expect(violations(counts)).toEqual([]);
  });
});

describe('the state', () => {
  it('belongs to one replay', () => {
    const file = stateFile();
    open(file);
    expect(() => ReplayState.open(file, { kind: 'lake' }, {}, false, STARTED)).toThrow(
      'belongs to another replay',
    );
  });

  it('of a dry run is nowhere, and neither are the files beside it', () => {
    const state = ReplayState.dry({ kind: 'errors' }, noOriginalCounts(), STARTED);
    state.save({ finished: 'a', counts: noOriginalCounts() });
    state.finish(STARTED);
    expect(state.progress.finished).toBe('a');
    expect(state.sideFile('corrupt')).toBeUndefined();
    expect(state.file).toBeUndefined();
  });

  it('is refused when the file is something else', () => {
    const file = stateFile();
    writeFileSync(file, '{"some":"thing"}');
    expect(() => open(file)).toThrow('is no state of a replay');
  });
});

describe('a replay of the lake', () => {
  const announced = (command: SendMessageBatchCommand) =>
    (command.input.Entries ?? []).map(({ MessageBody = '' }) =>
      decodeURIComponent(JSON.parse(MessageBody).Records[0].s3.object.key),
    );

  async function run(bucket: Bucket, more: { sourceBucketName?: string; depths?: number[] } = {}) {
    const keys: string[] = [];
    const depths = more.depths ?? [];
    const looks: number[] = [];
    const skipped: string[] = [];
    const send = async (command: unknown) => {
      if (command instanceof GetQueueAttributesCommand) {
        const depth = depths.shift() ?? 0;
        looks.push(depth);
        return { Attributes: { ApproximateNumberOfMessages: String(depth) } };
      }
      if (!(command instanceof SendMessageBatchCommand)) throw new Error(`Not known: ${command}`);
      keys.push(...announced(command));
      return {};
    };
    const counts = await replayLake({
      s3: bucket.client,
      sqs: { send } as unknown as SQSClient,
      queueUrl: 'queue',
      bucketName: 'lake',
      sourceBucketName: more.sourceBucketName ?? 'lake',
      clusterIdentifier: 'cluster',
      range: { fromMillis: ARRIVED, toMillis: ARRIVED + 3_600_000 },
      isDryRun: false,
      maxWaiting: 5,
      pollMillis: 1,
      state: ReplayState.dry({}, noLakeCounts(), STARTED),
      onProgress: () => undefined,
      onArchived: (key) => skipped.push(key),
    });
    return { counts, keys, looks, skipped };
  }

  function lake(): Bucket {
    const bucket = new Bucket();
    for (const hour of ['11', '12', '13']) {
      for (const name of ['a', 'b']) {
        bucket.objects.set(`events/year=2026/month=03/day=01/hour=${hour}/${name}.parquet`, 'PAR1');
      }
    }
    return bucket;
  }

  it('announces the objects of the range while few wait, and says which have to be restored', async () => {
    const bucket = lake();
    bucket.archived.set(`events/${HOUR}a.parquet`, { class: 'GLACIER' });
    const { counts, keys, looks, skipped } = await run(bucket, { depths: [9, 5, 4] });
    expect(keys).toEqual([`events/${HOUR}b.parquet`]);
    expect(looks).toEqual([9, 5, 4]);
    expect(skipped).toEqual([`events/${HOUR}a.parquet`]);
    expect(counts).toMatchObject({ objects: 1, bytes: 4, objectsSkipped: { archived: 1 } });
  });

  it('copies objects of another bucket, and announces those the lake has already', async () => {
    const bucket = lake();
    bucket.existing.add(`events/${HOUR}b.parquet`);
    const { counts, keys } = await run(bucket, { sourceBucketName: 'old' });
    expect(bucket.copied).toEqual(['old/events/year%3D2026/month%3D03/day%3D01/hour%3D12/a.parquet *']);
    expect(keys).toEqual([`events/${HOUR}b.parquet`]);
    expect(counts).toMatchObject({ objects: 2, copied: 1 });
  });

  it('takes the mark of an erasure from objects: the warehouse no longer has their rows', async () => {
    const bucket = lake();
    const [first, second] = ['a', 'b'].map((name) => `events/${HOUR}${name}.parquet`);
    bucket.metadata.set(String(first), { 'loaded-into': 'cluster', note: 'kept' });
    bucket.metadata.set(String(second), { 'loaded-into': 'another' });
    const { counts, keys } = await run(bucket);
    expect(bucket.copied).toEqual([expect.stringMatching(/a\.parquet "e"$/)]);
    expect(bucket.metadata.get(String(first))).toEqual({ note: 'kept' });
    expect(keys).toEqual([second]);
    expect(counts).toMatchObject({ objects: 2, unmarked: 1, copied: 0 });
  });
});

describe('the rate', () => {
  it.each([
    ['500KB/s', { perSecond: 500_000, unit: 'bytes' }],
    ['2MB', { perSecond: 2_000_000, unit: 'bytes' }],
    ['1000events/s', { perSecond: 1_000, unit: 'events' }],
  ])('%s is understood', (text, rate) => expect(parseRate(text)).toEqual(rate));

  it.each(['0MB/s', '-1KB', 'fast', '10'])('%s is refused', (text) =>
    expect(() => parseRate(text)).toThrow('such as'),
  );

  it('is kept: a pack waits until those before it have had their time', async () => {
    let now = 0;
    const clock = {
      nowMillis: () => now,
      sleep: async (millis: number) => {
        now += millis;
      },
    };
    const pack = { kind: 'entry', data: Buffer.alloc(500), eventCount: 10, expandedBytes: 500 } as const;
    const packs = [1, 2, 3].map((n) => ({ ...pack, partitionKey: `${n}`, explicitHashKey: `${n}` }));
    const times: number[] = [];
    for await (const _ of new Pace({ perSecond: 1_000, unit: 'bytes' }, clock).packs(packs)) times.push(now);
    expect(times).toEqual([0, 500, 1_000]);
  });
});
