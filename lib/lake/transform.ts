/** The function that turns records into rows. */
import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Construct } from 'constructs';
import type { CapacityPlan } from '../capacity/types';
import { TRANSFORM_ENV } from '../contract/names';
import { PipelineFunction } from '../foundation/pipelineFunction';

export interface TransformProps {
  readonly environmentName: string;
  readonly plan: CapacityPlan['transform'];
  /** Records that would not fit the answer go back here. */
  readonly stream: IStream;
  /** Rejected events go here. */
  readonly rejected: DeliveryStream;
  /** The counts of each invocation go here. */
  readonly counts: DeliveryStream;
  /** Most bytes one record may expand to. */
  readonly maxExpandedBytes: number;
}

/** Invoked by the event delivery stream; see lambda/transform. */
export class Transform extends PipelineFunction {
  constructor(
    scope: Construct,
    id: string,
    { environmentName, plan, stream, rejected, counts, maxExpandedBytes }: TransformProps,
  ) {
    super(scope, id, {
      folder: 'transform',
      description: 'Clickstream: opens packed records and makes every event a row or a rejected event',
      memoryMebibytes: plan.memoryMebibytes,
      timeout: Duration.seconds(plan.timeoutSeconds),
      environment: {
        [TRANSFORM_ENV.streamName]: stream.streamName,
        [TRANSFORM_ENV.rejectedDeliveryStreamName]: rejected.deliveryStreamName,
        [TRANSFORM_ENV.countsDeliveryStreamName]: counts.deliveryStreamName,
        [TRANSFORM_ENV.maxExpandedBytes]: String(maxExpandedBytes),
        [TRANSFORM_ENV.environmentName]: environmentName,
      },
    });
    this.allow(new PolicyStatement({ actions: ['kinesis:PutRecords'], resources: [stream.streamArn] }));
    this.allow(
      new PolicyStatement({
        actions: ['firehose:PutRecordBatch'],
        resources: [rejected.deliveryStreamArn, counts.deliveryStreamArn],
      }),
    );
  }
}
