/** Streams and measurements for tests of the scaling. */
import { HOUR_MILLIS, MINUTE_MILLIS } from '../../lib/contract/units';
import type { ScalingPolicy } from '../../lib/scaling/policy';
import type { MinuteTraffic, ScalingState, StreamObservation } from '../../lib/scaling/types';

/** Monday noon, on a whole minute. */
export const NOW = Date.parse('2026-03-02T12:00:00.000Z');

export const POLICY: ScalingPolicy = {
  minShards: 4,
  maxShards: 200,
  targetUtilization: 0.8,
  cooldownMinutes: 5,
  stepDownHours: 6,
  reservedChanges: 4,
};

/** A minute with a mean of so many MB/s, in records of 50 KB. */
export function minute(startMillis: number, megabytesPerSecond: number, throttledRecords = 0): MinuteTraffic {
  const bytes = megabytesPerSecond * 60 * 1_000_000;
  return { startMillis, bytes, records: bytes / 50_000, throttledRecords };
}

/** All minutes of the last 25 hours: the last ten with `recent` MB/s, those before with `earlier`. */
export function day(recent: number, earlier = recent): MinuteTraffic[] {
  return Array.from({ length: 25 * 60 }, (_, index) => {
    const minutesAgo = 25 * 60 - index;
    return minute(NOW - minutesAgo * MINUTE_MILLIS, minutesAgo <= 10 ? recent : earlier);
  });
}

export function settled(openShards: number): StreamObservation {
  return { nowMillis: NOW, openShards, isSettled: true };
}

/** A state with so many changes of the last day, the newest `lastHoursAgo` ago. */
export function changed(shards: number, times: number, lastHoursAgo: number): ScalingState {
  return {
    shards,
    changes: Array.from({ length: times }, (_, index) => {
      const atMillis = NOW - (lastHoursAgo + 0.1 * (times - 1 - index)) * HOUR_MILLIS;
      return { atMillis, fromShards: 1, toShards: shards, reason: 'traffic', settledAtMillis: atMillis };
    }),
  };
}
