import fc from 'fast-check';
import { KINESIS_RECORD_BYTES } from '../../../lib/contract/limits';
import { HOUR_MILLIS } from '../../../lib/contract/units';
import { fromHex } from '../../../local/kinesis/hashKeys';
import { RecordBytes } from '../../../local/kinesis/recordBytes';
import { mergeShards, splitShard, updateShardCount } from '../../../local/kinesis/resharding';
import { Stream } from '../../../local/kinesis/stream';

const SHARD_0 = 'shardId-000000000000';
const TRIM_HORIZON = { type: 'TRIM_HORIZON' } as const;

/** A stream whose clock stands still until a test moves it. */
function setUp(shardCount = 1, limitFactor = 1) {
  const time = { millis: Date.parse('2026-03-01T12:00:00Z') };
  const clock = () => time.millis;
  const recordBytes = new RecordBytes(100_000_000);
  const stream = new Stream({
    name: 'test',
    shardCount,
    retentionHours: 24,
    limitFactor,
    clock,
    recordBytes,
  });
  return { stream, time };
}

const put = (stream: Stream, bytes: number, partitionKey = 'k') =>
  stream.put({ partitionKey, data: Buffer.alloc(bytes) }).kind;

const countStored = (stream: Stream, records: number, bytes: number) =>
  Array.from({ length: records }, () => put(stream, bytes)).filter((kind) => kind === 'stored').length;

describe('a shard’s write limits', () => {
  it('take 1,000 records in a second and no more', () => {
    const { stream, time } = setUp();
    expect(countStored(stream, 1_200, 10)).toBe(1_000);
    time.millis += 500;
    expect(countStored(stream, 1_200, 10)).toBe(500);
  });

  it('take 1,000,000 bytes in a second, partition keys counted', () => {
    const { stream } = setUp();
    // 100 records of 9,999 bytes and a key of one byte.
    expect(countStored(stream, 200, 9_999)).toBe(100);
  });

  it('take the largest record when the shard has rested, and make up for it afterwards', () => {
    const { stream, time } = setUp();
    expect(put(stream, KINESIS_RECORD_BYTES - 1)).toBe('stored');
    expect(put(stream, KINESIS_RECORD_BYTES - 1)).toBe('throttled');
    time.millis += 1_000;
    expect(put(stream, KINESIS_RECORD_BYTES - 1)).toBe('throttled');
    time.millis += 100;
    expect(put(stream, KINESIS_RECORD_BYTES - 1)).toBe('stored');
  });

  it('are each shard’s own', () => {
    const { stream } = setUp(2);
    const keys = ['0', (2n ** 127n).toString(16)].map((hex) => hex.padStart(32, '0'));
    const stored = keys.map((explicitHashKeyHex) => {
      const record = { partitionKey: 'k', data: Buffer.alloc(1), explicitHashKeyHex };
      return Array.from({ length: 1_500 }, () => stream.put(record)).filter(({ kind }) => kind === 'stored')
        .length;
    });
    expect(stored).toEqual([1_000, 1_000]);
  });

  it('never let more through than the mean rate and one second’s worth', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ waitMillis: fc.nat(2_000), bytes: fc.integer({ min: 1, max: 400_000 }) }), {
          minLength: 1,
          maxLength: 60,
        }),
        (puts) => {
          const { stream, time } = setUp();
          const start = time.millis;
          let bytes = 0;
          for (const { waitMillis, bytes: size } of puts) {
            time.millis += waitMillis;
            if (put(stream, size) === 'stored') bytes += size + 1;
            expect(bytes).toBeLessThanOrEqual(1_000_000 * (1 + (time.millis - start) / 1000));
          }
        },
      ),
    );
  });

  it('grow with the limit factor and can be switched off', () => {
    expect(countStored(setUp(1, 3).stream, 5_000, 10)).toBe(3_000);
    expect(countStored(setUp(1, Number.POSITIVE_INFINITY).stream, 5_000, 10)).toBe(5_000);
  });
});

describe('a shard’s read limits', () => {
  const throttled = expect.objectContaining({ code: 'ProvisionedThroughputExceededException' });

  it('allow five reads a second', () => {
    const { stream, time } = setUp();
    const position = stream.startAt(SHARD_0, TRIM_HORIZON);
    for (let i = 0; i < 5; i++) stream.read(position);
    expect(() => stream.read(position)).toThrow(throttled);
    time.millis += 200;
    expect(() => stream.read(position)).not.toThrow();
  });

  it('answer at most 10 MB, then nothing for five seconds', () => {
    const { stream, time } = setUp();
    for (let i = 0; i < 24; i++) {
      put(stream, 500_000);
      time.millis += 1_000;
    }
    const first = stream.read(stream.startAt(SHARD_0, TRIM_HORIZON));
    expect(first.records).toHaveLength(20);
    const next = first.next ?? { shardId: SHARD_0, offset: 0 };
    time.millis += 4_990;
    expect(() => stream.read(next)).toThrow(throttled);
    time.millis += 1_010;
    expect(stream.read(next).records).toHaveLength(4);
  });

  it('allow what 2 MB a second allow to a reader that keeps up', () => {
    const { stream, time } = setUp();
    let position = stream.startAt(SHARD_0, TRIM_HORIZON);
    for (let second = 0; second < 20; second++) {
      put(stream, 900_000);
      time.millis += 1_000;
      const { records, next } = stream.read(position);
      expect(records).toHaveLength(1);
      position = next ?? position;
    }
  });
});

describe('a stream', () => {
  it('forgets records past their retention, and reads on from the oldest that is left', () => {
    const { stream, time } = setUp();
    const start = stream.startAt(SHARD_0, TRIM_HORIZON);
    stream.put({ partitionKey: 'old', data: Buffer.from('old') });
    time.millis += 23 * HOUR_MILLIS;
    stream.put({ partitionKey: 'new', data: Buffer.from('new') });
    expect(stream.read(start).records.map(({ partitionKey }) => partitionKey)).toEqual(['old', 'new']);
    time.millis += 2 * HOUR_MILLIS;
    expect(stream.read(start).records.map(({ partitionKey }) => partitionKey)).toEqual(['new']);
  });

  it('forgets a closed shard when the last of its records is past its retention', () => {
    const { stream, time } = setUp();
    splitShard(stream, stream.shard(SHARD_0), 'f'.repeat(32));
    expect(stream.shards).toHaveLength(3);
    time.millis += 25 * HOUR_MILLIS;
    expect(stream.shards.map(({ id }) => id)).toEqual(['shardId-000000000001', 'shardId-000000000002']);
  });

  it('says how many milliseconds a reader is behind', () => {
    const { stream, time } = setUp();
    put(stream, 1);
    put(stream, 1);
    time.millis += 1_500;
    expect(stream.read(stream.startAt(SHARD_0, TRIM_HORIZON), 1).millisBehindLatest).toBe(1_500);
    expect(stream.read(stream.startAt(SHARD_0, TRIM_HORIZON)).millisBehindLatest).toBe(0);
  });

  it('never lets the time of arrival go back when the clock does', () => {
    const { stream, time } = setUp();
    put(stream, 1);
    const first = time.millis;
    time.millis -= 60_000;
    put(stream, 1);
    const { records } = stream.read(stream.startAt(SHARD_0, TRIM_HORIZON));
    expect(records.map(({ arrivedAtMillis }) => arrivedAtMillis)).toEqual([first, first]);
  });
});

describe('resharding', () => {
  const reshardings = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('split' as const), at: fc.bigInt({ min: 1n, max: 2n ** 128n - 1n }) }),
      fc.record({ kind: fc.constant('merge' as const), index: fc.nat(20) }),
      fc.record({ kind: fc.constant('count' as const), factor: fc.constantFrom(0.5, 0.75, 1, 1.25, 1.5, 2) }),
    ),
    { maxLength: 12 },
  );

  function reshard(
    stream: Stream,
    step:
      | { kind: 'split'; at: bigint }
      | { kind: 'merge'; index: number }
      | { kind: 'count'; factor: number },
  ) {
    const open = stream.openShards;
    if (step.kind === 'split') {
      const hex = step.at.toString(16).padStart(32, '0');
      const shard = open.find(({ hashKeys }) => hashKeys.startingHex < hex && hex <= hashKeys.endingHex);
      if (shard) splitShard(stream, shard, hex);
    } else if (step.kind === 'merge') {
      const [shard, adjacent] = open.slice(step.index % open.length);
      if (shard && adjacent) mergeShards(stream, shard, adjacent);
    } else {
      updateShardCount(stream, Math.max(1, Math.ceil(open.length * step.factor)));
    }
  }

  it('always leaves open shards that cover every hash key once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), reshardings, (shardCount, steps) => {
        const { stream } = setUp(shardCount);
        for (const step of steps) reshard(stream, step);
        let next = 0n;
        for (const { hashKeys } of stream.openShards) {
          expect(fromHex(hashKeys.startingHex)).toBe(next);
          next = fromHex(hashKeys.endingHex) + 1n;
        }
        expect(next).toBe(2n ** 128n);
      }),
    );
  });

  it('loses no record and keeps each key’s order for readers that go from parents to children', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), reshardings, (shardCount, steps) => {
        const { stream } = setUp(shardCount, Number.POSITIVE_INFINITY);
        let count = 0;
        const putRound = () => {
          for (const partitionKey of ['a', 'b', 'c', 'd', 'e']) {
            stream.put({ partitionKey, data: Buffer.from(String(count)) });
            count += 1;
          }
        };
        putRound();
        for (const step of steps) {
          reshard(stream, step);
          putRound();
        }
        const byKey = new Map<string, number[]>();
        // In order of creation parents come before their children.
        for (const { id } of stream.shards) {
          for (const { partitionKey, data } of stream.read(stream.startAt(id, TRIM_HORIZON)).records) {
            byKey.set(partitionKey, [...(byKey.get(partitionKey) ?? []), Number(data)]);
          }
        }
        const all = [...byKey.values()];
        expect(all.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
        for (const numbers of all) expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      }),
    );
  });

  it('to a number of shards makes them even', () => {
    const { stream } = setUp(4);
    updateShardCount(stream, 5);
    const fifth = 2n ** 128n / 5n;
    expect(stream.openShards.map(({ hashKeys }) => fromHex(hashKeys.startingHex))).toEqual(
      [0n, 1n, 2n, 3n, 4n].map((i) => i * fifth),
    );
    expect(
      stream.shards.every(({ parentId, adjacentParentId }) => parentId !== undefined || !adjacentParentId),
    ).toBe(true);
  });

  it.each([3, 17])('refuses a target of %i for eight shards', (target) => {
    const { stream } = setUp(8);
    expect(() => updateShardCount(stream, target)).toThrow(
      expect.objectContaining({
        code: 'LimitExceededException',
        message: expect.stringContaining('from 4 to 16'),
      }),
    );
  });

  it('refuses to split or merge a closed shard', () => {
    const { stream } = setUp();
    const shard = stream.shard(SHARD_0);
    splitShard(stream, shard, 'f'.repeat(32));
    const refused = expect.objectContaining({ code: 'InvalidArgumentException' });
    expect(() => splitShard(stream, shard, '8'.padEnd(32, '0'))).toThrow(refused);
  });
});
