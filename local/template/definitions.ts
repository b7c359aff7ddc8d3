/** The pipeline as the templates define it, in plain terms: what the local run builds. */

/** A Kinesis data stream. */
export interface StreamDefinition {
  readonly arn: string;
  readonly name: string;
  readonly shardCount: number;
  readonly retentionHours: number;
}

/** Objects of a bucket that a queue is told about. */
export interface NotificationDefinition {
  readonly queueArn: string;
  /** Such as `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

export interface BucketDefinition {
  readonly arn: string;
  readonly name: string;
  /** Keeps what is written over or deleted. */
  readonly isVersioned: boolean;
  readonly notifications: readonly NotificationDefinition[];
}

export interface QueueDefinition {
  readonly arn: string;
  readonly name: string;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly redrive?: { readonly deadLetterQueueArn: string; readonly maxReceiveCount: number };
}

/** Column of a Glue table, with its Hive type. */
export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
}

export interface TableDefinition {
  readonly databaseName: string;
  readonly name: string;
  readonly columns: readonly ColumnDefinition[];
  /** Names of the partition keys, in order. */
  readonly partitionKeys: readonly string[];
  /** Where its objects lie, such as `s3://lake/events/`. */
  readonly location: string;
}

/** How a delivery stream turns JSON into Parquet. */
export interface ConversionDefinition {
  readonly table: Pick<TableDefinition, 'databaseName' | 'name' | 'columns'>;
  readonly compression: 'SNAPPY' | 'GZIP' | 'UNCOMPRESSED';
}

/** How a delivery stream calls its transform function. */
export interface TransformDefinition {
  readonly functionArn: string;
  readonly bufferBytes: number;
  readonly bufferMillis: number;
  /** Invocations after a failed one, before the batch is given up. */
  readonly retries: number;
}

export interface DeliveryStreamDefinition {
  readonly arn: string;
  readonly name: string;
  /** Stream to read from; undefined for Direct PUT. */
  readonly sourceStreamArn: string | undefined;
  readonly bucketName: string;
  /** Expressions for object keys; `errorPrefix` is used for what could not be delivered. */
  readonly prefix: string;
  readonly errorPrefix: string;
  readonly timeZone: string;
  /** Ends every key; undefined for the service's own. */
  readonly fileExtension: string | undefined;
  readonly bufferBytes: number;
  readonly bufferMillis: number;
  readonly compression: 'UNCOMPRESSED' | 'GZIP';
  readonly transform: TransformDefinition | undefined;
  readonly conversion: ConversionDefinition | undefined;
}

export interface FunctionDefinition {
  readonly arn: string;
  readonly name: string;
  /** Directory of the bundle in the cloud assembly. */
  readonly bundleDirectory: string;
  /** Such as `index.handler`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMillis: number;
  readonly memoryMebibytes: number;
  readonly runtime: string;
  /** Most invocations at once; undefined when not reserved. */
  readonly reservedConcurrency: number | undefined;
}

export interface ScheduleDefinition {
  readonly name: string;
  readonly functionArn: string;
  readonly everyMillis: number;
  readonly input: unknown;
}

/** A custom resource made with the CDK's provider framework. */
export interface CustomResourceDefinition {
  readonly logicalId: string;
  readonly type: string;
  readonly onEventArn: string;
  readonly isCompleteArn: string | undefined;
  /** Resource properties as the handlers get them: CloudFormation turns every scalar into text. */
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface ClusterDefinition {
  readonly identifier: string;
  readonly databaseName: string;
  /** Names the admin in calls of the Data API; there is no secret behind it on this machine. */
  readonly adminSecretArn: string;
}

/** Everything the local run builds. */
export interface PipelineDefinition {
  readonly region: string;
  readonly account: string;
  readonly streams: readonly StreamDefinition[];
  readonly buckets: readonly BucketDefinition[];
  readonly queues: readonly QueueDefinition[];
  readonly tables: readonly TableDefinition[];
  readonly deliveryStreams: readonly DeliveryStreamDefinition[];
  /** Functions that a delivery stream, a schedule or a custom resource uses. */
  readonly functions: readonly FunctionDefinition[];
  readonly schedules: readonly ScheduleDefinition[];
  readonly customResources: readonly CustomResourceDefinition[];
  readonly cluster: ClusterDefinition;
}
