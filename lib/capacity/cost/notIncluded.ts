/** What the bill leaves out because it depends on what people do, with a ceiling where the configuration sets one. */
import type { EnvironmentConfig } from '../../config';
import { NODE_TYPES, PRICES } from '../facts';
import type { CapacityPlan, UnbilledItem } from '../types';
import { DAYS_PER_MONTH } from '../units';

const MINUTES_PER_HOUR = 60;

/** The bill's gaps, those with a ceiling first. */
export function notIncluded(
  { lake, warehouse: { nodeType, lakeHistory, workload } }: Pick<EnvironmentConfig, 'lake' | 'warehouse'>,
  { nodes }: Pick<CapacityPlan['warehouse'], 'nodes'>,
): UnbilledItem[] {
  const billedMinutesPerDay = Math.max(
    0,
    workload.concurrencyScalingMinutesPerDay - PRICES.concurrencyScalingFreeMinutes.value,
  );
  const spectrum = {
    name: 'queries of the lake from the warehouse',
    ceiling: {
      usdPerMonth: workload.lakeTerabytesPerDay * DAYS_PER_MONTH * PRICES.redshiftSpectrum.value,
      setting: 'warehouse.workload.lakeTerabytesPerDay',
    },
  };
  const concurrencyScaling = {
    name: 'clusters of concurrency scaling',
    ceiling: {
      usdPerMonth:
        (billedMinutesPerDay / MINUTES_PER_HOUR) *
        DAYS_PER_MONTH *
        nodes *
        NODE_TYPES[nodeType].usdPerHour.value,
      setting: 'warehouse.workload.concurrencyScalingMinutesPerDay',
    },
  };
  return [
    ...(lakeHistory ? [spectrum] : []),
    ...(workload.concurrencyScalingClusters > 0 && billedMinutesPerDay > 0 ? [concurrencyScaling] : []),
    ...(lakeHistory ? [{ name: 'data through the endpoint for Glue' }] : []),
    { name: 'audit logs of the warehouse and flow logs of its network' },
    ...(lake.versioned ? [{ name: 'old versions of objects that are rewritten or erased' }] : []),
  ];
}
