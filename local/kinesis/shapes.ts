/** Streams and shards as the API describes them. */
import { fromHex } from './hashKeys';
import type { Shard } from './shard';
import type { Stream } from './stream';

export function hashKeyRange({ hashKeys }: Shard) {
  return {
    StartingHashKey: fromHex(hashKeys.startingHex).toString(),
    EndingHashKey: fromHex(hashKeys.endingHex).toString(),
  };
}

export function describeShard(shard: Shard) {
  const { endingSequenceNumber } = shard;
  return {
    ShardId: shard.id,
    ...(shard.parentId ? { ParentShardId: shard.parentId } : {}),
    ...(shard.adjacentParentId ? { AdjacentParentShardId: shard.adjacentParentId } : {}),
    HashKeyRange: hashKeyRange(shard),
    SequenceNumberRange: {
      StartingSequenceNumber: shard.startingSequenceNumber,
      ...(endingSequenceNumber ? { EndingSequenceNumber: endingSequenceNumber } : {}),
    },
  };
}

/** What DescribeStream, DescribeStreamSummary and ListStreams say alike. */
export function describeStream(stream: Stream) {
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    StreamStatus: 'ACTIVE',
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
    StreamCreationTimestamp: stream.createdAtMillis / 1000,
  };
}

export function describeDetails(stream: Stream) {
  return {
    ...describeStream(stream),
    RetentionPeriodHours: stream.retentionHours,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: 'NONE',
  };
}
