import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { fitsBytes, shortHash, storable, truncateBytes } from '../../lib/event/text';

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const bytesOf = (text: string) => Buffer.from(text).length;

describe('fitsBytes', () => {
  test('counts bytes of UTF-8', () => {
    fc.assert(
      fc.property(anyText, fc.nat(120), (text, limit) =>
        expect(fitsBytes(text, limit)).toBe(bytesOf(text) <= limit),
      ),
    );
  });
});

describe('truncateBytes', () => {
  test.each([
    ['abcdef', 3, 'abc'],
    ['äöü', 5, 'äö'],
    ['äöü', 6, 'äöü'],
    ['日本語', 8, '日本'],
    ['a😀b', 4, 'a'],
    ['a😀b', 5, 'a😀'],
    ['😀', 3, ''],
    ['abc', 0, ''],
  ])('cuts %j to %d bytes as %j', (text, limit, expected) => {
    expect(truncateBytes(text, limit)).toBe(expected);
  });

  test('keeps the longest beginning of whole characters that fits', () => {
    fc.assert(
      fc.property(anyText, fc.nat(120), (text, limit) => {
        const cut = truncateBytes(text, limit);
        expect(text.startsWith(cut)).toBe(true);
        expect(cut.isWellFormed()).toBe(true);
        expect(bytesOf(cut)).toBeLessThanOrEqual(limit);
        const [next = ''] = text.slice(cut.length);
        if (next !== '') expect(bytesOf(cut + next)).toBeGreaterThan(limit);
      }),
    );
  });

  test('cuts a text far longer than its limit between the halves of no character', () => {
    expect(truncateBytes('😀'.repeat(1_000), 10)).toBe('😀😀');
  });
});

test('shortHash is the beginning of the SHA-256', () => {
  expect(shortHash('visitor')).toBe(createHash('sha256').update('visitor').digest('hex').slice(0, 32));
  // The empty text's hash, as published.
  expect(shortHash('')).toBe('e3b0c44298fc1c149afbf4c8996fb924');
});

describe('storable', () => {
  test('leaves out NUL and mends half a surrogate pair', () => {
    expect(storable('a\0b\0')).toBe('ab');
    expect(storable('x\ud83dy')).toBe('x\ufffdy');
    expect(storable('\udc00')).toBe('\ufffd');
    expect(storable('whole 😀')).toBe('whole 😀');
  });

  test('always survives UTF-8 unchanged', () => {
    const withHalves = fc
      .array(fc.integer({ min: 0, max: 0xffff }))
      .map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(withHalves, (text) => {
        const stored = storable(text);
        expect(Buffer.from(stored).toString()).toBe(stored);
        expect(stored).not.toContain('\0');
      }),
    );
  });
});
