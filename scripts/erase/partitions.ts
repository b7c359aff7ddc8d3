/** Which hourly partitions of the lake are searched. */
import { HOUR_MILLIS } from '../../lib/contract/units';
import type { Lake } from './lake';

/** Arrival hours, epoch milliseconds; undefined is unbounded. */
export interface HourRange {
  readonly fromMillis: number | undefined;
  /** Not included. */
  readonly toMillis: number | undefined;
}

/**
 * An object is named for the arrival of its oldest record and takes what comes until its buffer is full, 15 minutes at
 * most: the partition before the range may hold some of it.
 */
const BUFFER_MILLIS = HOUR_MILLIS;

/** Prefixes below `prefix` that hold objects: hourly partitions in the range, in order. */
export async function* partitions(lake: Lake, prefix: string, range: HourRange): AsyncGenerator<string> {
  if (!isWithin(prefix, range)) return;
  if (/hour=\d\d\/$/.test(prefix)) {
    yield prefix;
    return;
  }
  const { prefixes, versions } = await lake.level(prefix);
  // Whatever lies outside of partitions is searched, too.
  if (versions.length > 0) yield prefix;
  else for (const below of prefixes) yield* partitions(lake, below, range);
}

/** Whether a prefix, however deep, may hold hours of the range. */
function isWithin(prefix: string, { fromMillis, toMillis }: HourRange): boolean {
  const match = /year=(\d{4})\/(?:month=(\d\d)\/)?(?:day=(\d\d)\/)?(?:hour=(\d\d)\/)?$/.exec(prefix);
  if (!match) return true;
  const [year, month, day, hour] = match
    .slice(1)
    .map((digits) => (digits === undefined ? undefined : Number(digits)));
  const start = Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0);
  const end = endOf(start, [month, day, hour]);
  return (
    (fromMillis === undefined || end + BUFFER_MILLIS > fromMillis) &&
    (toMillis === undefined || start < toMillis)
  );
}

function endOf(start: number, [month, day, hour]: (number | undefined)[]): number {
  const end = new Date(start);
  if (hour !== undefined) return start + HOUR_MILLIS;
  if (day !== undefined) end.setUTCDate(end.getUTCDate() + 1);
  else if (month !== undefined) end.setUTCMonth(end.getUTCMonth() + 1);
  else end.setUTCFullYear(end.getUTCFullYear() + 1);
  return end.getTime();
}
