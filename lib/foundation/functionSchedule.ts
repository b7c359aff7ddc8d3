/** A schedule that runs a function. */
import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import { encryptThrough } from './keyAccess';

/** Attempts to call the function after the first; Scheduler's default would be 185 over a day. */
const RETRIES = 2;

export interface FunctionScheduleProps {
  readonly function: IFunction;
  /** For people who look at the schedule, such as "Runs the clickstream loader". */
  readonly description: string;
  readonly interval: Duration;
  readonly encryptionKey: IKey;
  /** What the function is called with. @default an empty event */
  readonly input?: object;
}

/** Calls a function at an interval; what it could not call becomes a dead letter. */
export class FunctionSchedule extends Construct {
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: FunctionScheduleProps) {
    super(scope, id);
    const { description, interval, encryptionKey } = props;
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: encryptionKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this.deadLetters, 'AwsSolutions-SQS3', 'It holds the dead letters of the schedule.');
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      inlinePolicies: {
        schedule: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['lambda:InvokeFunction'],
              resources: [props.function.functionArn],
            }),
            new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }),
            encryptThrough(this, encryptionKey, 'sqs'),
          ],
        }),
      },
    });
    new Schedule(this, 'Schedule', {
      description,
      schedule: ScheduleExpression.rate(interval),
      target: new LambdaInvoke(props.function, {
        role: role.withoutPolicyUpdates(),
        retryAttempts: RETRIES,
        // A trigger older than the interval has been overtaken by the next one.
        maxEventAge: interval,
        deadLetterQueue: this.deadLetters,
        ...(props.input === undefined ? {} : { input: ScheduleTargetInput.fromObject(props.input) }),
      }),
    });
  }
}
