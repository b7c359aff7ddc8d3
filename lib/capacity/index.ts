/** From traffic to sizes and cost: pure, and the only place where the stacks' numbers come from. */
export { type Alternative, alternativesOf } from './alternatives';
export { CapacityError } from './error';
export { PRICED_REGION, planCapacity } from './plan';
export type { CapacityPlan, CostItem, ShardNeed, UnbilledItem } from './types';
