/** Loading: from the lake into the warehouse, on a schedule. Stateless. */
import { Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Loader } from '../loading/loader';
import { LoadSchedule } from '../loading/loadSchedule';
import type { LakeStack } from './lakeStack';
import { type ClickstreamStackProps, statelessStackProps } from './stackProps';
import type { WarehouseStack } from './warehouseStack';

export interface LoadingStackProps extends ClickstreamStackProps {
  readonly lake: Pick<LakeStack, 'bucket' | 'dataKey' | 'objects'>;
  readonly warehouse: Pick<WarehouseStack, 'cluster' | 'copyRole'>;
}

/** The loader and its schedule. */
export class LoadingStack extends Stack {
  readonly loader: Loader;
  readonly schedule: LoadSchedule;

  constructor(scope: Construct, id: string, props: LoadingStackProps) {
    super(scope, id, statelessStackProps(props, 'Clickstream loading: S3 to Redshift'));
    const { config, plan, lake, warehouse } = props;
    const interval = Duration.minutes(config.warehouse.loadIntervalMinutes);
    this.loader = new Loader(this, 'Loader', {
      environmentName: config.name,
      interval,
      duplicateLookBackHours: config.warehouse.duplicateLookBackHours,
      plan: plan.warehouse,
      objectQueue: lake.objects.queue,
      bucket: lake.bucket,
      encryptionKey: lake.dataKey,
      cluster: warehouse.cluster,
      copyRoleArn: warehouse.copyRole.roleArn,
    });
    this.schedule = new LoadSchedule(this, 'Schedule', {
      loader: this.loader.function,
      interval,
      encryptionKey: lake.dataKey,
    });
  }
}
