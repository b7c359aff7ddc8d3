/** Values for people. */
import type { Cell } from '../../wire';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** 1,234 */
export const count = (value: number) => whole.format(value);
/** 1,234.56 */
export const amount = (value: number) => fine.format(value);
/** 1.2K */
export const compact = (value: number) => short.format(value);
/** 12.3 % of a share between 0 and 1. */
export const percent = (share: number) => `${(share * 100).toFixed(share !== 0 && share < 0.1 ? 2 : 1)} %`;

/** 1.2 MB */
export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  return `${scaled >= 100 || power === 0 ? scaled.toFixed(0) : scaled.toFixed(1)} ${units[power]}`;
}

/** A rate; small ones keep a digit. */
export const rate = (perSecond: number) =>
  perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1) : compact(perSecond);

/** How long ago, such as `12 s ago`. */
export function ago(fromMillis: number, nowMillis: number): string {
  const seconds = Math.max(0, Math.round((nowMillis - fromMillis) / 1000));
  if (seconds < 90) return `${seconds} s ago`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min ago` : `${Math.round(minutes / 60)} h ago`;
}

/** 14:03:07 in the reader's time zone. */
export function clockTime(millis: number): string {
  return new Date(millis).toLocaleTimeString('en-GB');
}

/** A cell of a result as text: numbers as the warehouse gave them, for somebody who asks in SQL rounds there. */
export function cellText(value: Cell): string {
  return value === null ? '' : String(value);
}
