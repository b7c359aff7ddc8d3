/** AWS's hard limits that runtime code has to keep, each with its source. Prices and quotas live in lib/capacity. */

/** Lambda's synchronous request and response payload: 6 MB (Lambda quotas; 6 * 1024 * 1024 bytes). */
export const LAMBDA_PAYLOAD_BYTES = 6 * 1024 * 1024;
/** Longest a Lambda function may run: 15 minutes (Lambda quotas). */
export const LAMBDA_TIMEOUT_SECONDS = 900;

/** Kinesis: data blob plus partition key of one record, 1 MiB by default (PutRecords API reference). */
export const KINESIS_RECORD_BYTES = 1024 * 1024;
/** Kinesis: records per PutRecords request. */
export const KINESIS_PUT_RECORDS_COUNT = 500;
/** Kinesis: bytes per PutRecords request, partition keys counted: 10 MiB. */
export const KINESIS_PUT_RECORDS_BYTES = 10 * 1024 * 1024;
/** Kinesis: bytes per second and shard, partition keys counted (service quotas say MB). */
export const KINESIS_SHARD_BYTES_PER_SECOND = 1_000_000;
/** Kinesis: records per second and shard. */
export const KINESIS_SHARD_RECORDS_PER_SECOND = 1_000;

/** Kinesis UpdateShardCount: calls per stream in any 24 hours (API reference, default limits). */
export const KINESIS_SHARD_COUNT_CHANGES_PER_DAY = 10;
/** Kinesis UpdateShardCount: most shards a stream can be resized to (API reference, default limits). */
export const KINESIS_SHARD_COUNT_TARGET = 10_000;

/** Firehose Direct PUT: bytes per second and delivery stream in large regions such as us-east-1 (quotas). */
export const FIREHOSE_DIRECT_PUT_BYTES_PER_SECOND = 5 * 1024 * 1024;
/** Firehose PutRecordBatch: records per request (API reference). */
export const FIREHOSE_PUT_BATCH_COUNT = 500;
/** Firehose PutRecordBatch: bytes per request, 4 MiB. */
export const FIREHOSE_PUT_BATCH_BYTES = 4 * 1024 * 1024;
/** Firehose: bytes per record before base64, 1,000 KiB. */
export const FIREHOSE_RECORD_BYTES = 1_000 * 1024;

/** Redshift Data API: bytes of one SQL statement, 100 KB. */
export const DATA_API_STATEMENT_BYTES = 100_000;
/** Redshift Data API: statements in one BatchExecuteStatement. */
export const DATA_API_BATCH_STATEMENTS = 40;

/** SQS: messages per ReceiveMessage and per DeleteMessageBatch. */
export const SQS_BATCH_COUNT = 10;
