/** From measured minutes to shards. */
import { KINESIS_SHARD_BYTES_PER_SECOND, KINESIS_SHARD_RECORDS_PER_SECOND } from '../contract/limits';
import type { MinuteTraffic } from './types';

const { ceil, max } = Math;

const SECONDS_PER_MINUTE = 60;

/** Shards that a minute's traffic fills completely, by the limit that binds. Reads bind later: a shard gives twice what it takes. */
export function fullShards({ bytes, records }: Pick<MinuteTraffic, 'bytes' | 'records'>): number {
  return max(
    bytes / (SECONDS_PER_MINUTE * KINESIS_SHARD_BYTES_PER_SECOND),
    records / (SECONDS_PER_MINUTE * KINESIS_SHARD_RECORDS_PER_SECOND),
  );
}

/**
 * Shards that the busiest of some minutes needs, at least 1.
 * @param targetUtilization share of a shard's limits to fill at most
 * @returns undefined when there is no minute
 */
export function shardsNeeded(
  minutes: readonly MinuteTraffic[],
  targetUtilization: number,
): number | undefined {
  if (minutes.length === 0) return undefined;
  const full = minutes.reduce((most, minute) => max(most, fullShards(minute)), 0);
  // A count such as 80 at 0.8 must not become 101 because 80 / 0.8 is not exactly 100.
  return max(1, ceil(full / targetUtilization - 1e-9));
}
