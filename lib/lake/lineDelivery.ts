/** A delivery stream that keeps JSON lines of the transform: what it rejected, and what it counted. */
import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import {
  Compression,
  DeliveryStream,
  EnableLogging,
  S3Bucket,
  StreamEncryption,
} from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ERRORS_PREFIX } from '../contract/lakeLayout';
import { LOG_RETENTION } from '../foundation/pipelineFunction';
import { DeliveryRole } from './deliveryRole';
import { lineErrorPrefix, lineOutputPrefix } from './prefixes';

/** Objects a person can open: the lines are few, and rejected events are looked at rather than queried. */
const BUFFER_MEBIBYTES = 16;

export interface LineDeliveryProps {
  /** Where the lines go, such as "rejected/". */
  readonly prefix: string;
  readonly bucket: IBucket;
  readonly encryptionKey: IKey;
  readonly bufferSeconds: number;
}

/** Direct PUT -> gzipped JSON lines below a prefix, by hour. */
export class LineDelivery extends Construct {
  readonly deliveryStream: DeliveryStream;

  constructor(scope: Construct, id: string, props: LineDeliveryProps) {
    super(scope, id);
    const { prefix, bucket, encryptionKey, bufferSeconds } = props;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: LOG_RETENTION,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new DeliveryRole(this, 'Role', {
      bucket,
      encryptionKey,
      logGroup,
      prefixes: [prefix, ERRORS_PREFIX],
    });
    const fixedRole = role.withoutPolicyUpdates();
    this.deliveryStream = new DeliveryStream(this, 'DeliveryStream', {
      role: fixedRole,
      encryption: StreamEncryption.awsOwnedKey(),
      destination: new S3Bucket(bucket, {
        role: fixedRole,
        loggingConfig: new EnableLogging(logGroup),
        dataOutputPrefix: lineOutputPrefix(prefix),
        errorOutputPrefix: lineErrorPrefix(prefix),
        compression: Compression.GZIP,
        bufferingSize: Size.mebibytes(BUFFER_MEBIBYTES),
        bufferingInterval: Duration.seconds(bufferSeconds),
      }),
    });
  }
}
