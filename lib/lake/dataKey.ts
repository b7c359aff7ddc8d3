/** The one customer key of an environment. */
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { DataRemoval } from '../foundation/removal';

/**
 * Encrypts what holds events at rest (lake, queue, warehouse, its admin secret) and the alarm topic. One key, because
 * a key costs 1 USD a month and whoever may read the lake may read the warehouse's copy of it. Its policy names
 * services only; roles get access through their own policies.
 */
export class DataKey extends Key {
  constructor(scope: Construct, id: string, props: { alias: string; removal: DataRemoval }) {
    super(scope, id, {
      alias: props.alias,
      description: 'Clickstream lake, queues, warehouse and alarms',
      enableKeyRotation: true,
      removalPolicy: props.removal.policy,
    });
    // S3 puts notifications on the encrypted queue; CloudWatch publishes alarms to the encrypted topic. As AWS documents
    // it, without a condition: the policies of queue and topic admit this account only.
    for (const service of ['s3.amazonaws.com', 'cloudwatch.amazonaws.com']) {
      this.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal(service)],
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: ['*'],
        }),
      );
    }
  }
}
