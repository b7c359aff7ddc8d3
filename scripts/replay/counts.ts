/** What a replay did, in numbers that add up. */

/** How many, by reason. */
export type ByReason = Record<string, number>;

/** Counts of a replay of originals, from `errors/` or `rejected/`. */
export interface OriginalCounts {
  /** Objects read to their end. */
  objects: number;
  bytes: number;
  /** Objects that were not read, by reason. */
  objectsSkipped: ByReason;
  /** = blank + corrupt + duplicate + otherReason + parts + records */
  lines: number;
  blank: number;
  /** Lines that are not what they should be; kept in a side file. */
  corrupt: number;
  /** Lines of originals that were taken before. */
  duplicate: number;
  /** Lines with another reason than the one asked for. */
  otherReason: number;
  /** Lines with a part of an original, but for the one that made it whole. */
  parts: number;
  /** Originals: records, or single rejected events. */
  records: number;
  /** = stamped + unchanged + unsendable + skipped. A record that cannot be opened counts as one. */
  events: number;
  /** Sent with id and time of receipt. */
  stamped: number;
  /** Sent as they came: the transform rejects them, and keeps them in `rejected/`. */
  unchanged: number;
  /** Too large to go back; kept in a side file. */
  unsendable: number;
  /** Not sent, by reason. */
  skipped: ByReason;
  /** Kinesis records sent, and their bytes. */
  recordsSent: number;
  bytesSent: number;
}

/** Counts to begin with. */
export function noOriginalCounts(): OriginalCounts {
  return {
    objects: 0,
    bytes: 0,
    objectsSkipped: {},
    lines: 0,
    blank: 0,
    corrupt: 0,
    duplicate: 0,
    otherReason: 0,
    parts: 0,
    records: 0,
    events: 0,
    stamped: 0,
    unchanged: 0,
    unsendable: 0,
    skipped: {},
    recordsSent: 0,
    bytesSent: 0,
  };
}

export function countReason(counts: ByReason, reason: string): void {
  counts[reason] = (counts[reason] ?? 0) + 1;
}

export function sum(counts: ByReason): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** Equations that do not hold; none, unless the replay lost count. */
export function violations(counts: OriginalCounts): string[] {
  const { lines, blank, corrupt, duplicate, otherReason, parts, records } = counts;
  const { events, stamped, unchanged, unsendable, skipped } = counts;
  const accounted = blank + corrupt + duplicate + otherReason + parts + records;
  const found: string[] = [];
  if (lines !== accounted) found.push(`${lines} lines were read and ${accounted} are accounted for`);
  const fates = stamped + unchanged + unsendable + sum(skipped);
  if (events !== fates) found.push(`${events} events were found and ${fates} are accounted for`);
  return found;
}
