/** The audit: is everything that was accepted in the warehouse? */
import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ASSUMPTIONS } from '../capacity/facts';
import { COUNTS_PREFIX, ERRORS_PREFIX, EVENTS_PREFIX, QUARANTINE_PREFIX } from '../contract/lakeLayout';
import { LAMBDA_TIMEOUT_SECONDS } from '../contract/limits';
import { AUDIT_ENV, WAREHOUSE } from '../contract/names';
import { acknowledgeArnsEndingWith } from '../foundation/acknowledge';
import { encryptThrough } from '../foundation/keyAccess';
import { PipelineFunction } from '../foundation/pipelineFunction';
import { allowDataApi, allowDatabaseUser } from '../warehouse/dataApiAccess';
import type { RedshiftCluster } from '../warehouse/redshiftCluster';
import { AUDIT_INTERVAL_MINUTES } from './timing';

export interface AuditProps {
  readonly environmentName: string;
  /** How long after they were counted rows may be on their way into the lake. */
  readonly settleSeconds: number;
  /** How long an object may wait for its load when everything is in order. */
  readonly graceSeconds: number;
  /** Tells the loader of objects. */
  readonly objectQueue: IQueue;
  readonly bucket: IBucket;
  readonly encryptionKey: IKey;
  readonly cluster: Pick<RedshiftCluster, 'clusterIdentifier' | 'clusterArn' | 'databaseName'>;
}

/** Runs one at a time; see lambda/audit. */
export class Audit extends PipelineFunction {
  constructor(scope: Construct, id: string, props: AuditProps) {
    const { cluster } = props;
    super(scope, id, {
      folder: 'audit',
      description: 'Clickstream: holds what was accepted against what was loaded, and finds lost objects',
      memoryMebibytes: ASSUMPTIONS.auditMemoryMebibytes.value,
      timeout: Duration.seconds(LAMBDA_TIMEOUT_SECONDS),
      // Two would write the same hours.
      reservedConcurrency: 1,
      environment: {
        [AUDIT_ENV.queueUrl]: props.objectQueue.queueUrl,
        [AUDIT_ENV.bucketName]: props.bucket.bucketName,
        [AUDIT_ENV.clusterIdentifier]: cluster.clusterIdentifier,
        [AUDIT_ENV.databaseName]: cluster.databaseName,
        [AUDIT_ENV.databaseUser]: WAREHOUSE.auditorUser,
        [AUDIT_ENV.settleSeconds]: String(props.settleSeconds),
        [AUDIT_ENV.graceSeconds]: String(props.graceSeconds),
        [AUDIT_ENV.environmentName]: props.environmentName,
      },
    });
    // A trigger carries nothing: one that failed is made good by the next.
    this.function.configureAsyncInvoke({
      retryAttempts: 0,
      maxEventAge: Duration.minutes(AUDIT_INTERVAL_MINUTES),
    });
    this.allowLake(props);
    allowDataApi(this, cluster.clusterArn);
    allowDatabaseUser(this, { ...cluster, user: WAREHOUSE.auditorUser });
  }

  private allowLake({ objectQueue, bucket, encryptionKey }: AuditProps): void {
    const read = [EVENTS_PREFIX, COUNTS_PREFIX, QUARANTINE_PREFIX].map((prefix) => `${prefix}*`);
    // Of errors/, which holds originals, it learns how many objects there are and no more.
    const listed = [...read, `${ERRORS_PREFIX}*`];
    this.allow(
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': listed } },
      }),
    );
    this.allow(
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: read.map((pattern) => bucket.arnForObjects(pattern)),
      }),
    );
    this.allow(
      new PolicyStatement({
        actions: ['sqs:GetQueueAttributes', 'sqs:SendMessage'],
        resources: [objectQueue.queueArn],
      }),
    );
    this.allow(encryptThrough(this, encryptionKey, 's3', 'sqs'));
    acknowledgeArnsEndingWith(
      this.role,
      read.map((pattern) => `/${pattern}`),
      'It reads counts, and the footers of objects that are not loaded; other prefixes stay closed.',
    );
  }
}
