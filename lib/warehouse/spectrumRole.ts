/** The role Redshift Spectrum reads the lake with. */
import { Aws, Stack } from 'aws-cdk-lib';
import type { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { EVENTS_PREFIX, EVENTS_TABLE_NAME } from '../contract/lakeLayout';
import { acknowledgeArnsEndingWith } from '../foundation/acknowledge';
import { decryptThrough } from '../foundation/keyAccess';

export interface SpectrumRoleProps {
  readonly bucket: IBucket;
  readonly encryptionKey: IKey;
  /** Glue database of the events table. */
  readonly database: CfnDatabase;
}

/** May read events and their entry in the catalog, and change neither. */
export class SpectrumRole extends Role {
  constructor(scope: Construct, id: string, { bucket, encryptionKey, database }: SpectrumRoleProps) {
    const prefix = `${EVENTS_PREFIX}*`;
    super(scope, id, {
      assumedBy: new ServicePrincipal('redshift.amazonaws.com'),
      inlinePolicies: {
        spectrum: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: [
                'glue:BatchGetPartition',
                'glue:GetDatabase',
                'glue:GetPartition',
                'glue:GetPartitions',
                'glue:GetTable',
                'glue:GetTables',
              ],
              resources: glueTableArns(scope, database),
            }),
            new PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects(prefix)] }),
            new PolicyStatement({ actions: ['s3:GetBucketLocation'], resources: [bucket.bucketArn] }),
            new PolicyStatement({
              actions: ['s3:ListBucket'],
              resources: [bucket.bucketArn],
              conditions: { StringLike: { 's3:prefix': [prefix] } },
            }),
            decryptThrough(scope, encryptionKey, 's3'),
          ],
        }),
      },
    });
    acknowledgeArnsEndingWith(
      this,
      [`/${prefix}`],
      'Queries read objects whose keys are not known beforehand; other prefixes stay closed.',
    );
  }
}

/** The catalog, the database and the events table in it: Glue checks a permission on all three. */
export function glueTableArns(scope: Construct, database: CfnDatabase): string[] {
  const arn = (resource: string, resourceName?: string) =>
    Stack.of(scope).formatArn({ service: 'glue', account: Aws.ACCOUNT_ID, resource, resourceName });
  return [
    arn('catalog'),
    arn('database', database.ref),
    arn('table', `${database.ref}/${EVENTS_TABLE_NAME}`),
  ];
}
