/** Upkeep of the warehouse: closes and drops slices of events, looks after tables; see lambda/upkeep. */
import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ASSUMPTIONS } from '../capacity/facts';
import { UPKEEP_ENV } from '../contract/names';
import { FunctionSchedule } from '../foundation/functionSchedule';
import { decryptThrough } from '../foundation/keyAccess';
import { PipelineFunction } from '../foundation/pipelineFunction';
import { allowDataApi } from './dataApiAccess';
import type { RedshiftCluster } from './redshiftCluster';

export interface UpkeepProps {
  readonly environmentName: string;
  readonly cluster: Pick<
    RedshiftCluster,
    'clusterIdentifier' | 'clusterArn' | 'databaseName' | 'adminSecretArn'
  >;
  readonly encryptionKey: IKey;
  /** Days after which a slice of events is closed. */
  readonly sliceDays: number;
  /** Days events are kept after they were loaded. */
  readonly retentionDays: number;
  /** Days page views of the models are kept. */
  readonly modelRetentionDays: number;
}

/** Runs once a day, one at a time. */
export class Upkeep extends Construct {
  readonly upkeep: PipelineFunction;
  readonly schedule: FunctionSchedule;

  constructor(scope: Construct, id: string, props: UpkeepProps) {
    super(scope, id);
    const { cluster, encryptionKey } = props;
    this.upkeep = new PipelineFunction(this, 'Upkeep', {
      folder: 'upkeep',
      description: 'Clickstream: drops events past their time and looks after the warehouse’s tables',
      memoryMebibytes: ASSUMPTIONS.waitingFunctionMemoryMebibytes.value,
      timeout: Duration.minutes(15),
      reservedConcurrency: 1,
      environment: {
        [UPKEEP_ENV.clusterIdentifier]: cluster.clusterIdentifier,
        [UPKEEP_ENV.databaseName]: cluster.databaseName,
        [UPKEEP_ENV.adminSecretArn]: cluster.adminSecretArn,
        [UPKEEP_ENV.sliceDays]: String(props.sliceDays),
        [UPKEEP_ENV.retentionDays]: String(props.retentionDays),
        [UPKEEP_ENV.modelRetentionDays]: String(props.modelRetentionDays),
        [UPKEEP_ENV.environmentName]: props.environmentName,
      },
    });
    // What failed is made good by the next day's run.
    this.upkeep.function.configureAsyncInvoke({ retryAttempts: 0 });
    allowDataApi(this.upkeep, cluster.clusterArn);
    this.upkeep.allow(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: [cluster.adminSecretArn],
      }),
    );
    this.upkeep.allow(decryptThrough(this, encryptionKey, 'secretsmanager'));
    this.schedule = new FunctionSchedule(this, 'Schedule', {
      function: this.upkeep.function,
      description: 'Runs the upkeep of the clickstream warehouse',
      interval: Duration.days(1),
      encryptionKey,
    });
  }
}
