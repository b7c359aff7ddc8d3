/** From traffic to sizes and cost, stage by stage. */
import type { EnvironmentConfig } from '../config';
import { costOf } from './cost';
import { planDelivery } from './delivery';
import { demandOf } from './demand';
import { CapacityError } from './error';
import { planStream } from './stream';
import { planTransform } from './transform';
import type { CapacityPlan } from './types';
import { planWarehouse } from './warehouse';

/** Region whose prices the bill is reckoned in. */
export const PRICED_REGION = 'us-east-1';

/**
 * What an environment needs and costs.
 * @param config a validated configuration
 * @throws CapacityError listing every quota that the configuration passes
 */
export function planCapacity(config: EnvironmentConfig): CapacityPlan {
  const demand = demandOf(config);
  const stream = planStream(config, demand);
  const transform = planTransform(demand);
  const delivery = planDelivery(config, demand);
  const warehouse = planWarehouse(config, demand, delivery.plan.parquetBytesPerDay);
  const stages = [stream, transform, delivery, warehouse];
  const problems = stages.flatMap((stage) => stage.problems);
  if (problems.length > 0) throw new CapacityError(config.name, problems);
  const sizes = {
    stream: stream.plan,
    transform: transform.plan,
    delivery: delivery.plan,
    warehouse: warehouse.plan,
  };
  return {
    ...sizes,
    cost: costOf(config, demand, sizes),
    warnings: [...stages.flatMap((stage) => stage.warnings), ...settingsWorthKnowing(config)],
  };
}

function settingsWorthKnowing({ packing, lake, region }: EnvironmentConfig): string[] {
  const warnings: string[] = [];
  if (packing.packBytes === 0 && packing.compressionRatio > 2) {
    warnings.push(
      `packing.compressionRatio is ${packing.compressionRatio} with one event a record: one event alone ` +
        'compresses far less than a pack of them',
    );
  }
  if (lake.expireAfterDays === undefined) {
    warnings.push(
      'lake.expireAfterDays is not set: storage grows without end; the cost shown is that of the first year’s end',
    );
  }
  if (region !== PRICED_REGION) {
    warnings.push(`Prices are those of ${PRICED_REGION}; ${region} has its own`);
  }
  return warnings;
}
