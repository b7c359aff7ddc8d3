/** Numbers and errors as people read them, for messages and reports. */
import { MEBIBYTE, MEGABYTE } from './units';

/** 1234.4 as "1,234". */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Three significant digits below 1,000, whole numbers above: 0.0116, 43.4, 1,234. */
export function rounded(value: number): string {
  if (value === 0) return '0';
  if (value >= 1_000) return count(value);
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 10 });
}

/** Bytes in MB of 10^6: "43.4 MB". */
export function megabytes(bytes: number): string {
  return `${rounded(bytes / MEGABYTE)} MB`;
}

/** Bytes in MiB of 2^20: "1.6 MiB". */
export function mebibytes(bytes: number): string {
  return `${rounded(bytes / MEBIBYTE)} MiB`;
}

/** Bytes in the decimal unit that suits: "512 bytes", "64 KB", "4.52 TB". */
export function bytes(value: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'];
  let scaled = value;
  let unit = 0;
  while (scaled >= 1_000 && unit < units.length - 1) {
    scaled /= 1_000;
    unit += 1;
  }
  return `${rounded(scaled)} ${units[unit]}`;
}

/** US dollars: cents below 100, whole dollars above. */
export function dollars(value: number): string {
  return value < 100 ? value.toFixed(2) : count(value);
}

/** A number with its noun: "1 shard", "109 shards". */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** A share as a percentage: 0.5 as "50 %". */
export function percent(share: number): string {
  return `${rounded(share * 100)} %`;
}

/** What an error says; anything else that was thrown, as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
