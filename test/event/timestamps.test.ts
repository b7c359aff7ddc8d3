import fc from 'fast-check';
import { formatTimestamp, hourNumber, parseTimestamp } from '../../lib/event/timestamps';

const END_OF_2100 = Date.UTC(2100, 11, 31, 23, 59, 59, 999);
const anyMillis = fc.integer({ min: 0, max: END_OF_2100 });

describe('parseTimestamp', () => {
  const noon = Date.UTC(2026, 10, 22, 12, 0, 0);

  test.each<[string, unknown, number]>([
    ['epoch milliseconds', noon + 5, noon + 5],
    ['epoch seconds', noon / 1000, noon],
    ['epoch seconds with a fraction', noon / 1000 + 0.25, noon + 250],
    ['epoch microseconds', noon * 1000 + 1_999, noon + 1],
    ['digits', String(noon), noon],
    ['ISO 8601', '2026-11-22T12:00:00Z', noon],
    ['ISO 8601 with an offset', '2026-11-22T13:30:00.5+01:30', noon + 500],
    ['a short offset', '2026-11-22T11:00:00-01', noon],
    ['an offset without a colon', '2026-11-22T14:00:00+0200', noon],
    ['nanoseconds', '2026-11-22T12:00:00.123456789Z', noon + 123],
    ['no offset, which is UTC', '2026-11-22T12:00:00', noon],
    ['the warehouse form', '2026-11-22 12:00:00.007', noon + 7],
    ['no seconds', '2026-11-22T12:00Z', noon],
    ['a date', '2026-11-22', Date.UTC(2026, 10, 22)],
    ['a leap day', '2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['a leap second', '2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['the first moment', 0, 0],
    ['the last moment', '2100-12-31T23:59:59.999Z', END_OF_2100],
  ])('reads %s', (_, value, expected) => {
    expect(parseTimestamp(value)).toBe(expected);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a truth', true],
    ['an object', {}],
    ['empty text', ''],
    ['words', 'yesterday'],
    ['a negative number', -1],
    ['no number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a year before 1970', '1969-12-31T23:59:59Z'],
    ['a year after 2100', '2101-01-01T00:00:00Z'],
    ['a month that is none', '2026-13-01T00:00:00Z'],
    ['a day that is none', '2026-02-29T00:00:00Z'],
    ['the 29th of February of a century', '2100-02-29'],
    ['an hour that is none', '2026-11-22T24:00:00Z'],
    ['a minute that is none', '2026-11-22T12:60:00Z'],
    ['an offset that is none', '2026-11-22T12:00:00+1'],
    ['words after it', '2026-11-22T12:00:00Z and more'],
    ['a fraction without digits', '2026-11-22T12:00:00.Z'],
    ['another order', '22/11/2026 12:00:00'],
    ['a day with one digit', '2026-11-2T12:00:00'],
  ])('does not take %s', (_, value) => {
    expect(parseTimestamp(value)).toBeUndefined();
  });

  test('reads whatever JavaScript writes, at any offset', () => {
    fc.assert(
      fc.property(anyMillis, fc.integer({ min: -14 * 60, max: 14 * 60 }), (millis, offsetMinutes) => {
        fc.pre(millis + offsetMinutes * 60_000 >= 0);
        const sign = offsetMinutes < 0 ? '-' : '+';
        const two = (value: number) => String(value).padStart(2, '0');
        const offset = `${sign}${two(Math.floor(Math.abs(offsetMinutes) / 60))}:${two(Math.abs(offsetMinutes) % 60)}`;
        const local = new Date(millis + offsetMinutes * 60_000).toISOString().replace('Z', offset);
        expect(parseTimestamp(local)).toBe(millis);
      }),
    );
  });

  test('never throws and never leaves the years 1970 to 2100', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.double(), fc.string()), (value) => {
        const millis = parseTimestamp(value);
        if (millis !== undefined) {
          expect(Number.isInteger(millis)).toBe(true);
          expect(millis).toBeGreaterThanOrEqual(0);
          expect(millis).toBeLessThanOrEqual(END_OF_2100);
        }
      }),
    );
  });
});

describe('formatTimestamp', () => {
  test('writes what JavaScript writes, in the form Firehose takes', () => {
    fc.assert(
      fc.property(anyMillis, (millis) => {
        expect(formatTimestamp(millis)).toBe(
          new Date(millis).toISOString().replace('T', ' ').replace('Z', ''),
        );
      }),
    );
  });

  test('is read back as the same time', () => {
    fc.assert(
      fc.property(anyMillis, (millis) => expect(parseTimestamp(formatTimestamp(millis))).toBe(millis)),
    );
  });
});

test('hourNumber is the hour in UTC as digits', () => {
  expect(hourNumber(Date.UTC(2026, 10, 2, 7, 59, 59, 999))).toBe(2026110207);
  expect(hourNumber(Date.UTC(2026, 10, 2, 8))).toBe(2026110208);
  expect(hourNumber(Date.UTC(1999, 11, 31, 23))).toBe(1999123123);
});
