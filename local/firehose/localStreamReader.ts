/** Reads a local Kinesis stream in-process, under the limits that GetRecords has. */
import { AwsError } from '../http/awsError';
import type { ShardPosition, Stream } from '../kinesis/stream';
import type { StreamReader } from './kinesisSource';

/** A reader of the stream. A read past the shard's limits brings nothing, and the next round tries again. */
export function localStreamReader(stream: Stream): StreamReader<ShardPosition> {
  return {
    shardIds: async () => stream.shards.map(({ id }) => id),
    position: async (shardId, type) => stream.startAt(shardId, { type }),
    async read(position) {
      try {
        const { records, next, millisBehindLatest } = stream.read(position);
        return {
          records: records.map(({ data, arrivedAtMillis, partitionKey, sequenceNumber }) => ({
            data,
            arrivalMillis: arrivedAtMillis,
            kinesis: { shardId: position.shardId, partitionKey, sequenceNumber },
          })),
          next,
          caughtUp: millisBehindLatest === 0,
        };
      } catch (error) {
        if (error instanceof AwsError && error.code === 'ProvisionedThroughputExceededException') {
          return { records: [], next: position, caughtUp: false };
        }
        throw error;
      }
    },
  };
}
