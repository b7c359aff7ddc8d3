/** What the measured minutes say about the stream, before any rule is applied. */
import { HOUR_MILLIS, MINUTE_MILLIS } from '../contract/units';
import { fullShards, shardsNeeded } from './need';
import type { ScalingPolicy } from './policy';
import { lastChange } from './state';
import type { MinuteTraffic, ScalingState, StreamObservation } from './types';

const { floor, max } = Math;

/**
 * How far back a peak counts: a day, and an hour more, so that yesterday's peak is not forgotten just before today's
 * when that comes a little later.
 */
export const LOOK_BACK_HOURS = 25;

/** "Now" as far as it is measured: five whole minutes and CloudWatch's delay. */
const RECENT_MILLIS = 7 * MINUTE_MILLIS;

/** From here on the fullest shards turn records away: keys never spread evenly. */
const EMERGENCY_UTILIZATION = 0.95;
/** Share of the records offered that have to be turned away; single ones are for the producers' retries. */
const THROTTLED_SHARE = 0.01;
/** Below this, twice the traffic would fit if keys were spread: more shards do not help a hot one. */
const HOT_SHARD_UTILIZATION = 0.5;

/** What the rules look at. */
export interface Look {
  /** Shards that the busiest of the last minutes needs; undefined when none was measured since the last change. */
  readonly now: number | undefined;
  /** Shards that the busiest minute of the last day needs. */
  readonly day: number | undefined;
  /** Fullest of the last minutes, as a share of the open shards' limits. */
  readonly utilization: number;
  /** Records are turned away because the stream is full, or it is about to be. */
  readonly isEmergency: boolean;
  /** Records are turned away although the stream is not half full. */
  readonly hasHotShard: boolean;
  /** Every hour of the last day has a measurement. */
  readonly isDayComplete: boolean;
}

/** @param minutes measured minutes in any order; those before the last day are left out */
export function look(
  { nowMillis, openShards }: StreamObservation,
  state: ScalingState,
  minutes: readonly MinuteTraffic[],
  { targetUtilization }: Pick<ScalingPolicy, 'targetUtilization'>,
): Look {
  const day = minutes.filter(
    ({ startMillis }) => startMillis >= nowMillis - LOOK_BACK_HOURS * HOUR_MILLIS && startMillis < nowMillis,
  );
  // What was measured before the last change ended tells of another stream.
  const since = max(nowMillis - RECENT_MILLIS, lastChange(state)?.settledAtMillis ?? 0);
  const recent = day.filter(({ startMillis }) => startMillis >= since);
  const full = recent.map((minute) => ({
    utilization: fullShards(minute) / openShards,
    isThrottled: minute.throttledRecords > THROTTLED_SHARE * (minute.records + minute.throttledRecords),
  }));
  return {
    now: shardsNeeded(recent, targetUtilization),
    day: shardsNeeded(day, targetUtilization),
    utilization: full.reduce((most, { utilization }) => max(most, utilization), 0),
    isEmergency: full.some(
      ({ utilization, isThrottled }) =>
        utilization >= EMERGENCY_UTILIZATION || (isThrottled && utilization >= HOT_SHARD_UTILIZATION),
    ),
    hasHotShard: full.some(
      ({ utilization, isThrottled }) => isThrottled && utilization < HOT_SHARD_UTILIZATION,
    ),
    isDayComplete: hoursMeasured(day, nowMillis) === LOOK_BACK_HOURS,
  };
}

function hoursMeasured(day: readonly MinuteTraffic[], nowMillis: number): number {
  return new Set(day.map(({ startMillis }) => floor((nowMillis - 1 - startMillis) / HOUR_MILLIS))).size;
}
