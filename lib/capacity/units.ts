/** Units that sizes, rates and bills are told in. */

export const KIBIBYTE = 1024;
export const MEBIBYTE = 1024 ** 2;
/** AWS's bills say GB and mean 2^30 bytes. */
export const GIBIBYTE = 1024 ** 3;
/** Traffic and disks are told in TB of 10^12 bytes. */
export const TERABYTE = 1e12;
export const MEGABYTE = 1e6;

export const SECONDS_PER_DAY = 86_400;
/** A month of the bill has 30 days, 720 hours. */
export const DAYS_PER_MONTH = 30;
export const HOURS_PER_MONTH = 24 * DAYS_PER_MONTH;
export const SECONDS_PER_MONTH = SECONDS_PER_DAY * DAYS_PER_MONTH;

/** The least multiple of `step` that is not below `value`. */
export function roundUpTo(step: number, value: number): number {
  return Math.ceil(value / step) * step;
}
