/** Kinesis's limits that only the server has to keep (Kinesis Data Streams quotas and API reference). */

/** GetRecords: bytes of one answer. */
export const GET_RECORDS_BYTES = 10_000_000;
/** GetRecords: records of one answer. */
export const GET_RECORDS_COUNT = 10_000;
/** Bytes per second that all polling consumers of a shard share. */
export const SHARD_READ_BYTES_PER_SECOND = 2_000_000;
/** GetRecords calls per second and shard. */
export const SHARD_READ_CALLS_PER_SECOND = 5;
/** GetShardIterator calls per second and shard. */
export const SHARD_ITERATOR_CALLS_PER_SECOND = 5;
/** A shard iterator is good for five minutes. */
export const ITERATOR_LIFETIME_MILLIS = 300_000;
/** Partition key: Unicode characters. */
export const PARTITION_KEY_CHARACTERS = 256;
export const DEFAULT_RETENTION_HOURS = 24;
export const MAX_RETENTION_HOURS = 8_760;
/** UpdateShardCount: calls per stream in 24 hours. */
export const SHARD_COUNT_UPDATES_PER_DAY = 10;
export const MAX_SHARDS = 10_000;
/** PutRecords's 10 MiB as base64, and the JSON around it. */
export const MAX_REQUEST_BODY_BYTES = 16 * 1024 * 1024;
