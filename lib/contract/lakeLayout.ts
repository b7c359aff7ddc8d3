/** Where things lie in the lake's bucket. Infrastructure, Lambdas and tools all take the prefixes from here. */

/** Parquet objects with events, partitioned by arrival hour in UTC. */
export const EVENTS_PREFIX = 'events/';
/** What Firehose could not deliver, by error type. Holds originals with personal data. */
export const ERRORS_PREFIX = 'errors/';
/** Events and records the transform rejected: gzipped JSON lines. Holds originals with personal data. */
export const REJECTED_PREFIX = 'rejected/';
/** COPY manifests the loader writes. */
export const MANIFESTS_PREFIX = 'manifests/';

/** Partition keys of the events table, all strings of digits, in path order. */
export const PARTITION_KEYS = ['year', 'month', 'day', 'hour'] as const;

/** Firehose prefix expression of the hourly partitions (Java DateTimeFormatter patterns, UTC). */
export const HOURLY_PARTITION_EXPRESSION =
  'year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/';
