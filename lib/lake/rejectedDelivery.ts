/** The delivery stream that keeps what the transform rejected. */
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
import { ERRORS_PREFIX, REJECTED_PREFIX } from '../contract/lakeLayout';
import { LOG_RETENTION } from '../foundation/pipelineFunction';
import { DeliveryRole } from './deliveryRole';
import { REJECTED_ERROR_PREFIX, REJECTED_OUTPUT_PREFIX } from './prefixes';

/** Objects a person can open: rejected events are few, and are looked at rather than queried. */
const BUFFER_MEBIBYTES = 16;

export interface RejectedDeliveryProps {
  readonly bucket: IBucket;
  readonly encryptionKey: IKey;
  readonly bufferSeconds: number;
}

/** Direct PUT -> gzipped JSON lines in rejected/, by hour. */
export class RejectedDelivery extends Construct {
  readonly deliveryStream: DeliveryStream;

  constructor(scope: Construct, id: string, { bucket, encryptionKey, bufferSeconds }: RejectedDeliveryProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: LOG_RETENTION,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new DeliveryRole(this, 'Role', {
      bucket,
      encryptionKey,
      logGroup,
      prefixes: [REJECTED_PREFIX, ERRORS_PREFIX],
    });
    const fixedRole = role.withoutPolicyUpdates();
    this.deliveryStream = new DeliveryStream(this, 'DeliveryStream', {
      role: fixedRole,
      encryption: StreamEncryption.awsOwnedKey(),
      destination: new S3Bucket(bucket, {
        role: fixedRole,
        loggingConfig: new EnableLogging(logGroup),
        dataOutputPrefix: REJECTED_OUTPUT_PREFIX,
        errorOutputPrefix: REJECTED_ERROR_PREFIX,
        compression: Compression.GZIP,
        bufferingSize: Size.mebibytes(BUFFER_MEBIBYTES),
        bufferingInterval: Duration.seconds(bufferSeconds),
      }),
    });
  }
}
