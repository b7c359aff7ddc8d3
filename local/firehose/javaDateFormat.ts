/** Formats times by the patterns of Java's DateTimeFormatter, as Firehose's prefixes use them. */
import { DAY_MILLIS } from '../../lib/contract/units';

/** Parts of a time in a zone, by pattern letter. */
function parts(millis: number, timeZone: string): Readonly<Record<string, number>> {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const by = new Map(format.formatToParts(millis).map(({ type, value }) => [type, Number(value)]));
  const get = (type: Intl.DateTimeFormatPartTypes) => by.get(type) ?? 0;
  const [year, month, day] = [get('year'), get('month'), get('day')];
  const dayOfYear = Math.round((Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / DAY_MILLIS) + 1;
  return {
    y: year,
    u: year,
    M: month,
    L: month,
    d: day,
    D: dayOfYear,
    H: get('hour'),
    m: get('minute'),
    s: get('second'),
    S: millis % 1_000,
  };
}

/**
 * Formats a time. Understood are y/u, M/L (as numbers), d, D, H, m, s, S and text in single quotes.
 * @param pattern such as `yyyy-MM-dd`
 * @param millis epoch milliseconds
 * @param timeZone IANA name
 * @throws Error for a letter that is not understood
 */
export function formatJavaDate(pattern: string, millis: number, timeZone = 'UTC'): string {
  const values = parts(millis, timeZone);
  return pattern.replace(
    /'((?:[^']|'')*)'|([A-Za-z])\2*/g,
    (match: string, quoted: string | undefined, letter: string | undefined) => {
      if (letter === undefined)
        return quoted === undefined || quoted === '' ? "'" : quoted.replace(/''/g, "'");
      const value = values[letter];
      const asText = (letter === 'M' || letter === 'L') && match.length > 2;
      if (value === undefined || asText) {
        throw new Error(`Date pattern "${pattern}": "${match}" is not understood by the local run`);
      }
      if (letter === 'S')
        return String(value).padStart(3, '0').padEnd(match.length, '0').slice(0, match.length);
      if ((letter === 'y' || letter === 'u') && match.length === 2)
        return String(value % 100).padStart(2, '0');
      return String(value).padStart(match.length, '0');
    },
  );
}
