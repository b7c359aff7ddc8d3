import { toBigint, toBoolean, toDouble, toInt, toText } from '../../../lambda/transform/coerce';

describe('coercion', () => {
  test.each<[unknown, string | undefined]>([
    ['a', 'a'],
    [1.5, '1.5'],
    [false, 'false'],
    [{}, undefined],
    [[], undefined],
  ])('to text: %p', (value, expected) => {
    expect(toText(value)).toBe(expected);
  });

  test.each<[unknown, number | undefined]>([
    [1.5, 1.5],
    ['1.5', 1.5],
    [' -2. ', -2],
    ['.5', 0.5],
    ['+1e3', 1_000],
    ['1e999', undefined],
    ['', undefined],
    [' ', undefined],
    ['0x10', undefined],
    ['1,5', undefined],
    ['1.2.3', undefined],
    ['Infinity', undefined],
    [Number.NaN, undefined],
    [true, undefined],
    [[1], undefined],
  ])('to a double: %p', (value, expected) => {
    expect(toDouble(value)).toBe(expected);
  });

  test.each<[unknown, number | undefined]>([
    [1.5, 2],
    ['7', 7],
    [2_147_483_647, 2_147_483_647],
    [2_147_483_648, undefined],
    [-2_147_483_648, -2_147_483_648],
    [-2_147_483_649, undefined],
  ])('to a whole number of 32 bits: %p', (value, expected) => {
    expect(toInt(value)).toBe(expected);
  });

  test('to a whole number of 53 bits', () => {
    expect(toBigint('9007199254740991')).toBe(9_007_199_254_740_991);
    expect(toBigint(2 ** 53)).toBeUndefined();
  });

  test.each<[unknown, boolean | undefined]>([
    [true, true],
    [1, true],
    ['TRUE ', true],
    ['1', true],
    [false, false],
    [0, false],
    ['false', false],
    ['0', false],
    ['yes', undefined],
    [2, undefined],
    ['', undefined],
    [{}, undefined],
  ])('to a truth: %p', (value, expected) => {
    expect(toBoolean(value)).toBe(expected);
  });

  test('ends on texts made to take long', () => {
    expect(toDouble(`${'1'.repeat(1_000_000)}x`)).toBeUndefined();
    expect(toDouble(`${' '.repeat(1_000_000)}x`)).toBeUndefined();
  });
});
