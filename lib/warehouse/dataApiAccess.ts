/** What a function needs to run statements through the Redshift Data API. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { acknowledge } from '../foundation/acknowledge';
import type { PipelineFunction } from '../foundation/pipelineFunction';

/** Lets a function run statements on one cluster and follow its own statements, nobody else's. */
export function allowDataApi(target: PipelineFunction, clusterArn: string): void {
  target.allow(
    new PolicyStatement({
      actions: ['redshift-data:BatchExecuteStatement', 'redshift-data:ExecuteStatement'],
      resources: [clusterArn],
    }),
  );
  target.allow(
    new PolicyStatement({
      actions: [
        'redshift-data:CancelStatement',
        'redshift-data:DescribeStatement',
        'redshift-data:GetStatementResult',
        'redshift-data:ListStatements',
      ],
      resources: ['*'],
      conditions: {
        StringEquals: { 'redshift-data:statement-owner-iam-userid': `\${aws:userid}` },
      },
    }),
  );
  acknowledge(
    target.role,
    'AwsSolutions-IAM5[Resource::*]',
    'These actions of the Data API have no resource; the condition admits the function’s own statements only.',
  );
}

/** Lets a function log in to one database as one user that exists already. */
export function allowDatabaseUser(
  target: PipelineFunction,
  login: { clusterIdentifier: string; databaseName: string; user: string },
): void {
  const arn = (resource: string, name: string) =>
    Stack.of(target).formatArn({
      service: 'redshift',
      resource,
      resourceName: `${login.clusterIdentifier}/${name}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  target.allow(
    new PolicyStatement({
      actions: ['redshift:GetClusterCredentials'],
      resources: [arn('dbuser', login.user), arn('dbname', login.databaseName)],
    }),
  );
}
