/** Reads the values of flags. */
import { InvalidArgumentError } from 'commander';
import { parseTimestamp } from '../../lib/event/timestamps';

/** A whole number, which may be written with separators or as 1e6. */
export function wholeNumber(text: string): number {
  const value = Number(text.replaceAll(/[_,]/g, ''));
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a whole number, such as 100000 or 1e6.');
}

/** A percentage, with or without the sign. */
export function percent(text: string): number {
  const value = Number(text.replace(/%$/, ''));
  if (text.trim() !== '' && value >= 0 && value <= 100) return value;
  throw new InvalidArgumentError('It must be a number from 0 to 100.');
}

/** Events per second, with or without `/s`. */
export function eventsPerSecond(text: string): number {
  const value = Number(text.replaceAll(/[_,]/g, '').replace(/\/s$/, ''));
  if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be events per second above 0, such as 5000 or 5000/s.');
}

/** Epoch milliseconds of ISO 8601. */
export function isoTime(text: string): number {
  const millis = /^\d{4}-/.test(text) ? parseTimestamp(text) : undefined;
  if (millis !== undefined) return millis;
  throw new InvalidArgumentError(
    'It must be a date or a time in ISO 8601, such as 2026-10-05 or 2026-10-05T06:00:00Z.',
  );
}
