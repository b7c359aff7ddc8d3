/** Where things lie in the lake's bucket. Infrastructure, Lambdas and tools all take the prefixes from here. */

/** Parquet objects with events, partitioned by arrival hour in UTC. */
export const EVENTS_PREFIX = 'events/';
/** How Firehose names event objects. What else lies under `events/`, such as a "folder" of S3's console, nobody loads. */
export const EVENT_OBJECT_SUFFIX = '.parquet';
/** What Firehose could not deliver, by error type. Holds originals with personal data. */
export const ERRORS_PREFIX = 'errors/';
/** Events and records the transform rejected: gzipped JSON lines. Holds originals with personal data. */
export const REJECTED_PREFIX = 'rejected/';
/** Objects COPY could not load, moved aside: the key they had under `events/` follows, `events/` included. */
export const QUARANTINE_PREFIX = 'quarantine/';
/** Counts of every transform invocation by arrival hour and site: gzipped JSON lines, no personal data. */
export const COUNTS_PREFIX = 'counts/';
/** What erasing a visitor or user leaves: receipts without personal data, and while it runs its state. */
export const ERASURES_PREFIX = 'erasures/';
/** Identifiers of an erasure while it works on the warehouse, for COPY; deleted at its end. */
export const ERASURE_IDS_PREFIX = `${ERASURES_PREFIX}ids/`;
/**
 * User metadata (x-amz-meta-...) of an object that was rewritten when the warehouse had its rows already: the name of
 * that cluster, whose loader then has nothing to load.
 */
export const LOADED_INTO_METADATA = 'loaded-into';
/** COPY manifests the loader writes. */
export const MANIFESTS_PREFIX = 'manifests/';

/** Partition keys of the events table, all strings of digits, in path order. */
export const PARTITION_KEYS = ['year', 'month', 'day', 'hour'] as const;

/** Table of the events in the environment's Glue database. */
export const EVENTS_TABLE_NAME = 'events';

/** Firehose prefix expression of the hourly partitions (Java DateTimeFormatter patterns, UTC). */
export const HOURLY_PARTITION_EXPRESSION =
  'year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/';

/** The partition of an hour, as that expression writes it; partitions sort as their hours do. Epoch milliseconds. */
export function hourPartition(millis: number): string {
  const [year, month, day, hour] = new Date(millis).toISOString().split(/[-T:]/);
  return `year=${year}/month=${month}/day=${day}/hour=${hour}/`;
}

/** Start of the hour whose partition a key lies in, epoch milliseconds; undefined when it lies in none. */
export function partitionHour(key: string): number | undefined {
  const [, year, month, day, hour] = /year=(\d{4})\/month=(\d\d)\/day=(\d\d)\/hour=(\d\d)\//.exec(key) ?? [];
  const millis = Date.parse(`${year}-${month}-${day}T${hour}:00:00.000Z`);
  return Number.isNaN(millis) ? undefined : millis;
}
