/** Where things lie in the lake's bucket. Infrastructure, Lambdas and tools all take the prefixes from here. */

/** Parquet objects with events, partitioned by arrival hour in UTC. */
export const EVENTS_PREFIX = 'events/';
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
/** COPY manifests the loader writes. */
export const MANIFESTS_PREFIX = 'manifests/';

/** Partition keys of the events table, all strings of digits, in path order. */
export const PARTITION_KEYS = ['year', 'month', 'day', 'hour'] as const;

/** Firehose prefix expression of the hourly partitions (Java DateTimeFormatter patterns, UTC). */
export const HOURLY_PARTITION_EXPRESSION =
  'year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/';
