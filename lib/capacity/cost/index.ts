/** The monthly bill of the whole pipeline, line by line. What producers and analysts' tools cost is not in it. */
import type { EnvironmentConfig } from '../../config';
import type { Demand } from '../demand';
import type { CapacityPlan } from '../types';
import { auditCost } from './audit';
import { deliveryCost } from './delivery';
import { modelsCost } from './models';
import { monitoringCost } from './monitoring';
import { notIncluded } from './notIncluded';
import { scalingCost } from './scaling';
import { storageCost } from './storage';
import { streamCost } from './stream';
import { loadingCost, warehouseCost } from './warehouse';

/** The bill of a plan at its mean traffic, 30 days of us-east-1 prices. */
export function costOf(
  config: EnvironmentConfig,
  demand: Demand,
  plan: Omit<CapacityPlan, 'cost' | 'warnings'>,
): CapacityPlan['cost'] {
  const items = [
    ...streamCost(config, demand, plan.stream.shards),
    ...scalingCost(config),
    ...deliveryCost(config, demand, plan.transform),
    ...storageCost(config, demand, plan.delivery),
    ...warehouseCost(config.warehouse, plan.warehouse),
    ...loadingCost(config, plan),
    ...auditCost(config, demand, plan),
    ...modelsCost(config),
    ...monitoringCost(config, plan),
  ];
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return {
    items,
    usdPerMonth: sum(items.map((item) => item.usdPerMonth)),
    usdPerMonthAtBest: sum(items.map((item) => item.usdPerMonthAtBest ?? item.usdPerMonth)),
    notIncluded: notIncluded(config, plan.warehouse),
  };
}
