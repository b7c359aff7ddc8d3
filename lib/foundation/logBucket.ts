/** A bucket for access and audit logs. */
import { Duration } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import type { DataRemoval } from './removal';

/** Long enough to look into an incident that was found a quarter later. */
const LOG_DAYS = 90;

/**
 * Encrypted with S3's own key, because the services that write logs cannot use a customer key. Private, TLS only;
 * logs are deleted after 90 days.
 */
export class LogBucket extends Bucket {
  constructor(scope: Construct, id: string, removal: DataRemoval) {
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      lifecycleRules: [
        {
          id: 'expire',
          expiration: Duration.days(LOG_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
      removalPolicy: removal.policy,
      autoDeleteObjects: removal.destroysData,
    });
    acknowledge(
      this,
      'AwsSolutions-S1',
      'It is itself the target of logs; logging its own access would never end.',
    );
  }
}
