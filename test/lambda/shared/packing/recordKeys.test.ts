import { recordKeys } from '../../../../lambda/shared/packing';

/** Records per shard when `shards` shards share the circle of hash keys evenly, as Kinesis makes them. */
function recordsPerShard(start: bigint, records: number, shards: number): number[] {
  const counts = new Array<number>(shards).fill(0);
  const keys = recordKeys(start);
  for (let index = 0; index < records; index += 1) {
    const shard = Number((BigInt(keys.next().value.explicitHashKey) * BigInt(shards)) >> 128n);
    counts[shard] = (counts[shard] ?? 0) + 1;
  }
  return counts;
}

describe('record keys', () => {
  test.each([
    [2, 500],
    [44, 23],
    [109, 10],
  ])(
    'over %i shards, 1,000 records leave no shard with more than a sixth above its share',
    (shards, share) => {
      for (const start of [0n, 1n << 127n, 12_345_678_901_234_567_890n, 2n ** 128n - 1n]) {
        const counts = recordsPerShard(start, 1_000, shards);
        expect(Math.max(...counts)).toBeLessThanOrEqual(Math.ceil((share * 7) / 6));
        expect(Math.min(...counts)).toBeGreaterThanOrEqual(Math.floor((share * 5) / 6) - 1);
      }
    },
  );

  test('are valid for Kinesis: a key of 1 to 256 characters, a decimal hash key below 2^128', () => {
    const keys = recordKeys(2n ** 128n - 1n);
    for (let index = 0; index < 1_000; index += 1) {
      const { partitionKey, explicitHashKey } = keys.next().value;
      expect(partitionKey).toMatch(/^[0-9a-f]{8}$/);
      expect(explicitHashKey).toMatch(/^(0|[1-9]\d{0,38})$/);
      expect(BigInt(explicitHashKey)).toBeLessThan(2n ** 128n);
    }
  });

  test('begin at another point in each sequence, so that producers do not march in step', () => {
    const starts = new Set(Array.from({ length: 20 }, () => recordKeys().next().value.explicitHashKey));
    expect(starts.size).toBe(20);
  });
});
