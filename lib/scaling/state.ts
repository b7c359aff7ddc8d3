/** What is remembered from run to run: the changes that AWS counts, whoever made them. */

import { KINESIS_SHARD_COUNT_CHANGES_PER_DAY } from '../contract/limits';
import { DAY_MILLIS, MINUTE_MILLIS } from '../contract/units';
import type { ScalingState, ShardChange, StreamObservation } from './types';

/**
 * How long a change counts. AWS counts 24 hours from the call; what somebody else did is seen a little later, and
 * clocks differ.
 */
const COUNTED_MILLIS = DAY_MILLIS + 5 * MINUTE_MILLIS;

/** Enough for AWS's ten a day and several of other people, few enough for a parameter of 4 KB. */
const MOST_CHANGES_KEPT = 16;

/** Nothing has been seen yet. */
export const INITIAL_STATE: ScalingState = { changes: [] };

/** What became of the state after a look at the stream. */
export interface Reconciliation {
  readonly state: ScalingState;
  /** A change that somebody else made since the last look. */
  readonly outsideChange: ShardChange | undefined;
}

/**
 * Holds the state against the stream: marks a change of ours that has ended, and takes note of one that somebody else
 * made. While the stream is changing its count says nothing, and the state stays as it is.
 */
export function reconcile(state: ScalingState, observation: StreamObservation): Reconciliation {
  const { nowMillis, openShards, isSettled } = observation;
  if (!isSettled) return { state, outsideChange: undefined };
  if (state.shards === undefined) {
    return { state: { ...state, shards: openShards }, outsideChange: undefined };
  }
  if (state.shards === openShards) {
    if (state.changes.every(hasSettled)) return { state, outsideChange: undefined };
    return {
      state: { shards: openShards, changes: settle(state.changes, nowMillis) },
      outsideChange: undefined,
    };
  }
  const outsideChange: ShardChange = {
    atMillis: nowMillis,
    fromShards: state.shards,
    toShards: openShards,
    reason: 'outside',
    settledAtMillis: nowMillis,
  };
  const changes = keepNewest([...settle(state.changes, nowMillis), outsideChange], nowMillis);
  return { state: { shards: openShards, changes }, outsideChange };
}

/** The state after a change that AWS accepted. */
export function withChange(state: ScalingState, change: ShardChange): ScalingState {
  return { shards: change.toShards, changes: keepNewest([...state.changes, change], change.atMillis) };
}

/** Changes AWS still allows. */
export function changesLeft(state: ScalingState, nowMillis: number): number {
  const used = state.changes.filter(({ atMillis }) => atMillis > nowMillis - COUNTED_MILLIS).length;
  return Math.max(0, KINESIS_SHARD_COUNT_CHANGES_PER_DAY - used);
}

/** The newest change, whoever made it. */
export function lastChange({ changes }: ScalingState): ShardChange | undefined {
  return changes.at(-1);
}

function hasSettled({ settledAtMillis }: ShardChange): boolean {
  return settledAtMillis !== undefined;
}

function settle(changes: readonly ShardChange[], settledAtMillis: number): ShardChange[] {
  return changes.map((change) => (hasSettled(change) ? change : { ...change, settledAtMillis }));
}

/** The newest change is kept for as long as there is no newer one: cool-down and step-down hours begin with it. */
function keepNewest(changes: readonly ShardChange[], nowMillis: number): ShardChange[] {
  return changes
    .filter(({ atMillis }, index) => atMillis > nowMillis - COUNTED_MILLIS || index === changes.length - 1)
    .slice(-MOST_CHANGES_KEPT);
}
