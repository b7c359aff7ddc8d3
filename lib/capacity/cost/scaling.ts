/** What it costs to fit the shard count to the traffic. What it saves depends on the traffic: `npm run simulate:scaling`. */
import type { EnvironmentConfig } from '../../config';
import { RUN_INTERVAL_MINUTES } from '../../scaling/time';
import { ASSUMPTIONS, PRICES } from '../facts';
import type { CostItem } from '../types';
import { SECONDS_PER_MONTH } from '../units';
import { lambdaCost } from './delivery';
import { priced } from './item';

/** The scaling function and the metrics it reads; nothing where the shard count is fixed. */
export function scalingCost({ stream }: Pick<EnvironmentConfig, 'stream'>): CostItem[] {
  if (stream.scaling === undefined) return [];
  const runsPerSecond = 1 / (60 * RUN_INTERVAL_MINUTES);
  return [
    ...lambdaCost('stream', 'Scaling Lambda', {
      memoryMebibytes: ASSUMPTIONS.scalingMemoryMebibytes.value,
      concurrency: runsPerSecond * ASSUMPTIONS.scalingSecondsPerRun.value,
      invocationsPerSecond: runsPerSecond,
    }),
    priced(
      'stream',
      'CloudWatch metrics read for scaling',
      runsPerSecond * SECONDS_PER_MONTH * ASSUMPTIONS.scalingMetricsRead.value,
      'metrics',
      PRICES.metricsRead,
      1_000,
    ),
  ];
}
