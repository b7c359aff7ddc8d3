/** The function that fits the stream's shard count to its traffic, when it runs, and where it keeps what it did. */
import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { ASSUMPTIONS } from '../capacity/facts';
import { SCALER_ENV } from '../contract/names';
import { acknowledge } from '../foundation/acknowledge';
import { PipelineFunction } from '../foundation/pipelineFunction';
import type { ScalingPolicy } from '../scaling/policy';
import { RUN_INTERVAL_MINUTES } from '../scaling/time';

const INTERVAL = Duration.minutes(RUN_INTERVAL_MINUTES);
/** Shorter than the interval, so that a run has ended before the next begins. */
const TIMEOUT = Duration.seconds(50);

export interface ShardScalingProps {
  readonly environmentName: string;
  readonly stream: IStream;
  readonly policy: ScalingPolicy;
}

/** Runs every minute; see lambda/scaling and docs/scaling.md. */
export class ShardScaling extends Construct {
  constructor(scope: Construct, id: string, { environmentName, stream, policy }: ShardScalingProps) {
    super(scope, id);
    const state = new StringParameter(this, 'State', {
      description: 'Clickstream: shard count and its last changes, written by the scaling function',
      // The function replaces it. CloudFormation leaves that alone, because the template never changes.
      stringValue: '{"changes":[]}',
    });
    const scaler = new PipelineFunction(this, 'Scaler', {
      folder: 'scaling',
      description: 'Clickstream: fits the shard count of the stream to its traffic',
      memoryMebibytes: ASSUMPTIONS.scalingMemoryMebibytes.value,
      timeout: TIMEOUT,
      environment: {
        [SCALER_ENV.streamName]: stream.streamName,
        [SCALER_ENV.stateParameterName]: state.parameterName,
        [SCALER_ENV.policy]: JSON.stringify(policy),
        [SCALER_ENV.environmentName]: environmentName,
      },
    });
    // A trigger carries nothing: one that failed is made good by the next.
    scaler.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: INTERVAL });
    const on = (resource: string, ...actions: string[]) =>
      scaler.allow(new PolicyStatement({ actions, resources: [resource] }));
    on(stream.streamArn, 'kinesis:DescribeStreamSummary', 'kinesis:UpdateShardCount');
    on(state.parameterArn, 'ssm:GetParameter', 'ssm:PutParameter');
    on('*', 'cloudwatch:GetMetricData');
    acknowledge(
      scaler.role,
      'AwsSolutions-IAM5[Resource::*]',
      'CloudWatch does not restrict the reading of metrics to resources.',
    );
    this.schedule(scaler.function);
  }

  private schedule(scaler: IFunction): void {
    const invoke = new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [scaler.functionArn],
    });
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      inlinePolicies: { schedule: new PolicyDocument({ statements: [invoke] }) },
    });
    new Schedule(this, 'Schedule', {
      description: 'Runs the scaling of the clickstream’s shards',
      schedule: ScheduleExpression.rate(INTERVAL),
      target: new LambdaInvoke(scaler, {
        role: role.withoutPolicyUpdates(),
        retryAttempts: 0,
        maxEventAge: INTERVAL,
      }),
    });
  }
}
