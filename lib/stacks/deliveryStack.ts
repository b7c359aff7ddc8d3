/** Delivery: transform, table and Firehose, from the stream into the lake. Stateless. */
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { COUNTS_PREFIX, REJECTED_PREFIX } from '../contract/lakeLayout';
import { EventDelivery } from '../lake/eventDelivery';
import { EventsTable } from '../lake/eventsTable';
import { LineDelivery } from '../lake/lineDelivery';
import { Transform } from '../lake/transform';
import type { LakeStack } from './lakeStack';
import { type ClickstreamStackProps, statelessStackProps } from './stackProps';
import type { StreamStack } from './streamStack';

export interface DeliveryStackProps extends ClickstreamStackProps {
  readonly stream: StreamStack['stream'];
  readonly lake: Pick<LakeStack, 'bucket' | 'database' | 'dataKey'>;
}

/** The transform, the events’ Glue table, and the delivery streams: events, what was rejected, what was counted. */
export class DeliveryStack extends Stack {
  readonly transform: Transform;
  readonly events: EventDelivery;
  readonly rejected: LineDelivery;
  readonly counts: LineDelivery;

  constructor(scope: Construct, id: string, props: DeliveryStackProps) {
    super(scope, id, statelessStackProps(props, 'Clickstream delivery: transform and Firehose'));
    const { config, plan, stream, lake } = props;
    const target = { bucket: lake.bucket, encryptionKey: lake.dataKey };
    const { bufferSeconds } = plan.delivery;
    this.rejected = new LineDelivery(this, 'Rejected', { ...target, prefix: REJECTED_PREFIX, bufferSeconds });
    this.counts = new LineDelivery(this, 'Counts', { ...target, prefix: COUNTS_PREFIX, bufferSeconds });
    this.transform = new Transform(this, 'Transform', {
      environmentName: config.name,
      plan: plan.transform,
      stream,
      rejected: this.rejected.deliveryStream,
      counts: this.counts.deliveryStream,
      maxExpandedBytes: config.packing.maxExpandedBytes,
    });
    const { table } = new EventsTable(this, 'Table', {
      database: lake.database,
      bucketName: lake.bucket.bucketName,
    });
    // A field the transform has moved into a column would vanish in a table that lacks it.
    this.transform.function.node.addDependency(table);
    this.events = new EventDelivery(this, 'Events', {
      ...target,
      plan,
      stream,
      transform: this.transform.function,
      table,
    });
  }
}
