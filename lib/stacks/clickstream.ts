/** All stacks of one environment. */
import { Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CapacityPlan } from '../capacity/types';
import type { EnvironmentConfig } from '../config';
import { dataRemoval } from '../foundation/removal';
import { DeliveryStack } from './deliveryStack';
import { LakeStack } from './lakeStack';
import { LoadingStack } from './loadingStack';
import { MonitoringStack } from './monitoringStack';
import { StreamStack } from './streamStack';
import { WarehouseStack } from './warehouseStack';

/** The stacks of an environment, by stage. */
export interface ClickstreamStacks {
  readonly stream: StreamStack;
  readonly lake: LakeStack;
  readonly delivery: DeliveryStack;
  readonly warehouse: WarehouseStack;
  readonly loading: LoadingStack;
  readonly monitoring: MonitoringStack;
}

/**
 * Adds the stacks of an environment, named `clickstream-<environment>-<stage>`. Stream, lake and warehouse hold data;
 * delivery, loading and monitoring can be deleted and deployed again. Every resource is tagged with project,
 * environment and stage.
 */
export function addClickstream(
  scope: Construct,
  config: EnvironmentConfig,
  plan: CapacityPlan,
): ClickstreamStacks {
  const common = { config, plan, removal: dataRemoval(config) };
  const name = (stage: string) => `clickstream-${config.name}-${stage}`;
  const stream = new StreamStack(scope, name('stream'), common);
  const lake = new LakeStack(scope, name('lake'), common);
  const delivery = new DeliveryStack(scope, name('delivery'), { ...common, stream: stream.stream, lake });
  const warehouse = new WarehouseStack(scope, name('warehouse'), { ...common, lake });
  const loading = new LoadingStack(scope, name('loading'), { ...common, lake, warehouse });
  const stages = { stream, lake, delivery, warehouse, loading };
  const monitoring = new MonitoringStack(scope, name('monitoring'), { ...common, ...stages });
  const stacks = { ...stages, monitoring };
  for (const [stage, stack] of Object.entries(stacks)) {
    const tags = { project: 'clickstream', environment: config.name, stage };
    for (const [key, value] of Object.entries(tags)) {
      Tags.of(stack).add(key, value);
      // CloudFormation hands a stack's own tags on to what the CDK adds by itself, which Tags.of does not reach.
      stack.tags.setTag(key, value);
    }
  }
  return stacks;
}
