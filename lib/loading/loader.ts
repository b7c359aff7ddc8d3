/** The loader: moves new objects of the lake into the warehouse. */
import type { Duration } from 'aws-cdk-lib';
import type { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ASSUMPTIONS } from '../capacity/facts';
import type { CapacityPlan } from '../capacity/types';
import { EVENTS_PREFIX, MANIFESTS_PREFIX, QUARANTINE_PREFIX } from '../contract/lakeLayout';
import { LOADER_ENV, WAREHOUSE } from '../contract/names';
import { acknowledgeArnsEndingWith } from '../foundation/acknowledge';
import { encryptThrough } from '../foundation/keyAccess';
import { PipelineFunction } from '../foundation/pipelineFunction';
import { allowDataApi, allowDatabaseUser } from '../warehouse/dataApiAccess';
import type { RedshiftCluster } from '../warehouse/redshiftCluster';
import { glueTableArns } from '../warehouse/spectrumRole';
import { LOADER_TIMEOUT } from './timing';

export interface LoaderProps {
  readonly environmentName: string;
  /** How often it is called. */
  readonly interval: Duration;
  readonly duplicateLookBackHours: number;
  readonly plan: Pick<CapacityPlan['warehouse'], 'maxObjectsPerBatch' | 'maxBytesPerBatch'>;
  /** Announces new objects of the lake. */
  readonly objectQueue: IQueue;
  readonly bucket: IBucket;
  readonly encryptionKey: IKey;
  readonly cluster: Pick<RedshiftCluster, 'clusterIdentifier' | 'clusterArn' | 'databaseName'>;
  /** Role COPY reads the lake with. */
  readonly copyRoleArn: string;
  /** Glue database to register partitions of the events in; left out: none are registered. */
  readonly lakeDatabase?: CfnDatabase;
}

/** Runs one at a time; see lambda/loader. */
export class Loader extends PipelineFunction {
  constructor(scope: Construct, id: string, props: LoaderProps) {
    const { plan, cluster } = props;
    super(scope, id, {
      folder: 'loader',
      description: 'Clickstream: loads new objects of the lake into the warehouse, each event once',
      memoryMebibytes: ASSUMPTIONS.loaderMemoryMebibytes.value,
      timeout: LOADER_TIMEOUT,
      // COPYs into one table are serialised anyway; a second loader would only wait.
      reservedConcurrency: 1,
      environment: {
        [LOADER_ENV.queueUrl]: props.objectQueue.queueUrl,
        [LOADER_ENV.bucketName]: props.bucket.bucketName,
        [LOADER_ENV.clusterIdentifier]: cluster.clusterIdentifier,
        [LOADER_ENV.databaseName]: cluster.databaseName,
        [LOADER_ENV.databaseUser]: WAREHOUSE.loaderUser,
        [LOADER_ENV.copyRoleArn]: props.copyRoleArn,
        [LOADER_ENV.duplicateLookBackHours]: String(props.duplicateLookBackHours),
        [LOADER_ENV.maxObjectsPerBatch]: String(plan.maxObjectsPerBatch),
        [LOADER_ENV.maxBytesPerBatch]: String(plan.maxBytesPerBatch),
        ...(props.lakeDatabase === undefined
          ? {}
          : { [LOADER_ENV.lakeDatabaseName]: props.lakeDatabase.ref }),
        [LOADER_ENV.environmentName]: props.environmentName,
      },
    });
    // A trigger carries nothing: one that failed, or that waited for a long load to end, is made good by the next.
    this.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: props.interval });
    this.allowLake(props);
    if (props.lakeDatabase !== undefined) {
      this.allow(
        new PolicyStatement({
          actions: ['glue:BatchCreatePartition', 'glue:GetTable'],
          resources: glueTableArns(this, props.lakeDatabase),
        }),
      );
    }
    allowDataApi(this, cluster.clusterArn);
    allowDatabaseUser(this, { ...cluster, user: WAREHOUSE.loaderUser });
  }

  private allowLake({ objectQueue, bucket, encryptionKey }: LoaderProps): void {
    const on = (resource: string, ...actions: string[]) =>
      this.allow(new PolicyStatement({ actions, resources: [resource] }));
    on(objectQueue.queueArn, 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:ReceiveMessage');
    // Deleting is the second half of moving a broken object aside.
    on(bucket.arnForObjects(`${EVENTS_PREFIX}*`), 's3:GetObject', 's3:DeleteObject');
    on(bucket.arnForObjects(`${QUARANTINE_PREFIX}*`), 's3:PutObject');
    // Without it S3 answers "access denied" instead of "not found" for an object that is gone.
    on(bucket.bucketArn, 's3:ListBucket');
    on(bucket.arnForObjects(`${MANIFESTS_PREFIX}*`), 's3:PutObject');
    this.allow(encryptThrough(this, encryptionKey, 's3', 'sqs'));
    acknowledgeArnsEndingWith(
      this.role,
      [`/${EVENTS_PREFIX}*`, `/${MANIFESTS_PREFIX}*`, `/${QUARANTINE_PREFIX}*`],
      'It reads the footers of objects Firehose named, moves broken ones aside and writes a manifest a batch; other prefixes stay closed.',
    );
  }
}
