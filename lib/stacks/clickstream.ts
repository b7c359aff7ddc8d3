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

/** The stacks of an environment, by stage, in the order they are deployed. */
export interface ClickstreamStacks {
  readonly stream: StreamStack;
  readonly lake: LakeStack;
  readonly warehouse: WarehouseStack;
  readonly loading: LoadingStack;
  readonly delivery: DeliveryStack;
  readonly monitoring: MonitoringStack;
}

/**
 * Adds the stacks of an environment, named `clickstream-<environment>-<stage>`. Stream, lake and warehouse hold data;
 * delivery, loading and monitoring can be deleted and deployed again. Every resource is tagged with project,
 * environment and stage.
 *
 * Who reads events is deployed before who writes them, so that a column that was appended to the event definition is
 * known to the warehouse and the loader before the first file has it: docs/schema-changes.md.
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
  const warehouse = new WarehouseStack(scope, name('warehouse'), { ...common, lake });
  const loading = new LoadingStack(scope, name('loading'), { ...common, lake, warehouse });
  const delivery = new DeliveryStack(scope, name('delivery'), { ...common, stream: stream.stream, lake });
  loading.addStackDependency(warehouse, 'a load fills every column of the event definition');
  delivery.addStackDependency(loading, 'files may have only columns that the loader knows');
  const stages = { stream, lake, warehouse, loading, delivery };
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
