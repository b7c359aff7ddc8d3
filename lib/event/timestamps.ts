/**
 * Reads the times senders give and writes the one form Firehose's SerDe takes. Written by hand rather than with
 * `Date`: five times an event it is the transform's hottest code, and `Date.parse` reads zone-less text as local.
 */
import { DAY_MILLIS, HOUR_MILLIS, MINUTE_MILLIS, SECOND_MILLIS } from '../contract/units';

/** Latest time taken: the end of the year 2100. The earliest is 1970-01-01. */
const LATEST_MILLIS = Date.UTC(2101, 0, 1) - 1;

/**
 * Epoch numbers below this are seconds, above are milliseconds: as seconds it is the year 5138, as milliseconds
 * 1973-03-03.
 */
const SECONDS_BELOW = 1e11;
/** Epoch numbers from here on are microseconds: as milliseconds it is the year 5138. */
const MICROSECONDS_FROM = 1e14;

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Milliseconds since 1970 of a time as a sender may give it: epoch seconds, milliseconds or microseconds (told by
 * magnitude; as a number or as digits), ISO 8601, or `yyyy-MM-dd HH:mm:ss[.fraction]`. Without an offset it is UTC.
 * Undefined when it is none of these, or outside the years 1970 to 2100.
 */
export function parseTimestamp(value: unknown): number | undefined {
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string') return undefined;
  return /^\d+(\.\d+)?$/.test(value) ? fromEpoch(Number(value)) : plausible(fromText(value));
}

function plausible(millis: number): number | undefined {
  return millis >= 0 && millis <= LATEST_MILLIS ? millis : undefined;
}

function fromEpoch(value: number): number | undefined {
  if (value < SECONDS_BELOW) return plausible(Math.round(value * SECOND_MILLIS));
  return plausible(value < MICROSECONDS_FROM ? Math.round(value) : Math.floor(value / 1_000));
}

/** Value of the two digits at `at`, or NaN. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Milliseconds since 1970 of a date and time in text, or NaN. */
function fromText(text: string): number {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (!(month >= 1 && month <= 12) || text[4] !== '-' || text[7] !== '-') return Number.NaN;
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const daysInMonth = month === 2 && !isLeapYear ? 28 : (DAYS_IN_MONTH[month - 1] ?? 0);
  if (!(day >= 1 && day <= daysInMonth)) return Number.NaN;
  const midnight = Date.UTC(year, month - 1, day);
  if (text.length === 10) return midnight;
  return midnight + timeOfDay(text);
}

/** Milliseconds after midnight UTC of the time from the 11th character on, offset applied, or NaN. */
function timeOfDay(text: string): number {
  const separator = text[10];
  if ((separator !== 'T' && separator !== ' ' && separator !== 't') || text[13] !== ':') return Number.NaN;
  const hours = twoDigits(text, 11);
  const minutes = twoDigits(text, 14);
  let seconds = 0;
  let at = 16;
  if (text[at] === ':') {
    seconds = twoDigits(text, 17);
    at = 19;
  }
  // A leap second, 23:59:60, counts as the first second of the next minute.
  if (!(hours <= 23 && minutes <= 59 && seconds <= 60)) return Number.NaN;
  let millis = 0;
  if (at === 19 && (text[at] === '.' || text[at] === ',')) {
    const firstDigit = at + 1;
    at = firstDigit;
    let scale = 100;
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (!(digit >= 0 && digit <= 9)) break;
      millis += digit * scale;
      scale = scale === 1 ? 0 : scale / 10;
    }
    if (at === firstDigit) return Number.NaN;
  }
  return (
    hours * HOUR_MILLIS + minutes * MINUTE_MILLIS + seconds * SECOND_MILLIS + millis - offsetMillis(text, at)
  );
}

/** Offset from UTC that ends the text at `at`: nothing, Z, +hh, +hhmm or +hh:mm; else NaN. */
function offsetMillis(text: string, at: number): number {
  const rest = text.length - at;
  if (rest === 0) return 0;
  const sign = text[at];
  if (sign === 'Z' || sign === 'z') return rest === 1 ? 0 : Number.NaN;
  if (sign !== '+' && sign !== '-') return Number.NaN;
  const hours = twoDigits(text, at + 1);
  let minutes = 0;
  if (rest === 5) minutes = twoDigits(text, at + 3);
  else if (rest === 6 && text[at + 3] === ':') minutes = twoDigits(text, at + 4);
  else if (rest !== 3) return Number.NaN;
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  const millis = hours * HOUR_MILLIS + minutes * MINUTE_MILLIS;
  return sign === '-' ? -millis : millis;
}

const THREE_DIGITS = Array.from({ length: 1_000 }, (_, value) => String(value).padStart(3, '0'));

const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

/** Times of a batch lie close together, so what was last worked out for a day or an hour is likely wanted next. */
let lastDay = Number.NaN;
let lastDayText = '';
let lastHour = Number.NaN;
let lastHourNumber = Number.NaN;

function dayText(day: number): string {
  if (day !== lastDay) {
    lastDay = day;
    lastDayText = new Date(day * DAY_MILLIS).toISOString().slice(0, 10);
  }
  return lastDayText;
}

/** Writes milliseconds since 1970 as `yyyy-MM-dd HH:mm:ss.SSS` in UTC, the form of timestamp columns. */
export function formatTimestamp(millis: number): string {
  const day = Math.floor(millis / DAY_MILLIS);
  const timeOfDay = millis - day * DAY_MILLIS;
  const hours = TWO_DIGITS[Math.floor(timeOfDay / HOUR_MILLIS)];
  const minutes = TWO_DIGITS[Math.floor(timeOfDay / MINUTE_MILLIS) % 60];
  const seconds = TWO_DIGITS[Math.floor(timeOfDay / SECOND_MILLIS) % 60];
  return `${dayText(day)} ${hours}:${minutes}:${seconds}.${THREE_DIGITS[timeOfDay % SECOND_MILLIS]}`;
}

/** UTC hour of a time as the number yyyymmddhh. */
export function hourNumber(millis: number): number {
  const hour = Math.floor(millis / HOUR_MILLIS);
  if (hour !== lastHour) {
    lastHour = hour;
    lastHourNumber = Number(new Date(hour * HOUR_MILLIS).toISOString().slice(0, 13).replace(/\D/g, ''));
  }
  return lastHourNumber;
}
