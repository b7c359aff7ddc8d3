/** Kinesis's limits that only the server has to keep (Kinesis Data Streams quotas and API reference). */
import { KINESIS_PUT_RECORDS_BYTES } from '../../lib/contract/limits';

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
/** PutRecords's bytes as base64 are a third more; the rest is room for the JSON around them. */
export const MAX_REQUEST_BODY_BYTES = 2 * KINESIS_PUT_RECORDS_BYTES;
