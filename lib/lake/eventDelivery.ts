/** The delivery stream that turns records of the event stream into Parquet objects. */
import { Aws, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import type { CfnTable } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import {
  DeliveryStream,
  EnableLogging,
  InputFormat,
  KinesisStreamSource,
  LambdaFunctionProcessor,
  ParquetCompression,
  ParquetOutputFormat,
  S3Bucket,
  SchemaConfiguration,
} from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { CapacityPlan } from '../capacity/types';
import { ERRORS_PREFIX, EVENTS_PREFIX } from '../contract/lakeLayout';
import { acknowledge } from '../foundation/acknowledge';
import { LOG_RETENTION } from '../foundation/pipelineFunction';
import { DeliveryRole } from './deliveryRole';
import { EVENTS_ERROR_PREFIX, EVENTS_OUTPUT_PREFIX } from './prefixes';

/** Attempts after a failed invocation of the transform; then the batch goes to errors/. Firehose's default, pinned. */
export const TRANSFORM_RETRIES = 3;

export interface EventDeliveryProps {
  readonly plan: Pick<CapacityPlan, 'transform' | 'delivery'>;
  readonly stream: IStream;
  readonly transform: IFunction;
  readonly bucket: IBucket;
  readonly encryptionKey: IKey;
  /** Its columns are the columns of the Parquet objects. */
  readonly table: CfnTable;
}

/** Kinesis -> transform -> Parquet (Snappy) in events/, by arrival hour; failures in errors/, by type. */
export class EventDelivery extends Construct {
  readonly deliveryStream: DeliveryStream;

  constructor(scope: Construct, id: string, props: EventDeliveryProps) {
    super(scope, id);
    const { plan, bucket } = props;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: LOG_RETENTION,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new DeliveryRole(this, 'Role', {
      bucket,
      encryptionKey: props.encryptionKey,
      logGroup,
      prefixes: [EVENTS_PREFIX, ERRORS_PREFIX],
      statements: this.sourceStatements(props),
    });
    const fixedRole = role.withoutPolicyUpdates();
    this.deliveryStream = new DeliveryStream(this, 'DeliveryStream', {
      role: fixedRole,
      source: new KinesisStreamSource(props.stream),
      destination: new S3Bucket(bucket, {
        role: fixedRole,
        loggingConfig: new EnableLogging(logGroup),
        dataOutputPrefix: EVENTS_OUTPUT_PREFIX,
        errorOutputPrefix: EVENTS_ERROR_PREFIX,
        bufferingSize: Size.mebibytes(plan.delivery.bufferMebibytes),
        bufferingInterval: Duration.seconds(plan.delivery.bufferSeconds),
        processors: [
          new LambdaFunctionProcessor(props.transform, {
            bufferSize: Size.mebibytes(plan.transform.bufferMebibytes),
            bufferInterval: Duration.seconds(plan.transform.bufferSeconds),
            retries: TRANSFORM_RETRIES,
          }),
        ],
        dataFormatConversion: {
          schemaConfiguration: SchemaConfiguration.fromCfnTable(props.table),
          inputFormat: InputFormat.OPENX_JSON,
          outputFormat: new ParquetOutputFormat({ compression: ParquetCompression.SNAPPY }),
        },
      }),
    });
    acknowledge(
      this.deliveryStream,
      'AwsSolutions-KDF1',
      'Firehose refuses encryption of its own with a Kinesis source: the stream is encrypted.',
    );
  }

  private sourceStatements({ stream, transform, table }: EventDeliveryProps): PolicyStatement[] {
    const stack = Stack.of(this);
    const glue = (resource: string, resourceName?: string) =>
      stack.formatArn({ service: 'glue', account: Aws.ACCOUNT_ID, resource, resourceName });
    return [
      new PolicyStatement({
        actions: [
          'kinesis:DescribeStream',
          'kinesis:GetRecords',
          'kinesis:GetShardIterator',
          'kinesis:ListShards',
        ],
        resources: [stream.streamArn],
      }),
      new PolicyStatement({
        actions: ['lambda:GetFunctionConfiguration', 'lambda:InvokeFunction'],
        resources: [transform.functionArn, `${transform.functionArn}:$LATEST`],
      }),
      new PolicyStatement({
        actions: ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
        resources: [
          glue('catalog'),
          glue('database', table.databaseName),
          glue('table', `${table.databaseName}/${table.ref}`),
        ],
      }),
    ];
  }
}
