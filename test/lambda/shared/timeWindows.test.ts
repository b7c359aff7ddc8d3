import fc from 'fast-check';
import {
  duplicateWindows,
  hourMillis,
  MAX_WINDOWS,
  windowPredicate,
} from '../../../lambda/shared/timeWindows';

const at = (text: string) => Date.parse(`${text}Z`);

/** `yyyymmddhh` of an hour counted from 2020. */
function hourNumber(hoursSince2020: number): number {
  const text = new Date(at('2020-01-01T00:00:00') + hoursSince2020 * 3_600_000).toISOString();
  return Number(text.slice(0, 13).replaceAll(/\D/g, ''));
}

describe('hourMillis', () => {
  it('is the start of the hour in UTC', () => {
    expect(hourMillis(2026030112)).toBe(at('2026-03-01T12:00:00'));
    expect(hourMillis(2024022923)).toBe(at('2024-02-29T23:00:00'));
  });

  it.each([2026030124, 2026023101, 2026130101, 20260301, -1, Number.NaN, 1.5, 0])('refuses %p', (hour) => {
    expect(() => hourMillis(hour)).toThrow(/no hour; it must be yyyymmddhh/);
  });
});

describe('duplicateWindows', () => {
  it('reach the look-back to both sides of the hours', () => {
    expect(duplicateWindows([{ fromHour: 2026030112, toHour: 2026030113 }], 72)).toEqual([
      { fromMillis: at('2026-02-26T12:00:00'), toMillis: at('2026-03-04T14:00:00') },
    ]);
  });

  it('are merged where they touch or overlap, and apart where they do not', () => {
    const spans = [2026030112, 2020010100, 2026030114].map((hour) => ({ fromHour: hour, toHour: hour }));
    expect(duplicateWindows(spans, 1)).toEqual([
      { fromMillis: at('2019-12-31T23:00:00'), toMillis: at('2020-01-01T02:00:00') },
      { fromMillis: at('2026-03-01T11:00:00'), toMillis: at('2026-03-01T16:00:00') },
    ]);
  });

  it('are none for no hours, and then nothing is inside', () => {
    expect(duplicateWindows([], 72)).toEqual([]);
    expect(windowPredicate('e.received_at', [])).toBe('FALSE');
  });

  it('stay within four-digit years', () => {
    expect(duplicateWindows([{ fromHour: 1010100, toHour: 9999123123 }], 744)).toEqual([
      { fromMillis: at('0001-01-01T00:00:00'), toMillis: at('9999-12-31T23:59:59.999') },
    ]);
  });

  it('always cover every hour with its look-back, in order, disjoint, and few', () => {
    const hours = fc.integer({ min: 0, max: 90_000 });
    const spans = fc.array(fc.tuple(hours, fc.integer({ min: 0, max: 50 })), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 744 }), (pairs, lookBackHours) => {
        const windows = duplicateWindows(
          pairs.map(([from, length]) => ({ fromHour: hourNumber(from), toHour: hourNumber(from + length) })),
          lookBackHours,
        );
        expect(windows.length).toBeLessThanOrEqual(MAX_WINDOWS);
        for (const [index, window] of windows.entries()) {
          expect(window.fromMillis).toBeLessThan(window.toMillis);
          const next = windows[index + 1];
          if (next !== undefined) expect(window.toMillis).toBeLessThan(next.fromMillis);
        }
        const start = at('2020-01-01T00:00:00');
        for (const [from, length] of pairs) {
          const low = start + (from - lookBackHours) * 3_600_000;
          const high = start + (from + length + 1 + lookBackHours) * 3_600_000;
          expect(windows.some(({ fromMillis, toMillis }) => fromMillis <= low && high <= toMillis)).toBe(
            true,
          );
        }
      }),
    );
  });

  it('bridges the smallest gaps when there are too many', () => {
    const spans = [2020010100, 2021010100, 2021020100, 2026010100].map((hour) => ({
      fromHour: hour,
      toHour: hour,
    }));
    const windows = duplicateWindows(spans, 1, 3);
    expect(windows.map(({ fromMillis }) => new Date(fromMillis).toISOString().slice(0, 13))).toEqual([
      '2019-12-31T23',
      '2020-12-31T23',
      '2025-12-31T23',
    ]);
  });
});

describe('windowPredicate', () => {
  it('is literal, so that zone maps prune', () => {
    const windows = duplicateWindows([{ fromHour: 2026030112, toHour: 2026030112 }], 1);
    expect(windowPredicate('e.received_at', windows)).toBe(
      "((e.received_at >= '2026-03-01 11:00:00.000' AND e.received_at < '2026-03-01 14:00:00.000'))",
    );
  });

  it('bounds disjoint windows as a whole, too', () => {
    const windows = duplicateWindows(
      [
        { fromHour: 2026030112, toHour: 2026030112 },
        { fromHour: 2016022000, toHour: 2016022001 },
      ],
      1,
    );
    expect(windowPredicate('t', windows)).toBe(
      "(t >= '2016-02-19 23:00:00.000' AND t < '2026-03-01 14:00:00.000' AND (" +
        "(t >= '2016-02-19 23:00:00.000' AND t < '2016-02-20 03:00:00.000') OR " +
        "(t >= '2026-03-01 11:00:00.000' AND t < '2026-03-01 14:00:00.000')))",
    );
  });
});
