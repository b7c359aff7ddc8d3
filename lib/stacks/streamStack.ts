/** Stream: where producers put events. Stateful. */
import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';
import { EventStream } from '../stream/eventStream';
import { ShardScaling } from '../stream/shardScaling';
import { type ClickstreamStackProps, statefulStackProps } from './stackProps';

/** The Kinesis stream, and what scales it. Its output `StreamName` is where producers send to. */
export class StreamStack extends Stack {
  readonly stream: Stream;

  constructor(scope: Construct, id: string, props: ClickstreamStackProps) {
    super(scope, id, statefulStackProps(props, 'Clickstream stream: Kinesis'));
    const { config, plan, removal } = props;
    const { scaling, targetUtilization } = config.stream;
    this.stream = new EventStream(this, 'Events', {
      retentionHours: config.stream.retentionHours,
      shards: plan.stream.shards,
      removal,
    }).stream;
    if (scaling !== undefined) {
      new ShardScaling(this, 'Scaling', {
        environmentName: config.name,
        stream: this.stream,
        policy: { ...scaling, targetUtilization },
      });
    }
    new CfnOutput(this, 'StreamName', {
      value: this.stream.streamName,
      description: 'Kinesis stream producers put packed events into',
    });
  }
}
