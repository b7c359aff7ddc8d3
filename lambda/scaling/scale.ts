/** One run: look at the stream, decide, change, write down. */
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  DescribeStreamSummaryCommand,
  type KinesisClient,
  LimitExceededException,
  ResourceInUseException,
  ScalingType,
  StreamMode,
  StreamStatus,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { decide } from '../../lib/scaling/decide';
import type { ScalingPolicy } from '../../lib/scaling/policy';
import { reconcile, withChange } from '../../lib/scaling/state';
import type { Decision, ShardChange, StreamObservation } from '../../lib/scaling/types';
import { readMinutes } from './measurements';
import type { StateStore } from './stateStore';

/** Where a run writes what it does. */
export interface Log {
  info(message: string, details: Record<string, unknown>): void;
  warn(message: string, details: Record<string, unknown>): void;
  error(message: string, details: Record<string, unknown>): void;
}

/** What a run works with. */
export interface ScaleOptions {
  readonly kinesis: KinesisClient;
  readonly cloudWatch: CloudWatchClient;
  readonly store: Pick<StateStore, 'load' | 'save'>;
  readonly log: Log;
  readonly streamName: string;
  readonly policy: ScalingPolicy;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What a run saw and did: the function's answer and its metrics. */
export interface ScaleSummary {
  readonly shards: number;
  /** Undefined when the last minutes were not measured. */
  readonly shardsNeeded: number | undefined;
  /** After the run. */
  readonly changesLeft: number;
  /** More shards are needed and something forbids them. */
  readonly isBlocked: boolean;
  /** Somebody else changed the count since the last run. */
  readonly outsideChange: boolean;
  readonly decision: Decision['action'] | 'refused';
  readonly reason: Decision['reason'];
  /** Shards asked for; undefined when nothing was changed. */
  readonly toShards: number | undefined;
}

/**
 * Runs once.
 *
 * A change is written down after AWS has accepted it. Should the function die in between, the next run finds another
 * count than it remembers and counts it as somebody else's: AWS's ten a day are never passed for want of memory.
 * @throws Error when the stream is on-demand, or a service does not answer
 */
export async function scale(options: ScaleOptions): Promise<ScaleSummary> {
  const { cloudWatch, store, log, streamName, policy } = options;
  const observation = await observe(options);
  const remembered = await store.load();
  const { state, outsideChange } = reconcile(remembered, observation);
  if (outsideChange !== undefined) {
    const { fromShards, toShards } = outsideChange;
    log.warn('Somebody else changed the shard count', { fromShards, toShards });
  }
  const minutes = await readMinutes(cloudWatch, streamName, observation.nowMillis);
  const decision = decide({ observation, state, minutes, policy });
  const outcome = await carryOut(options, decision, observation.openShards);
  const newState = outcome.change === undefined ? state : withChange(state, outcome.change);
  if (newState !== remembered) await store.save(newState);
  return {
    shards: observation.openShards,
    shardsNeeded: decision.shardsNeeded,
    changesLeft: decision.changesLeft - (outcome.change === undefined ? 0 : 1),
    isBlocked: outcome.isBlocked,
    outsideChange: outsideChange !== undefined,
    decision: outcome.isRefused ? 'refused' : decision.action,
    reason: decision.reason,
    toShards: outcome.change?.toShards,
  };
}

interface Outcome {
  /** What AWS accepted. */
  readonly change: ShardChange | undefined;
  readonly isRefused: boolean;
  readonly isBlocked: boolean;
}

async function carryOut(options: ScaleOptions, decision: Decision, fromShards: number): Promise<Outcome> {
  const { kinesis, log, streamName, now } = options;
  const details = { shards: fromShards, ...decision };
  if (decision.action === 'hold') {
    log.info('Shard count kept', details);
    return { change: undefined, isRefused: false, isBlocked: decision.isBlocked };
  }
  const { toShards, reason } = decision;
  try {
    await kinesis.send(
      new UpdateShardCountCommand({
        StreamName: streamName,
        TargetShardCount: toShards,
        ScalingType: ScalingType.UNIFORM_SCALING,
      }),
    );
  } catch (error) {
    const isLimit = error instanceof LimitExceededException;
    // In use: somebody else's change began after the stream was described. The next run sees it.
    if (!isLimit && !(error instanceof ResourceInUseException)) throw error;
    log.error('AWS refused to change the shard count', {
      ...details,
      error: `${error.name}: ${error.message}`,
    });
    return { change: undefined, isRefused: true, isBlocked: isLimit && toShards > fromShards };
  }
  log.info('Shard count changed', details);
  return { change: { atMillis: now(), fromShards, toShards, reason }, isRefused: false, isBlocked: false };
}

async function observe({ kinesis, streamName, now }: ScaleOptions): Promise<StreamObservation> {
  const { StreamDescriptionSummary: stream } = await kinesis.send(
    new DescribeStreamSummaryCommand({ StreamName: streamName }),
  );
  if (stream?.OpenShardCount === undefined)
    throw new Error(`Kinesis did not describe the stream ${streamName}`);
  if (stream.StreamModeDetails?.StreamMode === StreamMode.ON_DEMAND) {
    throw new Error(
      `The stream ${streamName} is ON_DEMAND, only PROVISIONED streams are scaled: take stream.scaling out of the ` +
        'configuration, or switch the stream back',
    );
  }
  return {
    nowMillis: now(),
    openShards: stream.OpenShardCount,
    isSettled: stream.StreamStatus === StreamStatus.ACTIVE,
  };
}
