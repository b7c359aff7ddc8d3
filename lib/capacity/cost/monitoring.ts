/** What watching and encrypting cost. */
import type { EnvironmentConfig } from '../../config';
import { AUDIT_METRICS, LOADER_METRICS, SCALER_METRICS, TRANSFORM_METRICS } from '../../contract/names';
import { GIBIBYTE } from '../../contract/units';
import { REJECTION_REASONS } from '../../event/rejections';
import { ASSUMPTIONS, PRICES } from '../facts';
import type { CapacityPlan, CostItem } from '../types';
import { DAYS_PER_MONTH, HOURS_PER_MONTH, SECONDS_PER_MONTH } from '../units';
import { priced } from './item';

/** Metrics the functions publish in one environment, without those about scaling. */
const CUSTOM_METRICS =
  Object.keys(TRANSFORM_METRICS).length +
  Object.keys(LOADER_METRICS).length +
  Object.keys(AUDIT_METRICS).length +
  Object.keys(REJECTION_REASONS).length;

/** Alarms, metrics, dashboard, logs and the key. */
export function monitoringCost(
  { stream: { scaling } }: Pick<EnvironmentConfig, 'stream'>,
  { stream, transform, delivery }: Pick<CapacityPlan, 'stream' | 'transform' | 'delivery'>,
): CostItem[] {
  const alarms = ASSUMPTIONS.alarms.value + (scaling === undefined ? 0 : ASSUMPTIONS.scalingAlarms.value);
  const metrics = CUSTOM_METRICS + (scaling === undefined ? 0 : Object.keys(SCALER_METRICS).length);
  const logGigabytes =
    (transform.invocationsPerSecond * SECONDS_PER_MONTH * ASSUMPTIONS.logBytesPerInvocation.value) / GIBIBYTE;
  const shards = Math.max(...stream.needs.map((need) => need.shards));
  const shardMetrics =
    stream.shards === undefined || stream.shards === 1
      ? []
      : [
          priced(
            'monitoring',
            'CloudWatch metrics of shards',
            stream.shards * ASSUMPTIONS.shardLevelMetrics.value,
            'metrics',
            PRICES.customMetric,
          ),
        ];
  const kmsRequests =
    shards * HOURS_PER_MONTH * ASSUMPTIONS.kmsRequestsPerShardHour.value +
    delivery.objectsPerDay * DAYS_PER_MONTH;
  return [
    priced('monitoring', 'CloudWatch alarms', alarms, 'alarms', PRICES.alarm),
    priced('monitoring', 'CloudWatch metrics', metrics, 'metrics', PRICES.customMetric),
    ...shardMetrics,
    priced('monitoring', 'CloudWatch dashboard', 1, 'dashboards', PRICES.dashboard),
    priced('monitoring', 'CloudWatch logs of the transform', logGigabytes, 'GB', PRICES.logIngestion),
    priced('monitoring', 'KMS key', ASSUMPTIONS.kmsKeys.value, 'keys', PRICES.kmsKey),
    priced('monitoring', 'KMS requests', kmsRequests, 'requests', PRICES.kmsRequests, 10_000),
  ];
}
