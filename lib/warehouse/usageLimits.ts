/** Limits on what the cluster may spend beyond its nodes. */
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  PhysicalResourceId,
  PhysicalResourceIdReference,
} from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeArnsEndingWith } from '../foundation/acknowledge';
import { LOG_RETENTION } from '../foundation/pipelineFunction';

/** A limit a day; reached, the feature is off until the next day begins (UTC). */
export interface UsageLimit {
  /** Also the construct's id. */
  readonly name: string;
  readonly feature: 'concurrency-scaling' | 'spectrum';
  /** Minutes of concurrency scaling, terabytes of Spectrum. */
  readonly amountPerDay: number;
}

export interface UsageLimitsProps {
  readonly clusterIdentifier: string;
  readonly limits: readonly UsageLimit[];
}

/** CloudFormation knows no usage limits of provisioned clusters, so the API is called. */
export class UsageLimits extends Construct {
  constructor(scope: Construct, id: string, { clusterIdentifier, limits }: UsageLimitsProps) {
    super(scope, id);
    if (limits.length === 0) return;
    const arn = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({
        service: 'redshift',
        resource,
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    const policy = AwsCustomResourcePolicy.fromStatements([
      new PolicyStatement({
        actions: ['redshift:CreateUsageLimit', 'redshift:DeleteUsageLimit', 'redshift:ModifyUsageLimit'],
        resources: [arn('cluster', clusterIdentifier), arn('usagelimit', '*')],
      }),
    ]);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: LOG_RETENTION,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    for (const { name, feature, amountPerDay } of limits) {
      const call = (action: string, parameters: Record<string, unknown>) => ({
        service: 'Redshift',
        action,
        parameters,
      });
      const limit = new AwsCustomResource(this, name, {
        resourceType: 'Custom::UsageLimit',
        installLatestAwsSdk: false,
        logGroup,
        policy,
        onCreate: {
          ...call('createUsageLimit', {
            ClusterIdentifier: clusterIdentifier,
            FeatureType: feature,
            LimitType: feature === 'spectrum' ? 'data-scanned' : 'time',
            Amount: amountPerDay,
            Period: 'daily',
            BreachAction: 'disable',
          }),
          physicalResourceId: PhysicalResourceId.fromResponse('UsageLimitId'),
        },
        onUpdate: call('modifyUsageLimit', {
          UsageLimitId: new PhysicalResourceIdReference(),
          Amount: amountPerDay,
        }),
        onDelete: {
          ...call('deleteUsageLimit', { UsageLimitId: new PhysicalResourceIdReference() }),
          ignoreErrorCodesMatching: 'UsageLimitNotFound',
        },
      });
      acknowledgeArnsEndingWith(limit, [':*'], 'Redshift names the limits it makes.');
    }
    acknowledgeSingleton(this);
  }
}

/** The CDK puts the function that calls the API beside the stack's own resources. */
function acknowledgeSingleton(scope: Construct): void {
  const singleton = Stack.of(scope).node.children.find(({ node }) => /^AWS[0-9a-f]{32}$/.test(node.id));
  if (singleton === undefined) return;
  const reason = 'CDK’s own function for API calls: it runs on deployments and handles no events. ';
  acknowledge(
    singleton,
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    `${reason}The managed policy lets it write its log.`,
  );
  acknowledge(singleton, 'AwsSolutions-L1', `${reason}The runtime is chosen by the CDK release.`);
}
