/** The role COPY reads the lake with. */
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ERASURE_IDS_PREFIX, EVENTS_PREFIX, MANIFESTS_PREFIX } from '../contract/lakeLayout';
import { acknowledgeArnsEndingWith } from '../foundation/acknowledge';
import { decryptThrough } from '../foundation/keyAccess';

export interface CopyRoleProps {
  readonly bucket: IBucket;
  readonly encryptionKey: IKey;
}

/**
 * May read events, manifests and the identifiers of a running erasure, and nothing else: not errors/ or rejected/,
 * which hold originals.
 */
export class CopyRole extends Role {
  constructor(scope: Construct, id: string, { bucket, encryptionKey }: CopyRoleProps) {
    const prefixes = [EVENTS_PREFIX, MANIFESTS_PREFIX, ERASURE_IDS_PREFIX].map((prefix) => `${prefix}*`);
    super(scope, id, {
      assumedBy: new ServicePrincipal('redshift.amazonaws.com'),
      inlinePolicies: {
        copy: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['s3:GetObject'],
              resources: prefixes.map((prefix) => bucket.arnForObjects(prefix)),
            }),
            new PolicyStatement({ actions: ['s3:GetBucketLocation'], resources: [bucket.bucketArn] }),
            new PolicyStatement({
              actions: ['s3:ListBucket'],
              resources: [bucket.bucketArn],
              conditions: { StringLike: { 's3:prefix': prefixes } },
            }),
            decryptThrough(scope, encryptionKey, 's3'),
          ],
        }),
      },
    });
    acknowledgeArnsEndingWith(
      this,
      prefixes.map((prefix) => `/${prefix}`),
      'COPY reads objects whose keys are not known beforehand; other prefixes stay closed.',
    );
  }
}
