/** Ways to have capacity: a fixed count, a scaled one, on-demand. */
import { KINESIS_SHARD_BYTES_PER_SECOND } from '../../contract/limits';
import { decide } from '../decide';
import { LOOK_BACK_HOURS } from '../look';
import type { ScalingPolicy } from '../policy';
import { INITIAL_STATE, reconcile, withChange } from '../state';
import type { MinuteTraffic } from '../types';
import { SimulatedStream } from './stream';
import { SECONDS_PER_HOUR, SECONDS_PER_MINUTE } from './week';

const { max } = Math;

/** How long after a minute's end CloudWatch shows it. */
const CLOUDWATCH_DELAY_MINUTES = 2;

/** The fullest shard over the mean one: keys never spread evenly. Measured for the packer's keys, see docs/capacity.md. */
export const FULLEST_SHARD = 1.1;

/** Something that takes what producers send. */
export interface Strategy {
  readonly name: string;
  /** Bytes it takes in this second. */
  takes(second: number): number;
  /** Shards it has; undefined for on-demand. */
  shards(second: number): number | undefined;
  /** Is told what was measured in the minute that ended at `second`. */
  afterMinute(second: number, minute: MinuteTraffic): void;
  /** Seconds at which the shard count was changed. */
  readonly changeSeconds: readonly number[];
}

/** Always the same shards. */
export function fixedShards(name: string, shards: number): Strategy {
  return {
    name,
    takes: () => takenBy(shards),
    shards: () => shards,
    afterMinute: () => undefined,
    changeSeconds: [],
  };
}

/** Shards that follow the traffic, by the very decision that is deployed. */
export function scaledShards(
  name: string,
  { initialShards, quota, policy }: { initialShards: number; quota: number; policy: ScalingPolicy },
): Strategy {
  const stream = new SimulatedStream(initialShards, quota);
  const measured: MinuteTraffic[] = [];
  let state = INITIAL_STATE;
  return {
    name,
    takes: (second) => takenBy(stream.openShards(second)),
    shards: (second) => stream.openShards(second),
    changeSeconds: stream.changeSeconds,
    afterMinute: (second, minute) => {
      measured.push(minute);
      if (measured.length > MINUTES_LOOKED_BACK + CLOUDWATCH_DELAY_MINUTES) measured.shift();
      const nowMillis = second * 1_000;
      const observation = {
        nowMillis,
        openShards: stream.openShards(second),
        isSettled: stream.isSettled(second),
      };
      state = reconcile(state, observation).state;
      const minutes = measured.slice(0, -CLOUDWATCH_DELAY_MINUTES);
      const decision = decide({ observation, state, minutes, policy });
      if (decision.action === 'hold') return;
      const { toShards, reason } = decision;
      stream.updateShardCount(second, toShards);
      state = withChange(state, {
        atMillis: nowMillis,
        fromShards: observation.openShards,
        toShards,
        reason,
      });
    },
  };
}

const MINUTES_LOOKED_BACK = LOOK_BACK_HOURS * (SECONDS_PER_HOUR / SECONDS_PER_MINUTE);

function takenBy(shards: number): number {
  return (shards * KINESIS_SHARD_BYTES_PER_SECOND) / FULLEST_SHARD;
}

/** What on-demand takes at once, over its highest peak so far. */
const ON_DEMAND_FACTOR = 2;
/** A peak counts once it is this old. */
const ON_DEMAND_DELAY_MINUTES = 15;

/**
 * On-demand: twice the highest minute of the last 30 days, which a quarter of an hour after it has risen rises too
 * (Kinesis developer guide, on-demand mode).
 * @param leastBytesPerSecond what a new stream takes
 * @param earlierPeakBytesPerSecond highest minute before the week
 */
export function onDemand(
  name: string,
  {
    leastBytesPerSecond,
    earlierPeakBytesPerSecond,
  }: { leastBytesPerSecond: number; earlierPeakBytesPerSecond: number },
): Strategy {
  let peak = earlierPeakBytesPerSecond;
  const waiting: number[] = [];
  return {
    name,
    takes: () => max(leastBytesPerSecond, ON_DEMAND_FACTOR * peak) / FULLEST_SHARD,
    shards: () => undefined,
    changeSeconds: [],
    afterMinute: (_second, minute) => {
      waiting.push(minute.bytes / SECONDS_PER_MINUTE);
      if (waiting.length > ON_DEMAND_DELAY_MINUTES) peak = max(peak, waiting.shift() ?? 0);
    },
  };
}
