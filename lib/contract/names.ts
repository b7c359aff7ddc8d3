/** Names that infrastructure and Lambdas share: environment variables, metrics, warehouse objects. */

/** Environment variables of the transform function. */
export const TRANSFORM_ENV = {
  /** Stream the events came from; what does not fit the answer goes back there. */
  streamName: 'STREAM_NAME',
  /** Direct-PUT delivery stream for rejected events. */
  rejectedDeliveryStreamName: 'REJECTED_DELIVERY_STREAM_NAME',
  /** Most bytes one record may expand to. */
  maxExpandedBytes: 'MAX_EXPANDED_BYTES',
  /** CloudWatch metric dimension. */
  environmentName: 'ENVIRONMENT_NAME',
} as const;

/** Environment variables of the loader function. */
export const LOADER_ENV = {
  queueUrl: 'QUEUE_URL',
  bucketName: 'LAKE_BUCKET_NAME',
  clusterIdentifier: 'CLUSTER_IDENTIFIER',
  databaseName: 'DATABASE_NAME',
  /** Database user of the loader; never the admin. */
  databaseUser: 'DATABASE_USER',
  /**
   * Role COPY reads the lake with, for `IAM_ROLE '<arn>'`. CloudFormation cannot give a cluster a default role, so
   * `IAM_ROLE DEFAULT` would fail on AWS.
   */
  copyRoleArn: 'COPY_ROLE_ARN',
  /** Hours before and after a batch's own time span in which duplicates are looked for. */
  duplicateLookBackHours: 'DUPLICATE_LOOK_BACK_HOURS',
  /** Most objects in one COPY. */
  maxObjectsPerBatch: 'MAX_OBJECTS_PER_BATCH',
  /** Most bytes of objects in one COPY. */
  maxBytesPerBatch: 'MAX_BYTES_PER_BATCH',
  environmentName: 'ENVIRONMENT_NAME',
} as const;

/** Environment variables of the migrate function. */
export const MIGRATE_ENV = {
  clusterIdentifier: 'CLUSTER_IDENTIFIER',
  databaseName: 'DATABASE_NAME',
  /** Secrets Manager ARN of the admin's managed password: only migrations use it. */
  adminSecretArn: 'ADMIN_SECRET_ARN',
} as const;

/** Environment variables of the scaling function. */
export const SCALER_ENV = {
  streamName: 'STREAM_NAME',
  /** Parameter that holds the shard count last seen and the last changes. */
  stateParameterName: 'SCALING_STATE_PARAMETER_NAME',
  /** `ScalingPolicy` as JSON. */
  policy: 'SCALING_POLICY',
  environmentName: 'ENVIRONMENT_NAME',
} as const;

/** Names inside the warehouse. */
export const WAREHOUSE = {
  database: 'clickstream',
  /** Events as they were loaded; analysts do not see it. Not `raw`: RAW is a reserved word in Redshift. */
  rawSchema: 'landing',
  eventsTable: 'landing.events',
  /** Ledger of loads and migrations. */
  opsSchema: 'ops',
  loadBatchesTable: 'ops.load_batches',
  loadFilesTable: 'ops.load_files',
  /** Rows of every load by arrival hour and site. */
  loadCountsTable: 'ops.load_counts',
  loadLockTable: 'ops.load_lock',
  /** Objects moved aside because COPY refused them, and what became of them. */
  quarantinedObjectsTable: 'ops.quarantined_objects',
  /** What the audit found, by arrival hour and site. */
  auditsTable: 'ops.audits',
  /** How far the models have followed the ledger of loads. */
  modelRunsTable: 'ops.model_runs',
  migrationsTable: 'ops.migrations',
  /** What analysts read. */
  analysisSchema: 'analysis',
  eventsView: 'analysis.events',
  loaderUser: 'loader',
  auditorUser: 'auditor',
  modelerUser: 'modeler',
  analystRole: 'analyst',
} as const;

/** CloudWatch namespace of the project's own metrics; their only dimension is `environment`. */
export const METRICS_NAMESPACE = 'Clickstream';
export const METRICS_DIMENSION = 'environment';

/** Metrics the transform emits per invocation. eventsIn = rows + eventsRejected + eventsPutBack, always. */
export const TRANSFORM_METRICS = {
  recordsIn: 'TransformRecordsIn',
  /** Events in records that could be opened, plus one for each record that could not. */
  eventsIn: 'TransformEventsIn',
  rows: 'TransformRows',
  /** All reasons together; each reason also has its own, see `rejectedMetric`. */
  eventsRejected: 'TransformEventsRejected',
  eventsPutBack: 'TransformEventsPutBack',
  bots: 'TransformBots',
  clockSuspect: 'TransformClockSuspect',
  truncatedValues: 'TransformTruncatedValues',
  answerBytes: 'TransformAnswerBytes',
} as const;

/** Metric of one rejection reason (lib/event/rejections.ts). */
export function rejectedMetric(reason: string): string {
  return `TransformRejected_${reason}`;
}

/** Metrics the loader emits. */
export const LOADER_METRICS = {
  batchesLoaded: 'LoaderBatchesLoaded',
  batchesFailed: 'LoaderBatchesFailed',
  objectsLoaded: 'LoaderObjectsLoaded',
  rowsStaged: 'LoaderRowsStaged',
  rowsNew: 'LoaderRowsNew',
  rowsDuplicate: 'LoaderRowsDuplicate',
  /** Rows the files' footers announced minus rows COPY staged; anything but 0 is an alarm. */
  rowsMissing: 'LoaderRowsMissing',
  /** Age in seconds of the oldest object of the batch when its load was committed. */
  oldestObjectAgeSeconds: 'LoaderOldestObjectAgeSeconds',
  /** Messages about nothing to load, such as `s3:TestEvent` or another prefix; deleted. */
  messagesIgnored: 'LoaderMessagesIgnored',
  /** Messages that are no S3 notification; left to the dead-letter queue. */
  messagesMalformed: 'LoaderMessagesMalformed',
  /** Objects COPY could not load (no Parquet, other columns, no access); left to the dead-letter queue. */
  objectsUnreadable: 'LoaderObjectsUnreadable',
  /** Objects that were gone before they were loaded. */
  objectsVanished: 'LoaderObjectsVanished',
} as const;

/** Metrics the scaling function emits in every run that has looked at the stream. */
export const SCALER_METRICS = {
  /** Open shards. */
  shards: 'ScalingShards',
  /** Shards the traffic of the last minutes needs. */
  shardsNeeded: 'ScalingShardsNeeded',
  /** Changes AWS still allows in the running 24 hours. */
  changesLeft: 'ScalingChangesLeft',
  /** 1 when more shards are needed and the ceiling, the changes left or AWS forbid them. */
  blocked: 'ScalingBlocked',
  /** Changes of the shard count that somebody else made. */
  outsideChanges: 'ScalingOutsideChanges',
} as const;
