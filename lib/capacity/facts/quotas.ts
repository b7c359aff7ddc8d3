/** Limits and quotas that decide sizes. What runtime code has to keep too comes from lib/contract/limits.ts. */
import {
  FIREHOSE_DIRECT_PUT_BYTES_PER_SECOND,
  KINESIS_RECORD_BYTES,
  KINESIS_SHARD_BYTES_PER_SECOND,
  KINESIS_SHARD_COUNT_CHANGES_PER_DAY,
  KINESIS_SHARD_COUNT_TARGET,
  KINESIS_SHARD_RECORDS_PER_SECOND,
  LAMBDA_PAYLOAD_BYTES,
} from '../../contract/limits';
import { documented, type Fact } from './fact';

const KINESIS_QUOTAS = 'Kinesis Data Streams developer guide, quotas and limits';
const FIREHOSE_QUOTAS = 'Data Firehose developer guide, quota';
const LAMBDA_QUOTAS = 'Lambda developer guide, quotas';

export const QUOTAS = {
  kinesisRecordBytes: documented(KINESIS_RECORD_BYTES, 'bytes', KINESIS_QUOTAS),
  kinesisShardBytesIn: documented(KINESIS_SHARD_BYTES_PER_SECOND, 'bytes/s per shard', KINESIS_QUOTAS),
  kinesisShardRecordsIn: documented(KINESIS_SHARD_RECORDS_PER_SECOND, 'records/s per shard', KINESIS_QUOTAS),
  kinesisShardBytesOut: documented(2_000_000, 'bytes/s per shard, all standard consumers', KINESIS_QUOTAS),
  kinesisShardsLargeRegion: documented(20_000, 'shards per account', KINESIS_QUOTAS),
  /** Some regions have 6,000; the lower figure is planned with, because which have it is not listed in one place. */
  kinesisShardsOtherRegion: documented(1_000, 'shards per account', KINESIS_QUOTAS),
  kinesisUpdateShardCountTarget: documented(
    KINESIS_SHARD_COUNT_TARGET,
    'shards',
    'Kinesis API reference, UpdateShardCount',
  ),
  kinesisShardCountChangesPerDay: documented(
    KINESIS_SHARD_COUNT_CHANGES_PER_DAY,
    'calls in 24 h per stream',
    'Kinesis API reference, UpdateShardCount',
  ),
  kinesisOnDemandStart: documented(4_000_000, 'bytes/s', KINESIS_QUOTAS),
  kinesisOnDemandLargeRegion: documented(10_000_000_000, 'bytes/s', KINESIS_QUOTAS),
  /** Some regions have 400 MB/s; the lower figure is planned with. */
  kinesisOnDemandOtherRegion: documented(200_000_000, 'bytes/s', KINESIS_QUOTAS),
  lambdaPayloadBytes: documented(LAMBDA_PAYLOAD_BYTES, 'bytes', LAMBDA_QUOTAS),
  lambdaConcurrency: documented(1_000, 'concurrent executions per account', LAMBDA_QUOTAS),
  firehoseTransformBufferMinMebibytes: documented(0.2, 'MiB', 'Firehose API reference, ProcessorParameter'),
  firehoseTransformBufferMaxMebibytes: documented(3, 'MiB', 'Firehose API reference, ProcessorParameter'),
  firehoseDirectPutLargeRegion: documented(
    FIREHOSE_DIRECT_PUT_BYTES_PER_SECOND,
    'bytes/s per delivery stream',
    FIREHOSE_QUOTAS,
  ),
  firehoseDirectPutOtherRegion: documented(1024 ** 2, 'bytes/s per delivery stream', FIREHOSE_QUOTAS),
} as const satisfies Record<string, Fact>;

/** Regions where Kinesis and Firehose start with their large quotas (the services' quota pages). */
const LARGE_REGIONS: ReadonlySet<string> = new Set(['us-east-1', 'us-west-2', 'eu-west-1']);

/** The quotas of a region: the large ones in us-east-1, us-west-2 and eu-west-1, else the smallest there are. */
export function regionalQuotas(region: string): {
  readonly shards: number;
  readonly onDemandBytesPerSecond: number;
  readonly directPutBytesPerSecond: number;
} {
  const large = LARGE_REGIONS.has(region);
  return {
    shards: (large ? QUOTAS.kinesisShardsLargeRegion : QUOTAS.kinesisShardsOtherRegion).value,
    onDemandBytesPerSecond: (large ? QUOTAS.kinesisOnDemandLargeRegion : QUOTAS.kinesisOnDemandOtherRegion)
      .value,
    directPutBytesPerSecond: (large
      ? QUOTAS.firehoseDirectPutLargeRegion
      : QUOTAS.firehoseDirectPutOtherRegion
    ).value,
  };
}
