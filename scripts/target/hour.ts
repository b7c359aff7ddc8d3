/** Hours on the command line. */
import { InvalidArgumentError } from 'commander';

/** Start of a day or an hour in UTC, epoch milliseconds. */
export function hour(text: string): number {
  const [, day, hours = '00'] = /^(\d{4}-\d\d-\d\d)(?:T(\d\d))?$/.exec(text) ?? [];
  const millis = Date.parse(`${day}T${hours}:00:00.000Z`);
  if (day !== undefined && new Date(millis || 0).toISOString().startsWith(`${day}T${hours}`)) return millis;
  throw new InvalidArgumentError('It must be a day or an hour in UTC, such as 2026-11-21 or 2026-11-21T07.');
}
