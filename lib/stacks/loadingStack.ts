/** Loading: from the lake into the warehouse, on a schedule. Stateless. */
import { Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Audit } from '../audit/audit';
import { AUDIT_INTERVAL_MINUTES, graceSeconds, settleSeconds } from '../audit/timing';
import { FunctionSchedule } from '../foundation/functionSchedule';
import { Loader } from '../loading/loader';
import { Modeler } from '../models/modeler';
import type { LakeStack } from './lakeStack';
import { type ClickstreamStackProps, statelessStackProps } from './stackProps';
import type { WarehouseStack } from './warehouseStack';

export interface LoadingStackProps extends ClickstreamStackProps {
  readonly lake: Pick<LakeStack, 'bucket' | 'dataKey' | 'database' | 'objects'>;
  readonly warehouse: Pick<WarehouseStack, 'cluster' | 'copyRole'>;
}

/** The loader, the audit and the models, with their schedules. */
export class LoadingStack extends Stack {
  readonly loader: Loader;
  readonly schedule: FunctionSchedule;
  readonly audit: Audit;
  readonly auditSchedule: FunctionSchedule;
  readonly modeler: Modeler;
  readonly modelSchedule: FunctionSchedule;

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
      ...(config.warehouse.lakeHistory ? { lakeDatabase: lake.database } : {}),
    });
    this.schedule = new FunctionSchedule(this, 'Schedule', {
      function: this.loader.function,
      description: 'Runs the clickstream loader',
      interval,
      encryptionKey: lake.dataKey,
    });
    this.audit = new Audit(this, 'Audit', {
      environmentName: config.name,
      settleSeconds: settleSeconds(plan),
      graceSeconds: graceSeconds(config.warehouse.loadIntervalMinutes),
      objectQueue: lake.objects.queue,
      bucket: lake.bucket,
      encryptionKey: lake.dataKey,
      cluster: warehouse.cluster,
    });
    this.auditSchedule = new FunctionSchedule(this, 'AuditSchedule', {
      function: this.audit.function,
      description: 'Runs the clickstream audit',
      interval: Duration.minutes(AUDIT_INTERVAL_MINUTES),
      encryptionKey: lake.dataKey,
    });
    this.modeler = new Modeler(this, 'Modeler', {
      environmentName: config.name,
      interval,
      cluster: warehouse.cluster,
    });
    this.modelSchedule = new FunctionSchedule(this, 'ModelSchedule', {
      function: this.modeler.function,
      description: 'Runs the clickstream models',
      interval,
      encryptionKey: lake.dataKey,
      input: config.analysis,
    });
  }
}
