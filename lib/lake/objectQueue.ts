/** The queue that tells the loader about every new object with events. */
import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DataRemoval } from '../foundation/removal';

export interface ObjectQueueProps {
  readonly encryptionKey: IKey;
  /** Longer than the loader may run, else a second loader takes messages the first still works on. */
  readonly visibilityTimeout: Duration;
  /** Receives before a message is a dead letter, 1 to 1,000. */
  readonly maxReceives: number;
  readonly removal: DataRemoval;
}

/** Queue with its dead letters; both keep messages for 14 days, SQS's maximum. */
export class ObjectQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: ObjectQueueProps) {
    super(scope, id);
    const { encryptionKey, visibilityTimeout, maxReceives, removal } = props;
    const common: QueueProps = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: encryptionKey,
      // A data key serves an hour of messages: fewer KMS calls.
      dataKeyReuse: Duration.hours(1),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: removal.policy,
    };
    this.deadLetters = new Queue(this, 'DeadLetters', common);
    this.queue = new Queue(this, 'Queue', {
      ...common,
      visibilityTimeout,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maxReceives },
    });
    // By account, not by bucket: the bucket needs this policy before it can be made, so the policy cannot name it.
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
  }
}
