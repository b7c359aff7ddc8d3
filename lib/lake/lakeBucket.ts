/** The bucket of the data lake. */

import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config';
import { EVENTS_PREFIX } from '../contract/lakeLayout';
import type { DataRemoval } from '../foundation/removal';
import { lifecycleRules } from './lifecycle';

export interface LakeBucketProps {
  readonly lake: EnvironmentConfig['lake'];
  readonly encryptionKey: IKey;
  readonly accessLogBucket: IBucket;
  /** Told about every object created under events/. */
  readonly objectQueue: Queue;
  readonly removal: DataRemoval;
}

/** Encrypted with the data key through bucket keys, private, TLS only, with access logs and a lifecycle per prefix. */
export class LakeBucket extends Bucket {
  constructor(scope: Construct, id: string, props: LakeBucketProps) {
    super(scope, id, {
      encryption: BucketEncryption.KMS,
      encryptionKey: props.encryptionKey,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: props.lake.versioned,
      serverAccessLogsBucket: props.accessLogBucket,
      serverAccessLogsPrefix: 'lake/',
      lifecycleRules: lifecycleRules(props.lake),
      removalPolicy: props.removal.policy,
      autoDeleteObjects: props.removal.destroysData,
    });
    // Set on the resource itself: addEventNotification would add a custom resource with a function of its own.
    const resource = this.node.defaultChild as CfnBucket;
    resource.notificationConfiguration = {
      queueConfigurations: [
        {
          event: 's3:ObjectCreated:*',
          queue: props.objectQueue.queueArn,
          filter: { s3Key: { rules: [{ name: 'prefix', value: EVENTS_PREFIX }] } },
        },
      ],
    };
    // S3 checks on creation that it may send to the queue.
    resource.node.addDependency(props.objectQueue);
  }
}
