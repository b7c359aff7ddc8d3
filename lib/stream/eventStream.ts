/** The stream producers put packed events into. */
import { Duration } from 'aws-cdk-lib';
import { ShardLevelMetrics, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import type { CapacityPlan } from '../capacity/types';
import type { EnvironmentConfig } from '../config';
import type { DataRemoval } from '../foundation/removal';

export interface EventStreamProps {
  readonly retentionHours: EnvironmentConfig['stream']['retentionHours'];
  /** The planned shards; undefined for on-demand mode. */
  readonly shards: CapacityPlan['stream']['shards'];
  readonly removal: DataRemoval;
}

/**
 * Encrypted with the service's own key: a customer key would cost every producer and consumer KMS calls and grants
 * and protect nothing more, because records live here for hours.
 */
export class EventStream extends Construct {
  readonly stream: Stream;

  constructor(scope: Construct, id: string, { retentionHours, shards, removal }: EventStreamProps) {
    super(scope, id);
    this.stream = new Stream(this, 'Stream', {
      streamMode: shards === undefined ? StreamMode.ON_DEMAND : StreamMode.PROVISIONED,
      shardCount: shards,
      retentionPeriod: Duration.hours(retentionHours),
      encryption: StreamEncryption.MANAGED,
      shardLevelMetrics: hotShardMetrics(shards),
      removalPolicy: removal.policy,
    });
  }
}

/**
 * Shard-level metrics cost 0.30 USD a month each and shard: with one shard they say what the stream's own metrics
 * say, with several these two show which shard is hot.
 */
function hotShardMetrics(shards: number | undefined): ShardLevelMetrics[] | undefined {
  if (shards === undefined || shards === 1) return undefined;
  return [ShardLevelMetrics.INCOMING_BYTES, ShardLevelMetrics.WRITE_PROVISIONED_THROUGHPUT_EXCEEDED];
}
