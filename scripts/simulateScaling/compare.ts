/** The same week for a fixed count, the scaled count and on-demand, with the bill of each. */
import { planCapacity } from '../../lib/capacity';
import { scalingCost } from '../../lib/capacity/cost/scaling';
import { streamCost } from '../../lib/capacity/cost/stream';
import { demandOf } from '../../lib/capacity/demand';
import { QUOTAS, regionalQuotas } from '../../lib/capacity/facts';
import type { CostItem } from '../../lib/capacity/types';
import { DAYS_PER_MONTH } from '../../lib/capacity/units';
import { ConfigError, type EnvironmentConfig } from '../../lib/config';
import { KINESIS_SHARD_BYTES_PER_SECOND } from '../../lib/contract/limits';
import { simulateWeek, type WeekResult } from '../../lib/scaling/simulation/simulate';
import { fixedShards, onDemand, type Strategy, scaledShards } from '../../lib/scaling/simulation/strategies';
import {
  REPORTED_DAYS,
  SECONDS_PER_DAY,
  WARM_UP_DAYS,
  weekOfTraffic,
} from '../../lib/scaling/simulation/week';
import { Random } from '../../local/sample/random';

/** A week of one strategy and what its stream costs in it. */
export interface PricedWeek extends WeekResult {
  /** The stream's lines of the bill, us-east-1 prices, for seven days. */
  readonly usd: number;
}

export interface Comparison {
  readonly environment: string;
  readonly seed: number;
  readonly weeks: readonly PricedWeek[];
}

/** Names of the strategies, in the order of `Comparison.weeks`. */
export const STRATEGIES = {
  planned: 'fixed, as planned',
  highest: 'fixed, for the highest peak',
  scaled: 'scaled',
  onDemand: 'on-demand',
} as const;

/**
 * Simulates an environment's week.
 * @throws ConfigError when its shard count does not follow the traffic
 * @throws CapacityError when the environment cannot be built
 */
export function compare(config: EnvironmentConfig, seed: number): Comparison {
  const { shards } = planCapacity(config).stream;
  const { scaling, targetUtilization } = config.stream;
  if (scaling === undefined || shards === undefined) {
    throw new ConfigError(`Environment "${config.name}" has a fixed stream, there is nothing to simulate`, [
      'stream.scaling: is missing, it must be such as in lib/config/environments/reference.ts',
    ]);
  }
  const demand = demandOf(config);
  const random = new Random(seed);
  const traffic = weekOfTraffic({
    meanBytesPerSecond: demand.bytesPerSecond,
    peakFactor: demand.peakFactor,
    random: () => random.next(),
  });
  const week = traffic.subarray(WARM_UP_DAYS * SECONDS_PER_DAY);
  const highest = week.reduce((most, bytes) => Math.max(most, bytes), 0);
  const { shards: quota } = regionalQuotas(config.region);
  const strategies: Strategy[] = [
    fixedShards(STRATEGIES.planned, shards),
    fixedShards(
      STRATEGIES.highest,
      Math.ceil(highest / (KINESIS_SHARD_BYTES_PER_SECOND * targetUtilization)),
    ),
    scaledShards(STRATEGIES.scaled, {
      initialShards: shards,
      quota,
      policy: { ...scaling, targetUtilization },
    }),
    onDemand(STRATEGIES.onDemand, {
      leastBytesPerSecond: QUOTAS.kinesisOnDemandStart.value,
      earlierPeakBytesPerSecond: demand.bytesPerSecond * demand.peakFactor,
    }),
  ];
  return {
    environment: config.name,
    seed,
    weeks: strategies.map((strategy) => {
      const result = simulateWeek(traffic, strategy, demand.recordBytes);
      return { ...result, usd: weeklyUsd(config, demand, result) };
    }),
  };
}

function weeklyUsd(
  config: EnvironmentConfig,
  demand: ReturnType<typeof demandOf>,
  { name, shardHours, takenBytesPerSecond }: WeekResult,
): number {
  const taken = {
    ...demand,
    bytesPerSecond: takenBytesPerSecond,
    recordsPerSecond: takenBytesPerSecond / demand.recordBytes,
  };
  const meanShards = shardHours === undefined ? undefined : shardHours / (24 * REPORTED_DAYS);
  const items: CostItem[] = [
    ...streamCost(config, taken, meanShards),
    ...(name === STRATEGIES.scaled ? scalingCost(config) : []),
  ];
  const perMonth = items.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0);
  return (perMonth * REPORTED_DAYS) / DAYS_PER_MONTH;
}
