import path from 'node:path';
import fc from 'fast-check';
import { compareKeys, plainPath } from '../../../local/s3/keys';
import { encodeKey } from '../../../local/s3/notifications';

const keys = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc
    .array(fc.constantFrom('a', 'A', '.', '..', '', 'b c', 'é', '\u{1F600}', '\uFFFD', 'x\\y', 'n.'), {
      minLength: 1,
      maxLength: 6,
    })
    .map((segments) => segments.join('/')),
);

describe('an object key', () => {
  it('never leads out of the bucket’s directory, and two keys never share a path', () => {
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        const [pathA, pathB] = [plainPath(a), plainPath(b)];
        if (pathA !== undefined) {
          expect(path.posix.join('/lake/bucket', pathA).startsWith('/lake/bucket/')).toBe(true);
          if (a !== b)
            expect(pathB === undefined || path.posix.normalize(pathB) !== path.posix.normalize(pathA)).toBe(
              true,
            );
        }
      }),
    );
  });

  it('is the path as it reads, when every part of it is safe', () => {
    const key = 'events/year=2026/month=03/day=01/hour=12/clicks-1-2026-03-01-12-00-00-abc.parquet';
    expect(plainPath(key)).toBe(key);
  });

  it('sorts as its UTF-8 bytes do', () => {
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        // Lone surrogates have no UTF-8 of their own; no request can carry one.
        fc.pre(a.isWellFormed() && b.isWellFormed());
        const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(Math.sign(compareKeys(a, b))).toBe(expected);
      }),
    );
  });

  it('is form-encoded in event messages, but for slashes', () => {
    expect(encodeKey('events/year=2026/a b+c(1)~é.parquet')).toBe(
      'events/year%3D2026/a+b%2Bc%281%29%7E%C3%A9.parquet',
    );
  });

  it('can be read back from event messages as the form encoding it is', () => {
    fc.assert(
      fc.property(keys, (key) => {
        fc.pre(key.isWellFormed());
        expect(decodeURIComponent(encodeKey(key).replace(/\+/g, ' '))).toBe(key);
      }),
    );
  });
});
