/** Faults between producers and the stream. */
import {
  DescribeStreamSummaryCommand,
  ListShardsCommand,
  MergeShardsCommand,
  type Shard,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { LOADER_METRICS } from '../../../lib/contract/names';
import type { Drill } from '../drill';
import type { FaultCase } from '../faultCase';

const partialFailures: FaultCase = {
  name: 'kinesis-partial-failures',
  standsFor: 'Kinesis fails to store some records of a PutRecords request',
  injects: 'a third of the records is answered InternalFailure',
  seenBy: 'the producer’s counts: further requests, no event unsent',
  surroundings: 'patient',
  async run(drill) {
    drill.arm({
      refuseRecord: (shardId) => (drill.plan.strikes(1 / 3, 30) ? { kind: 'failed', shardId } : undefined),
    });
    await drill.send();
    await drill.recover();
    drill.mustReach('requests of the producer', total(drill, 'requests'), 2);
    drill.mustBe('events unsent', total(drill, 'eventsUnsent'), 0);
  },
};

const throttledShards: FaultCase = {
  name: 'kinesis-throttled-shards',
  standsFor: 'one shard gets more than its share and throttles',
  injects: 'one shard refuses half of the records that are put to it',
  seenBy: 'the producer’s count of throttled records (on AWS also the alarm on throttled records)',
  surroundings: 'patient',
  async run(drill) {
    const shards = await openShards(drill);
    const hot = drill.plan.pick(shards).ShardId;
    drill.arm({
      refuseRecord: (shardId) =>
        shardId === hot && drill.plan.strikes(1 / 2, 30) ? { kind: 'throttled', shardId } : undefined,
    });
    await drill.send();
    await drill.recover();
    drill.mustBe('records throttled', total(drill, 'throttledEntries'), drill.plan.injected);
  },
};

const timeoutAfterWrite: FaultCase = {
  name: 'kinesis-timeout-after-write',
  standsFor:
    'the answer to PutRecords is lost after the records were stored, and the producer sends them again',
  injects: 'the connection is cut after the write',
  seenBy: 'LoaderRowsDuplicate: more than the copies that producers sent',
  surroundings: 'patient',
  async run(drill) {
    drill.arm({
      kinesis: (operation) =>
        operation === 'PutRecords' && drill.plan.first(2) ? { disconnect: 'after' } : undefined,
    });
    await drill.send();
    await drill.recover();
    drill.metricMustReach(LOADER_METRICS.rowsDuplicate, drill.traffic.truth.duplicates + 1);
  },
};

const reshard: FaultCase = {
  name: 'kinesis-reshard',
  standsFor: 'the shard count follows the traffic while events come in',
  injects: 'between sends a shard is split and two others are merged',
  seenBy: 'the stream’s open shards; records of closed shards are read to their end',
  surroundings: 'patient',
  async run(drill) {
    const before = await openShardCount(drill);
    for (const [index, part] of drill.parts().entries()) {
      const sending = drill.send(part);
      if (index % 2 === 0) await split(drill);
      else if (index < 4) await merge(drill);
      await sending;
    }
    await drill.recover();
    drill.mustBe('open shards more than before', (await openShardCount(drill)) - before, 1);
  },
};

async function split(drill: Drill): Promise<void> {
  const { ShardId, HashKeyRange } = drill.plan.pick(await openShards(drill));
  const start = BigInt(HashKeyRange?.StartingHashKey ?? 0);
  const end = BigInt(HashKeyRange?.EndingHashKey ?? 0);
  const NewStartingHashKey = String((start + end) / 2n + 1n);
  await drill.target.kinesis.send(
    new SplitShardCommand({ StreamName: drill.target.streamName, ShardToSplit: ShardId, NewStartingHashKey }),
  );
  drill.plan.injected++;
}

async function merge(drill: Drill): Promise<void> {
  const shards = await openShards(drill);
  const index = drill.plan.between(0, shards.length - 2);
  await drill.target.kinesis.send(
    new MergeShardsCommand({
      StreamName: drill.target.streamName,
      ShardToMerge: shards[index]?.ShardId,
      AdjacentShardToMerge: shards[index + 1]?.ShardId,
    }),
  );
  drill.plan.injected++;
}

/** Open shards in the order of their hash keys. */
async function openShards({ target }: Drill): Promise<Shard[]> {
  const { Shards = [] } = await target.kinesis.send(
    new ListShardsCommand({ StreamName: target.streamName, ShardFilter: { Type: 'AT_LATEST' } }),
  );
  const start = ({ HashKeyRange }: Shard) => BigInt(HashKeyRange?.StartingHashKey ?? 0);
  return Shards.toSorted((a, b) => (start(a) < start(b) ? -1 : 1));
}

async function openShardCount({ target }: Drill): Promise<number> {
  const { StreamDescriptionSummary } = await target.kinesis.send(
    new DescribeStreamSummaryCommand({ StreamName: target.streamName }),
  );
  return StreamDescriptionSummary?.OpenShardCount ?? 0;
}

function total({ sent }: Drill, count: 'requests' | 'eventsUnsent' | 'throttledEntries'): number {
  return sent.reduce((sum, counts) => sum + counts[count], 0);
}

export const KINESIS_CASES: readonly FaultCase[] = [
  partialFailures,
  throttledShards,
  timeoutAfterWrite,
  reshard,
];
