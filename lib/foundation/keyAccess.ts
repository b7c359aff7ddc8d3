/** Permission to use a key, through a service and not directly. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** Services that decrypt and encrypt on a caller's behalf, as they are called in host names. */
export type KeyUsingService = 's3' | 'secretsmanager' | 'sqs';

/** Lets a role read what a service keeps encrypted with a key. */
export function decryptThrough(scope: Construct, key: IKey, ...services: KeyUsingService[]): PolicyStatement {
  return throughServices(scope, key, ['kms:Decrypt'], services);
}

/** Lets a role read and write what a service keeps encrypted with a key. */
export function encryptThrough(scope: Construct, key: IKey, ...services: KeyUsingService[]): PolicyStatement {
  return throughServices(scope, key, ['kms:Decrypt', 'kms:GenerateDataKey'], services);
}

function throughServices(
  scope: Construct,
  key: IKey,
  actions: string[],
  services: readonly KeyUsingService[],
): PolicyStatement {
  const { region, urlSuffix } = Stack.of(scope);
  return new PolicyStatement({
    actions,
    resources: [key.keyArn],
    conditions: {
      StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${region}.${urlSuffix}`) },
    },
  });
}
