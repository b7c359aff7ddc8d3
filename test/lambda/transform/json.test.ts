import fc from 'fast-check';
import {
  inspect,
  lowerCaseKeys,
  newInspection,
  parseExactly,
  storableJson,
} from '../../../lambda/transform/json';

const json = fc.jsonValue({ maxDepth: 5 });

describe('parseExactly', () => {
  test.each([
    ['12345678901234567890', '12345678901234567890'],
    ['-9007199254740993', '-9007199254740993'],
    ['9007199254740991', 9_007_199_254_740_991],
    ['1e400', '1e400'],
    ['1.5', 1.5],
    ['1e300', 1e300],
    ['"12345678901234567890"', '12345678901234567890'],
    ['"a\\"12345678901234567890\\\\"', 'a"12345678901234567890\\'],
  ])('reads %s without losing digits', (text, expected) => {
    expect(parseExactly(`[${text},{"k":${text}}]`)).toEqual([expected, { k: expected }]);
  });

  test('is JSON.parse for everything a double can hold', () => {
    const held = json.filter(
      (value) => !/\d{16}|e/i.test(JSON.stringify(value).replace(/"(?:[^"\\]|\\.)*"/g, '')),
    );
    fc.assert(
      fc.property(held, (value) =>
        expect(parseExactly(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value))),
      ),
    );
  });

  test('takes texts of megabytes', () => {
    for (const content of ['x', '\\n', '\\"', '7']) {
      const text = `["${content.repeat(3_000_000)}",12345678901234567890]`;
      expect(parseExactly(text)).toEqual([JSON.parse(text)[0], '12345678901234567890']);
    }
  });

  test('refuses what is not JSON', () => {
    for (const text of ['', '{', '"open', '"open\\', '{"a":01}', 'oops']) {
      expect(() => parseExactly(text)).toThrow(SyntaxError);
    }
  });
});

describe('inspect', () => {
  const found = (value: unknown) => {
    const inspection = newInspection();
    inspect(value, 0, inspection);
    return inspection;
  };

  test('finds upper-case keys and inexact numbers at any level', () => {
    expect(found({ a: [{ B: 1 }] })).toEqual({
      isTooDeep: false,
      hasUpperCaseKeys: true,
      hasInexactNumbers: false,
    });
    expect(found([[2 ** 53]])).toEqual({
      isTooDeep: false,
      hasUpperCaseKeys: false,
      hasInexactNumbers: true,
    });
    expect(found({ a: ['B', null, 2 ** 53 - 1] })).toEqual(newInspection());
  });

  test('stops where it is too deep', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(found(deep).isTooDeep).toBe(true);
  });
});

describe('lowerCaseKeys', () => {
  test('loses no value', () => {
    const leaves = (value: unknown): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];
    const key = fc.string({ unit: fc.constantFrom('a', 'A', 'b', '_', '2'), maxLength: 3 });
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.nat(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(value, (original) => {
        const folded = lowerCaseKeys(original);
        expect(leaves(folded).sort()).toEqual(leaves(original).sort());
        expect(JSON.stringify(folded)).toBe(JSON.stringify(folded).toLowerCase());
      }),
    );
  });

  test('takes thousands of keys that become one', () => {
    const keys = Array.from({ length: 4_096 }, (_, bits) =>
      [...'abcdefghijkl'].map((letter, at) => ((bits >> at) & 1 ? letter.toUpperCase() : letter)).join(''),
    );
    const folded = lowerCaseKeys(Object.fromEntries(keys.map((key, index) => [key, index])));
    expect(Object.keys(Object(folded))).toHaveLength(4_096);
    expect(folded).toMatchObject({ abcdefghijkl: 0, abcdefghijkl_2: 1 });
  });
});

describe('storableJson', () => {
  test('leaves a value alone whose text holds no escape', () => {
    const value = { a: 'b' };
    expect(storableJson(value, '{"a":"b"}')).toBe(value);
  });

  test('mends keys and texts, and keeps keys that become one', () => {
    const text = '{"k\\u0000":"\\ud800","k":["\\u0000x"]}';
    expect(storableJson(JSON.parse(text), text)).toEqual({ k: '\ufffd', k_2: ['x'] });
  });
});
