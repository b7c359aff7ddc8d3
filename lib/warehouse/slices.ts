/** How the warehouse's events are divided by the time they were loaded. Pure. */

/** Slices one retention is divided into: the events kept too long are at most the share of one. */
const SLICES_PER_RETENTION = 6;
/** A slice of months would keep too much, whatever the retention. */
const MOST_SLICE_DAYS = 31;

/** Days a slice is open, for a retention. */
export function sliceDaysFor(retentionDays: number): number {
  return Math.min(MOST_SLICE_DAYS, Math.max(1, Math.floor(retentionDays / SLICES_PER_RETENTION)));
}
