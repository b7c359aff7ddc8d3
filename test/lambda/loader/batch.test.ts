import fc from 'fast-check';
import { MAX_OBJECTS, nextBatch } from '../../../lambda/loader/batch';
import type { LakeObject } from '../../../lambda/loader/lakeObject';

const object = (key: string, bytes: number): LakeObject => ({
  key,
  eTag: '"1"',
  bytes,
  rows: 1,
  columnCount: 60,
  createdAtMillis: 0,
  hours: undefined,
});

describe('nextBatch', () => {
  it('stops before the bytes or the objects would be too many', () => {
    const objects = [object('a', 4), object('b', 5), object('c', 2)];
    expect(nextBatch(objects, { maxObjects: 9, maxBytes: 10 }).batch.map(({ key }) => key)).toEqual([
      'a',
      'b',
    ]);
    expect(nextBatch(objects, { maxObjects: 1, maxBytes: 10 }).batch.map(({ key }) => key)).toEqual(['a']);
  });

  it('takes an object that is larger than the limit alone', () => {
    const { batch, rest } = nextBatch([object('a', 99), object('b', 1)], { maxObjects: 9, maxBytes: 10 });
    expect(batch.map(({ key }) => key)).toEqual(['a']);
    expect(rest.map(({ key }) => key)).toEqual(['b']);
  });

  it('loses nothing, keeps the order, and comes to an end', () => {
    const bytes = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 60 });
    fc.assert(
      fc.property(
        bytes,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 80 }),
        (sizes, maxObjects, maxBytes) => {
          const objects = sizes.map((size, index) => object(`${index}`, size));
          const loaded: LakeObject[] = [];
          let waiting: readonly LakeObject[] = objects;
          while (waiting.length > 0) {
            const { batch, rest } = nextBatch(waiting, { maxObjects, maxBytes });
            expect(batch.length).toBeGreaterThan(0);
            expect(batch.length).toBeLessThanOrEqual(maxObjects);
            const sum = batch.reduce((total, { bytes }) => total + bytes, 0);
            expect(batch.length === 1 || sum <= maxBytes).toBe(true);
            loaded.push(...batch);
            waiting = rest;
          }
          expect(loaded).toEqual(objects);
        },
      ),
    );
  });

  it('never exceeds what one Data API batch can write down', () => {
    const objects = Array.from({ length: 3_000 }, (_, index) => object(`${index}`, 1));
    expect(nextBatch(objects, { maxObjects: 1e9, maxBytes: 1e9 }).batch).toHaveLength(MAX_OBJECTS);
  });
});
