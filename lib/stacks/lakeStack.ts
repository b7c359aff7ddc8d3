/** Lake: bucket, catalog, and the queue that announces new objects. Stateful. */
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { LogBucket } from '../foundation/logBucket';
import { DataKey } from '../lake/dataKey';
import { EventsDatabase } from '../lake/eventsDatabase';
import { LakeBucket } from '../lake/lakeBucket';
import { ObjectQueue } from '../lake/objectQueue';
import { OBJECT_VISIBILITY_TIMEOUT, receivesBeforeDeadLetter } from '../loading/timing';
import { type ClickstreamStackProps, statefulStackProps } from './stackProps';

/** The data key, the lake’s bucket and its access logs, the Glue database, and the queue of new objects. */
export class LakeStack extends Stack {
  readonly dataKey: Key;
  readonly bucket: Bucket;
  readonly objects: ObjectQueue;
  readonly database: CfnDatabase;

  constructor(scope: Construct, id: string, props: ClickstreamStackProps) {
    super(scope, id, statefulStackProps(props, 'Clickstream lake: S3 and Glue'));
    const { config, removal } = props;
    this.dataKey = new DataKey(this, 'DataKey', { alias: `clickstream-${config.name}`, removal });
    this.objects = new ObjectQueue(this, 'Objects', {
      encryptionKey: this.dataKey,
      visibilityTimeout: OBJECT_VISIBILITY_TIMEOUT,
      maxReceives: receivesBeforeDeadLetter(Duration.minutes(config.warehouse.loadIntervalMinutes)),
      removal,
    });
    this.bucket = new LakeBucket(this, 'Bucket', {
      lake: config.lake,
      encryptionKey: this.dataKey,
      accessLogBucket: new LogBucket(this, 'AccessLogs', removal),
      objectQueue: this.objects.queue,
      removal,
    });
    this.database = new EventsDatabase(this, 'Events', {
      name: `clickstream_${config.name.replaceAll('-', '_')}`,
    }).database;
    new CfnOutput(this, 'BucketName', {
      value: this.bucket.bucketName,
      description: 'Bucket of the data lake',
    });
    new CfnOutput(this, 'DatabaseName', {
      value: this.database.ref,
      description: 'Glue database of the data lake',
    });
    new CfnOutput(this, 'ObjectQueueUrl', {
      value: this.objects.queue.queueUrl,
      description: 'Queue that tells the loader about objects of the lake',
    });
  }
}
