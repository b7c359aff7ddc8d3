/** Writes times into JSON, fast: times of one slice share their minute. */
import { MINUTE_MILLIS } from '../../../lib/contract/units';

/** Seconds and milliseconds of a minute, as text. */
const SECONDS = Array.from(
  { length: MINUTE_MILLIS },
  (_, millis) =>
    `${String(Math.floor(millis / 1_000)).padStart(2, '0')}.${String(millis % 1_000).padStart(3, '0')}`,
);

/** Minutes as text, up to the seconds. */
const remembered = new Map<number, string>();
const MOST_REMEMBERED = 10_000;

/** ISO 8601 in UTC, with milliseconds. */
export function isoTime(millis: number): string {
  const minute = Math.floor(millis / MINUTE_MILLIS);
  let text = remembered.get(minute);
  if (text === undefined) {
    text = new Date(minute * MINUTE_MILLIS).toISOString().slice(0, 17);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(minute, text);
  }
  return `${text}${SECONDS[millis - minute * MINUTE_MILLIS]}Z`;
}
