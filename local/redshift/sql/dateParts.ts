/** Date parts under all the names Redshift gives them (Redshift guide, "Date parts for date or timestamp functions"). */
import { RedshiftError } from '../redshiftError';
import { type Ast, bodyOf, literalOf, nameOf } from './ast';

const NAMES = {
  millennium: ['mil', 'mils', 'millennia'],
  century: ['c', 'cent', 'cents', 'centuries'],
  decade: ['dec', 'decs', 'decades'],
  year: ['y', 'yr', 'yrs', 'years'],
  quarter: ['qtr', 'qtrs', 'quarters'],
  month: ['mon', 'mons', 'months'],
  week: ['w', 'weeks'],
  day: ['d', 'days'],
  dayofweek: ['dow', 'dw', 'weekday'],
  dayofyear: ['doy', 'dy', 'yearday'],
  hour: ['h', 'hr', 'hrs', 'hours'],
  minute: ['m', 'min', 'mins', 'minutes'],
  second: ['s', 'sec', 'secs', 'seconds'],
  millisecond: ['ms', 'msec', 'msecs', 'msecond', 'mseconds', 'millisec', 'millisecs', 'milliseconds'],
  microsecond: ['microsec', 'microsecs', 'microseconds', 'usec', 'usecs', 'us'],
  epoch: [],
} as const;

export type DatePart = keyof typeof NAMES;

const BY_NAME = new Map<string, DatePart>(
  (Object.keys(NAMES) as DatePart[]).flatMap((part) => [part, ...NAMES[part]].map((name) => [name, part])),
);

/** The date part a function argument names, bare (`day`) or as a string (`'day'`). */
export function datePart(argument: Ast | undefined): DatePart {
  const bare = bodyOf(argument, 'var')?.this ?? bodyOf(argument, 'column')?.name;
  return datePartByName(literalOf(argument)?.value ?? nameOf(bare) ?? '');
}

/** @throws RedshiftError when no date part has that name */
export function datePartByName(name: string): DatePart {
  const part = BY_NAME.get(name.toLowerCase());
  if (!part) throw new RedshiftError(`timestamp units "${name}" not recognized`);
  return part;
}

/** DuckDB's interval of `n` of a part. */
const INTERVALS: Partial<Record<DatePart, string>> = {
  millennium: 'to_months(12000 * CAST({1} AS INTEGER))',
  century: 'to_months(1200 * CAST({1} AS INTEGER))',
  decade: 'to_months(120 * CAST({1} AS INTEGER))',
  year: 'to_months(12 * CAST({1} AS INTEGER))',
  quarter: 'to_months(3 * CAST({1} AS INTEGER))',
  month: 'to_months(CAST({1} AS INTEGER))',
  week: 'to_days(7 * CAST({1} AS INTEGER))',
  day: 'to_days(CAST({1} AS INTEGER))',
  hour: 'to_hours(CAST({1} AS BIGINT))',
  minute: 'to_minutes(CAST({1} AS BIGINT))',
  second: 'to_seconds(CAST({1} AS BIGINT))',
  millisecond: 'to_milliseconds(CAST({1} AS BIGINT))',
  microsecond: 'to_microseconds(CAST({1} AS BIGINT))',
};

/** True for parts that time can be cut into or added up from; a day of the week is none. */
export function isLengthOfTime(part: DatePart): boolean {
  return INTERVALS[part] !== undefined;
}

/** Template of DATEADD: `{0}` is the timestamp, `{1}` the count. */
export function addTemplate(part: DatePart): string {
  const interval = INTERVALS[part];
  if (!interval) throw new RedshiftError(`timestamp units "${part}" not supported`);
  return `(CAST({0} AS TIMESTAMP) + ${interval})`;
}
