/** Hours of an audit, as the start of each in epoch milliseconds. Pure. */
import { HOUR_MILLIS } from '../../lib/contract/units';

/** Start of the hour a time lies in. */
export function hourOf(millis: number): number {
  return Math.floor(millis / HOUR_MILLIS) * HOUR_MILLIS;
}

/** Hours from `fromMillis` on, the one of `toMillis` not among them. */
export function hoursBetween(fromMillis: number, toMillis: number): number[] {
  const hours: number[] = [];
  for (let hour = hourOf(fromMillis); hour < toMillis; hour += HOUR_MILLIS) hours.push(hour);
  return hours;
}

/** `2026-11-22T21`, in UTC. */
export function hourText(hour: number): string {
  return new Date(hour).toISOString().slice(0, 13);
}

/**
 * Start of an hour given as `2026-11-22T21`, in UTC.
 * @throws RangeError when it is no such hour
 */
export function parseHour(text: string): number {
  const millis = Date.parse(`${text}:00:00.000Z`);
  if (Number.isNaN(millis) || hourText(millis) !== text) {
    throw new RangeError(`"${text}" is no hour; it must be like 2026-11-22T21, in UTC`);
  }
  return millis;
}

/** Start of an hour given as the number yyyymmddhh in text, as counts have it; NaN when it is none. */
export function parseHourNumber(text: string): number {
  const [, date, hour] = /^(\d{8})(\d\d)$/.exec(text) ?? [];
  if (date === undefined || hour === undefined) return Number.NaN;
  return Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${hour}:00:00.000Z`);
}

/** Hours in groups of at most `size`, the group of the last ones first. */
export function groupsFromLast(hours: readonly number[], size: number): number[][] {
  const groups: number[][] = [];
  for (let end = hours.length; end > 0; end -= size) groups.push(hours.slice(Math.max(0, end - size), end));
  return groups;
}
