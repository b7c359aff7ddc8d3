import fc from 'fast-check';
import { RecordBytes } from '../../../local/kinesis/recordBytes';

describe('the bytes of records', () => {
  it('come back as they were, whether they fit in memory or not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 20 }),
        fc.nat(500),
        (all, bound) => {
          const bytes = new RecordBytes(bound);
          const stored = all.map((data) => bytes.store(Buffer.from(data)));
          expect(stored.map((one) => [...bytes.load(one)])).toEqual(all.map((data) => [...data]));
          const inMemory = stored.filter((one) => Buffer.isBuffer(one));
          expect(inMemory.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(bound);
          bytes.close();
        },
      ),
    );
  });

  it('find room in memory again when others are released', () => {
    const bytes = new RecordBytes(10);
    const first = bytes.store(Buffer.alloc(10));
    expect(Buffer.isBuffer(bytes.store(Buffer.alloc(1)))).toBe(false);
    bytes.release(first);
    expect(Buffer.isBuffer(bytes.store(Buffer.alloc(10)))).toBe(true);
    bytes.close();
  });
});
