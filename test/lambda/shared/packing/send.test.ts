import { KinesisClient, PutRecordsCommand, type PutRecordsCommandInput } from '@aws-sdk/client-kinesis';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import {
  type PackedEntry,
  type PackResult,
  recordKeys,
  type SendOptions,
  SendStoppedError,
  sendEntries,
  type Unsent,
} from '../../../../lambda/shared/packing';
import { Random } from '../../../../scripts/generate/chance/random';

const THROTTLED = 'ProvisionedThroughputExceededException';
const kinesis = mockClient(KinesisClient);
const client = new KinesisClient({ region: 'us-east-1' });

beforeEach(() => kinesis.reset());

/** Time that passes only in sleeps. */
function virtualTime(random: () => number = () => 0.5) {
  const slept: number[] = [];
  let now = 0;
  return {
    slept,
    nowMillis: () => now,
    sleep: async (millis: number) => {
      slept.push(millis);
      now += millis;
      await new Promise(setImmediate);
    },
    random,
  };
}

function entriesOf(count: number, bytes = 100, eventCount = 3): PackedEntry[] {
  const keys = recordKeys(0n);
  return Array.from({ length: count }, () => ({
    kind: 'entry',
    data: Buffer.alloc(bytes, 'x'),
    eventCount,
    expandedBytes: bytes * 8,
    ...keys.next().value,
  }));
}

/** Answers PutRecords; `refuse` says which entries fail, with which code. */
function answer(refuse: (partitionKey: string, requestNumber: number) => string | undefined) {
  const requests: PutRecordsCommandInput[] = [];
  kinesis.on(PutRecordsCommand).callsFake((input: PutRecordsCommandInput) => {
    requests.push(input);
    const results = (input.Records ?? []).map(({ PartitionKey = '' }) => {
      const code = refuse(PartitionKey, requests.length);
      return code === undefined
        ? { SequenceNumber: '1', ShardId: 'shardId-000000000000' }
        : { ErrorCode: code, ErrorMessage: 'refused' };
    });
    return { Records: results, FailedRecordCount: results.filter((result) => 'ErrorCode' in result).length };
  });
  return requests;
}

async function send(
  entries: Iterable<PackResult> | AsyncIterable<PackResult>,
  options: Partial<SendOptions> = {},
) {
  const unsent: Unsent[] = [];
  const runtime = virtualTime();
  const counts = await sendEntries(client, 'clicks', entries, {
    onUnsent: (event) => void unsent.push(event),
    runtime,
    ...options,
  });
  return { counts, unsent, runtime };
}

describe('the sender', () => {
  test('keeps PutRecords’ limits of 500 records and 10 MiB a request', async () => {
    const requests = answer(() => undefined);
    const { counts } = await send([...entriesOf(1_200), ...entriesOf(30, 1_000_000)]);
    for (const { Records = [] } of requests) {
      expect(Records.length).toBeLessThanOrEqual(500);
      const bytes = Records.reduce((sum, record) => sum + (record.Data?.length ?? 0) + 8, 0);
      expect(bytes).toBeLessThanOrEqual(10 * 1024 * 1024);
    }
    expect(counts).toMatchObject({ entriesSent: 1_230, eventsIn: 3_690, eventsSent: 3_690, eventsUnsent: 0 });
    expect(counts.bytesSent).toBe(1_200 * 100 + 30 * 1_000_000);
    expect(counts.expandedBytesSent).toBe(counts.bytesSent * 8);
  });

  test('names the stream and places records by hash key', async () => {
    const requests = answer(() => undefined);
    await send(entriesOf(2));
    expect(requests[0]?.StreamName).toBe('clicks');
    expect(requests[0]?.Records?.[1]).toMatchObject({
      PartitionKey: '9e3779b9',
      ExplicitHashKey: '210306068529402873165736369884012333109',
    });
  });

  test('offers again only the entries that failed', async () => {
    const entries = entriesOf(10);
    const bad = new Set([entries[2]?.partitionKey, entries[7]?.partitionKey]);
    const requests = answer((key, request) =>
      request === 1 && bad.has(key) ? 'InternalFailure' : undefined,
    );
    const { counts, unsent } = await send(entries);
    expect(requests.map(({ Records = [] }) => Records.length)).toEqual([10, 2]);
    expect(requests[1]?.Records?.map((record) => record.PartitionKey)).toEqual([...bad]);
    expect(unsent).toEqual([]);
    expect(counts).toMatchObject({ eventsSent: 30, requests: 2, throttledEntries: 0 });
  });

  test('backs off exponentially with full jitter, up to a ceiling', async () => {
    answer(() => 'InternalFailure');
    const { runtime } = await send(entriesOf(1), { maxAttempts: 6, maxBackoffMillis: 400 });
    const backoffs = runtime.slept.filter((millis) => millis >= 25);
    expect(backoffs).toEqual([25, 50, 100, 200, 200]);
  });

  test('reports an entry after its last attempt, with code and number of attempts', async () => {
    const [entry] = entriesOf(1);
    answer(() => THROTTLED);
    const { counts, unsent } = await send(entry === undefined ? [] : [entry], { maxAttempts: 3 });
    expect(unsent).toEqual([
      { kind: 'failed', entry, errorCode: THROTTLED, errorMessage: 'refused', attempts: 3 },
    ]);
    expect(counts).toMatchObject({ eventsIn: 3, eventsSent: 0, eventsUnsent: 3, throttledEntries: 3 });
  });

  test('stops trying an entry when its time is over', async () => {
    answer(() => 'InternalFailure');
    const { unsent } = await send(entriesOf(1), { maxMillis: 1_000, maxAttempts: 1_000 });
    expect(unsent).toHaveLength(1);
    expect(unsent[0]).toMatchObject({ kind: 'failed', attempts: 7 });
  });

  test('reports what the packer found unsendable', async () => {
    answer(() => undefined);
    const { counts, unsent } = await send([
      { kind: 'unsendable', line: 'x', reason: 'too_large', detail: 'too large' },
      ...entriesOf(1),
    ]);
    expect(unsent).toMatchObject([{ kind: 'unsendable', line: 'x' }]);
    expect(counts).toMatchObject({ eventsIn: 4, eventsSent: 3, eventsUnsent: 1 });
  });

  test('treats an entry without an answer as not taken', async () => {
    kinesis
      .on(PutRecordsCommand)
      .resolvesOnce({ Records: [], FailedRecordCount: 0 })
      .resolves({
        Records: [{ SequenceNumber: '1', ShardId: 'shardId-000000000000' }],
        FailedRecordCount: 0,
      });
    const { counts } = await send(entriesOf(1));
    expect(counts).toMatchObject({ entriesSent: 1, requests: 2 });
  });

  test('tries again after an error of the network', async () => {
    kinesis
      .on(PutRecordsCommand)
      .rejectsOnce(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }))
      .resolves({ Records: [{ SequenceNumber: '1', ShardId: 'shardId-000000000000' }] });
    const { counts } = await send(entriesOf(1));
    expect(counts).toMatchObject({ eventsSent: 3, eventsUnsent: 0, requests: 2 });
  });

  test('stops at an error that no retry mends, reporting what it had read and reading no more', async () => {
    const cause = Object.assign(new Error('Stream clicks under account 1 not found.'), {
      name: 'ResourceNotFoundException',
      $fault: 'client',
    });
    kinesis.on(PutRecordsCommand).rejects(cause);
    const unsent: Unsent[] = [];
    let read = 0;
    async function* entries() {
      for (const entry of entriesOf(5_000, 50_000)) {
        read += 1;
        yield entry;
      }
    }
    const sending = sendEntries(client, 'clicks', entries(), {
      onUnsent: (event) => void unsent.push(event),
      runtime: virtualTime(),
    });
    const error: unknown = await sending.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SendStoppedError);
    expect(error).toMatchObject({
      message:
        'Sending to the stream "clicks" stopped: ResourceNotFoundException: Stream clicks under account 1 not found.',
      cause,
      counts: { eventsIn: read * 3, eventsSent: 0, eventsUnsent: read * 3 },
    });
    expect(unsent).toHaveLength(read);
    expect(read).toBeLessThan(200);
  });

  test('sends what it was given before its source failed, then throws the source’s error', async () => {
    const requests = answer(() => undefined);
    async function* failing() {
      yield* entriesOf(3);
      throw new Error('the disk is gone');
    }
    await expect(send(failing())).rejects.toThrow('the disk is gone');
    expect(requests.flatMap(({ Records = [] }) => Records)).toHaveLength(3);
  });

  test('gives way to a stream that throttles: settles near the rate one shard takes', async () => {
    // A shard with Kinesis's limit of 1 MB a second, and a second's worth of burst.
    const random = new Random(1);
    const runtime = virtualTime(() => random.next());
    let tokens = 1_000_000;
    let filledMillis = 0;
    kinesis.on(PutRecordsCommand).callsFake(({ Records = [] }: PutRecordsCommandInput) => {
      tokens = Math.min(1_000_000, tokens + (runtime.nowMillis() - filledMillis) * 1_000);
      filledMillis = runtime.nowMillis();
      return {
        Records: Records.map(({ Data }) => {
          const bytes = (Data?.length ?? 0) + 8;
          if (bytes > tokens) return { ErrorCode: THROTTLED, ErrorMessage: 'Rate exceeded' };
          tokens -= bytes;
          return { SequenceNumber: '1', ShardId: 'shardId-000000000000' };
        }),
      };
    });
    const { counts, unsent } = await send(entriesOf(600, 60_000), { runtime, maxRequestsInFlight: 1 });
    expect(unsent).toEqual([]);
    expect(counts.entriesSent).toBe(600);
    // 36 MB at 1 MB/s: no faster than the shard allows, and at least at two thirds of it.
    expect(runtime.nowMillis()).toBeGreaterThan(34_000);
    expect(runtime.nowMillis()).toBeLessThan(54_000);
    expect(counts.throttledEntries).toBeLessThan(300);
  });

  test('accounts for every event, whatever fails', async () => {
    const results = fc.array(
      fc.oneof(
        fc.record({ size: fc.integer({ min: 1, max: 2_000 }), events: fc.integer({ min: 1, max: 50 }) }),
        fc.constant('unsendable' as const),
      ),
      { maxLength: 80 },
    );
    await fc.assert(
      fc.asyncProperty(
        results,
        fc.integer(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (shapes, seed, rate) => {
          let state = seed >>> 0;
          const random = () => {
            state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
            return state / 2 ** 32;
          };
          const taken = new Map<string, number>();
          kinesis.reset();
          kinesis.on(PutRecordsCommand).callsFake(({ Records = [] }: PutRecordsCommandInput) => {
            if (random() < rate / 4) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
            return {
              Records: Records.map(({ PartitionKey = '' }) => {
                if (random() < rate) return { ErrorCode: random() < 0.5 ? THROTTLED : 'InternalFailure' };
                taken.set(PartitionKey, (taken.get(PartitionKey) ?? 0) + 1);
                return { SequenceNumber: '1', ShardId: 'shardId-000000000000' };
              }),
            };
          });
          const packs = shapes.map((shape, index): PackResult => {
            if (shape === 'unsendable') return { kind: shape, line: 'x', reason: 'too_large', detail: '' };
            return {
              kind: 'entry',
              data: Buffer.alloc(shape.size),
              eventCount: shape.events,
              expandedBytes: shape.size,
              partitionKey: `k${index}`,
              explicitHashKey: '0',
            };
          });
          const { counts, unsent } = await send(packs, { maxAttempts: 4, runtime: virtualTime(random) });
          const failed = unsent.flatMap((event) =>
            event.kind === 'failed' ? [event.entry.partitionKey] : [],
          );
          const keys = packs.flatMap((pack) => (pack.kind === 'entry' ? [pack.partitionKey] : []));
          expect([...taken.keys(), ...failed].sort()).toEqual(keys.sort());
          expect([...taken.values()].every((times) => times === 1)).toBe(true);
          expect(counts.eventsSent + counts.eventsUnsent).toBe(counts.eventsIn);
          const events = packs.reduce((sum, pack) => sum + (pack.kind === 'entry' ? pack.eventCount : 1), 0);
          expect(counts.eventsIn).toBe(events);
        },
      ),
      { numRuns: 60 },
    );
  });
});
