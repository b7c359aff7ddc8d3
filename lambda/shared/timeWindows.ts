/** Literal time windows on `received_at` in which duplicates of a batch are looked for. Pure. */

import { timestampLiteral } from '../../lib/contract/sqlText';
import { HOUR_MILLIS } from '../../lib/contract/units';

/** A window stays within what four digits can say, whatever a sender took for the year. */
const EARLIEST_MILLIS = Date.parse('0001-01-01T00:00:00.000Z');
const LATEST_MILLIS = Date.parse('9999-12-31T23:59:59.999Z');

/** A span of whole hours, ends included, as `yyyymmddhh` in UTC: what `received_hour` holds. */
export interface HourSpan {
  readonly fromHour: number;
  readonly toHour: number;
}

/** A span of time in epoch milliseconds; `toMillis` itself is outside. */
export interface TimeWindow {
  readonly fromMillis: number;
  readonly toMillis: number;
}

/**
 * Most windows in one statement: more make the predicate slow to evaluate for every block, and the gaps between the
 * closest are small.
 */
export const MAX_WINDOWS = 8;

/**
 * Start of an hour given as `yyyymmddhh`, in epoch milliseconds.
 * @throws RangeError when it is no such hour
 */
export function hourMillis(hour: number): number {
  const digits = String(hour).padStart(10, '0');
  const [, year, month, day, hours] = /^(\d{4})(\d\d)(\d\d)(\d\d)$/.exec(digits) ?? [];
  const text = `${year}-${month}-${day}T${hours}:00:00.000Z`;
  const millis = Date.parse(text);
  // Date.parse takes 31 February for 3 March.
  if (Number.isNaN(millis) || new Date(millis).toISOString() !== text) {
    throw new RangeError(`${hour} is no hour; it must be yyyymmddhh in UTC`);
  }
  return millis;
}

/**
 * Disjoint windows, in order, that cover every span and `lookBackHours` on both sides of it.
 * @throws RangeError when a span holds no valid hour
 */
export function duplicateWindows(
  spans: readonly HourSpan[],
  lookBackHours: number,
  maxWindows: number = MAX_WINDOWS,
): TimeWindow[] {
  const lookBackMillis = lookBackHours * HOUR_MILLIS;
  const windows = mergeOverlapping(
    spans.map(({ fromHour, toHour }) => ({
      fromMillis: Math.max(EARLIEST_MILLIS, hourMillis(fromHour) - lookBackMillis),
      toMillis: Math.min(LATEST_MILLIS, hourMillis(toHour) + HOUR_MILLIS + lookBackMillis),
    })),
  );
  while (windows.length > maxWindows) mergeClosest(windows);
  return windows;
}

/**
 * The windows as a predicate on `column`; FALSE when there are none.
 * @param column qualified name of a TIMESTAMP column
 */
export function windowPredicate(column: string, windows: readonly TimeWindow[]): string {
  if (windows.length === 0) return 'FALSE';
  const terms = windows.map(
    ({ fromMillis, toMillis }) =>
      `(${column} >= ${timestampLiteral(fromMillis)} AND ${column} < ${timestampLiteral(toMillis)})`,
  );
  const [first] = windows;
  const last = windows.at(-1);
  if (first === undefined || last === undefined || windows.length === 1) return `(${terms.join(' OR ')})`;
  // The outer bounds prune blocks whatever Redshift makes of the alternatives.
  const bounds = `${column} >= ${timestampLiteral(first.fromMillis)} AND ${column} < ${timestampLiteral(last.toMillis)}`;
  return `(${bounds} AND (${terms.join(' OR ')}))`;
}

/** Disjoint windows, in order, that cover the same time. */
export function mergeOverlapping(windows: readonly TimeWindow[]): TimeWindow[] {
  const merged: TimeWindow[] = [];
  for (const window of windows.toSorted((a, b) => a.fromMillis - b.fromMillis)) {
    const last = merged.at(-1);
    if (last !== undefined && window.fromMillis <= last.toMillis) {
      merged[merged.length - 1] = union(last, window);
    } else {
      merged.push(window);
    }
  }
  return merged;
}

/** Merges the two neighbours with the smallest gap between them. */
function mergeClosest(windows: TimeWindow[]): void {
  let closest: { index: number; gap: number; window: TimeWindow } | undefined;
  for (const [index, window] of windows.entries()) {
    const next = windows[index + 1];
    if (next === undefined) continue;
    const gap = next.fromMillis - window.toMillis;
    if (closest === undefined || gap < closest.gap) closest = { index, gap, window: union(window, next) };
  }
  if (closest !== undefined) windows.splice(closest.index, 2, closest.window);
}

function union(a: TimeWindow, b: TimeWindow): TimeWindow {
  return {
    fromMillis: Math.min(a.fromMillis, b.fromMillis),
    toMillis: Math.max(a.toMillis, b.toMillis),
  };
}
