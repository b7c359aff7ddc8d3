/** The role a delivery stream writes into the lake with. */

import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledgeArnsEndingWith } from '../foundation/acknowledge';
import { encryptThrough } from '../foundation/keyAccess';

export interface DeliveryRoleProps {
  readonly bucket: IBucket;
  readonly encryptionKey: IKey;
  readonly logGroup: ILogGroup;
  /** Prefixes the stream writes below, each ending with a slash. */
  readonly prefixes: readonly string[];
  /** What else it needs. @default nothing */
  readonly statements?: readonly PolicyStatement[];
}

/**
 * May use objects below the given prefixes and no others, and delete none. The policy is part of the role, so that it
 * is in force before the delivery stream is made; the L2 constructs would grant reading and deleting in the whole
 * bucket.
 */
export class DeliveryRole extends Role {
  constructor(scope: Construct, id: string, props: DeliveryRoleProps) {
    super(scope, id, {
      assumedBy: new ServicePrincipal('firehose.amazonaws.com'),
      inlinePolicies: {
        delivery: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
              resources: [props.bucket.bucketArn],
            }),
            new PolicyStatement({
              // Firehose's documentation asks for all three ("Grant Firehose access to an Amazon S3 destination").
              actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
              resources: props.prefixes.map((prefix) => props.bucket.arnForObjects(`${prefix}*`)),
            }),
            encryptThrough(scope, props.encryptionKey, 's3'),
            new PolicyStatement({
              actions: ['logs:PutLogEvents'],
              resources: [props.logGroup.logGroupArn],
            }),
            ...(props.statements ?? []),
          ],
        }),
      },
    });
    acknowledgeArnsEndingWith(
      this,
      props.prefixes.map((prefix) => `/${prefix}*`),
      'Firehose names the objects it writes; other prefixes stay closed.',
    );
  }
}
