/** Sends a week of traffic to a strategy, second by second. */
import type { Strategy } from './strategies';
import { SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE, WARM_UP_DAYS } from './week';

const { max, min } = Math;

/** One minute of the reported week. */
export interface Sample {
  /** From the beginning of the warm-up day. */
  readonly second: number;
  /** What producers wanted to send, mean of the minute. */
  readonly demandBytesPerSecond: number;
  /** Shards at the end of the minute; undefined for on-demand. */
  readonly shards: number | undefined;
  /** Bytes a second that could be taken at the end of the minute. */
  readonly takesBytesPerSecond: number;
  readonly throttledSeconds: number;
}

/** What came of a week. The warm-up day is not in it. */
export interface WeekResult {
  readonly name: string;
  /** Undefined for on-demand. */
  readonly shardHours: number | undefined;
  /** Seconds in which records were turned away. */
  readonly throttledSeconds: number;
  /** Longest that an event waited with its producer, if it was taken in the order of sending. */
  readonly longestDelaySeconds: number;
  readonly changes: number;
  readonly mostChangesInOneDay: number;
  /** Mean of what was taken. */
  readonly takenBytesPerSecond: number;
  readonly samples: readonly Sample[];
}

const FIRST_SECOND = WARM_UP_DAYS * SECONDS_PER_DAY;

/**
 * Runs a strategy. What is turned away is offered again in the next second, until it is taken: producers retry.
 * @param traffic from `weekOfTraffic`
 * @param recordBytes mean size of a record, to count records
 */
export function simulateWeek(traffic: Float64Array, strategy: Strategy, recordBytes: number): WeekResult {
  const samples: Sample[] = [];
  const total = { shardSeconds: 0, throttledSeconds: 0, longestDelaySeconds: 0, takenBytes: 0 };
  let minute = emptyMinute();
  let waitingBytes = 0;
  traffic.forEach((demandBytes, second) => {
    const takes = strategy.takes(second);
    const offered = demandBytes + waitingBytes;
    const taken = min(offered, takes);
    waitingBytes = offered - taken;
    minute.demandBytes += demandBytes;
    minute.takenBytes += taken;
    minute.refusedBytes += waitingBytes;
    minute.throttledSeconds += waitingBytes > 0 ? 1 : 0;
    if (second >= FIRST_SECOND) {
      total.shardSeconds += strategy.shards(second) ?? 0;
      total.takenBytes += taken;
      total.longestDelaySeconds = max(total.longestDelaySeconds, waitingBytes / takes);
    }
    if ((second + 1) % SECONDS_PER_MINUTE !== 0) return;
    strategy.afterMinute(second + 1, {
      startMillis: (second + 1 - SECONDS_PER_MINUTE) * 1_000,
      bytes: minute.takenBytes,
      records: minute.takenBytes / recordBytes,
      throttledRecords: minute.refusedBytes / recordBytes,
    });
    if (second >= FIRST_SECOND) {
      total.throttledSeconds += minute.throttledSeconds;
      samples.push({
        second: second + 1 - SECONDS_PER_MINUTE,
        demandBytesPerSecond: minute.demandBytes / SECONDS_PER_MINUTE,
        shards: strategy.shards(second),
        takesBytesPerSecond: takes,
        throttledSeconds: minute.throttledSeconds,
      });
    }
    minute = emptyMinute();
  });
  const changeSeconds = strategy.changeSeconds.filter((second) => second >= FIRST_SECOND);
  return {
    name: strategy.name,
    shardHours: samples.at(-1)?.shards === undefined ? undefined : total.shardSeconds / SECONDS_PER_HOUR,
    throttledSeconds: total.throttledSeconds,
    longestDelaySeconds: total.longestDelaySeconds,
    changes: changeSeconds.length,
    mostChangesInOneDay: mostInOneDay(strategy.changeSeconds),
    takenBytesPerSecond: total.takenBytes / (traffic.length - FIRST_SECOND),
    samples,
  };
}

function emptyMinute() {
  return { demandBytes: 0, takenBytes: 0, refusedBytes: 0, throttledSeconds: 0 };
}

/** The most of some times that lie within any 24 hours. */
function mostInOneDay(seconds: readonly number[]): number {
  return seconds.reduce(
    (most, end) =>
      max(most, seconds.filter((second) => second <= end && second > end - SECONDS_PER_DAY).length),
    0,
  );
}
