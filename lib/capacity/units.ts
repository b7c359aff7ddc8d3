/** Units that sizes, rates and bills are told in. */

export const SECONDS_PER_DAY = 86_400;
/** A month of the bill has 30 days, 720 hours. */
export const DAYS_PER_MONTH = 30;
export const HOURS_PER_MONTH = 24 * DAYS_PER_MONTH;
export const SECONDS_PER_MONTH = SECONDS_PER_DAY * DAYS_PER_MONTH;

/** The least multiple of `step` that is not below `value`. */
export function roundUpTo(step: number, value: number): number {
  return Math.ceil(value / step) * step;
}
