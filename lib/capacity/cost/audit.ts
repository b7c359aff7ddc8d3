/** What the audit costs. */
import { AUDIT_INTERVAL_MINUTES } from '../../audit/timing';
import type { EnvironmentConfig } from '../../config';
import { GIBIBYTE } from '../../contract/units';
import type { Demand } from '../demand';
import { ASSUMPTIONS, PRICES } from '../facts';
import type { CapacityPlan, CostItem } from '../types';
import { DAYS_PER_MONTH, SECONDS_PER_MONTH } from '../units';
import { countsLineBytes, lambdaCost } from './delivery';
import { priced } from './item';

/** Days counts are kept (lib/lake/lifecycle.ts). */
const COUNTS_DAYS = 30;

/** Reading and keeping counts; listings and footers are a few requests an hour. */
export function auditCost(
  { traffic }: Pick<EnvironmentConfig, 'traffic'>,
  demand: Demand,
  { transform }: Pick<CapacityPlan, 'transform'>,
): CostItem[] {
  const runsPerSecond = 1 / (AUDIT_INTERVAL_MINUTES * 60);
  const bytesPerSecond = transform.invocationsPerSecond * countsLineBytes(traffic.sites, demand, transform);
  const bytesPerRun = bytesPerSecond * 3_600 * ASSUMPTIONS.auditPartitionsPerRun.value;
  const secondsPerRun =
    ASSUMPTIONS.auditSecondsPerRun.value + bytesPerRun / ASSUMPTIONS.auditBytesPerSecond.value;
  const stored = (bytesPerSecond * COUNTS_DAYS * (SECONDS_PER_MONTH / DAYS_PER_MONTH)) / GIBIBYTE;
  return [
    ...lambdaCost('loading', 'Audit Lambda', {
      memoryMebibytes: ASSUMPTIONS.auditMemoryMebibytes.value,
      concurrency: Math.min(1, runsPerSecond * secondsPerRun),
      invocationsPerSecond: runsPerSecond,
    }),
    priced(
      'lake',
      'S3 Standard of counts',
      stored / ASSUMPTIONS.countsGzipRatio.value,
      'GB-months',
      PRICES.s3Standard,
    ),
  ];
}
