import type { PackedEntry } from '../../../../lambda/shared/packing';
import { batchEntries, totalBytes } from '../../../../lambda/shared/packing/batches';

async function batchesOf(sizes: readonly number[], targetBytes: number): Promise<number[]> {
  async function* entries(): AsyncGenerator<PackedEntry, void> {
    for (const size of sizes) {
      yield {
        kind: 'entry',
        data: new Uint8Array(size),
        partitionKey: '12345678',
        explicitHashKey: '0',
        eventCount: 1,
        expandedBytes: size,
      };
    }
  }
  const lengths: number[] = [];
  for await (const batch of batchEntries(entries(), () => targetBytes)) {
    expect(totalBytes(batch)).toBeLessThanOrEqual(10 * 1024 * 1024);
    lengths.push(batch.length);
  }
  return lengths;
}

describe('batches of entries', () => {
  test('hold at most 500 entries', async () => {
    expect(await batchesOf(new Array<number>(1_001).fill(1), Number.POSITIVE_INFINITY)).toEqual([
      500, 500, 1,
    ]);
  });

  test('hold at most 10 MiB, partition keys counted, however much the target allows', async () => {
    const mebibyteWithKey = 1_048_576 - 8;
    expect(await batchesOf(new Array<number>(21).fill(mebibyteWithKey), Number.POSITIVE_INFINITY)).toEqual([
      10, 10, 1,
    ]);
    expect(await batchesOf(new Array<number>(10).fill(mebibyteWithKey + 1), 1e9)).toEqual([9, 1]);
  });

  test('are closed at the target, and hold an entry even when it is larger', async () => {
    expect(await batchesOf([92, 92, 92, 500, 92], 200)).toEqual([2, 1, 1, 1]);
  });
});
