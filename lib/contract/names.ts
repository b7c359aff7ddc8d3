/** Names that infrastructure and Lambdas share: environment variables, metrics, warehouse objects. */

/** Environment variables of the transform function. */
export const TRANSFORM_ENV = {
  /** Stream the events came from; what does not fit the answer goes back there. */
  streamName: 'STREAM_NAME',
  /** Direct-PUT delivery stream for rejected events. */
  rejectedDeliveryStreamName: 'REJECTED_DELIVERY_STREAM_NAME',
  /** Direct-PUT delivery stream for the counts of each invocation. */
  countsDeliveryStreamName: 'COUNTS_DELIVERY_STREAM_NAME',
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
  /** Glue database of the events table; not set: no partitions are registered. */
  lakeDatabaseName: 'LAKE_DATABASE_NAME',
  environmentName: 'ENVIRONMENT_NAME',
} as const;

/** Environment variables of the audit function. */
export const AUDIT_ENV = {
  queueUrl: 'QUEUE_URL',
  bucketName: 'LAKE_BUCKET_NAME',
  clusterIdentifier: 'CLUSTER_IDENTIFIER',
  databaseName: 'DATABASE_NAME',
  /** Database user of the audit; it reads ledgers only. */
  databaseUser: 'DATABASE_USER',
  /** Seconds after an hour's end in which its last events may still be on their way into the lake. */
  settleSeconds: 'SETTLE_SECONDS',
  /** Seconds after which an object that is neither loaded nor in quarantine has waited too long. */
  graceSeconds: 'GRACE_SECONDS',
  environmentName: 'ENVIRONMENT_NAME',
} as const;

/** Environment variables of the models function. */
export const MODELER_ENV = {
  clusterIdentifier: 'CLUSTER_IDENTIFIER',
  databaseName: 'DATABASE_NAME',
  /** Database user of the models; it reads events and writes models only. */
  databaseUser: 'DATABASE_USER',
  environmentName: 'ENVIRONMENT_NAME',
} as const;

/** Environment variables of the migrate function. */
export const MIGRATE_ENV = {
  clusterIdentifier: 'CLUSTER_IDENTIFIER',
  databaseName: 'DATABASE_NAME',
  /** Secrets Manager ARN of the admin's managed password: only migrations use it. */
  adminSecretArn: 'ADMIN_SECRET_ARN',
  /** Glue database of the events table; not set: the warehouse does not show the lake. */
  lakeDatabaseName: 'LAKE_DATABASE_NAME',
  /** Role Redshift Spectrum reads the lake with. */
  spectrumRoleArn: 'SPECTRUM_ROLE_ARN',
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

/** Environment variables of the upkeep function. */
export const UPKEEP_ENV = {
  clusterIdentifier: 'CLUSTER_IDENTIFIER',
  databaseName: 'DATABASE_NAME',
  /** Secrets Manager ARN of the admin's managed password: slices belong to the admin. */
  adminSecretArn: 'ADMIN_SECRET_ARN',
  /** Days after which a slice of events is closed. */
  sliceDays: 'SLICE_DAYS',
  /** Days events are kept after they were loaded. */
  retentionDays: 'RETENTION_DAYS',
  /** Days page views of the models are kept. */
  modelRetentionDays: 'MODEL_RETENTION_DAYS',
  environmentName: 'ENVIRONMENT_NAME',
} as const;

/** Names inside the warehouse. */
export const WAREHOUSE = {
  database: 'clickstream',
  /** Events as they were loaded; analysts do not see it. Not `raw`: RAW is a reserved word in Redshift. */
  rawSchema: 'landing',
  /** The current slice of events, which loads insert into. */
  eventsTable: 'landing.events',
  /** All slices of events, with the load that brought each. */
  allEventsView: 'landing.all_events',
  /** Slices of events, open, closed and dropped. */
  slicesTable: 'ops.slices',
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
  /** What erasures deleted. */
  erasuresTable: 'ops.erasures',
  /** Runs of the models, the loads they have followed, and what serialises them. */
  modelRunsTable: 'ops.model_runs',
  modelBatchesTable: 'ops.model_batches',
  modelLockTable: 'ops.model_lock',
  /** Tables of the models, bots among them; analysts read them through views. */
  modelsSchema: 'models',
  migrationsTable: 'ops.migrations',
  /** What analysts read. */
  analysisSchema: 'analysis',
  eventsView: 'analysis.events',
  /** External schema over the lake, and the view analysts read it through. */
  lakeSchema: 'lake',
  lakeEventsTable: 'lake.events',
  historyView: 'analysis.events_history',
  loaderUser: 'loader',
  auditorUser: 'auditor',
  modelerUser: 'modeler',
  /** The console reads as this user, who has what analysts have and nothing else. */
  consoleUser: 'console',
  analystRole: 'analyst',
  /** Has what Redshift grants to no role: the use of the external schema. */
  analystGroup: 'analysts',
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
  /** Invocations whose counts did not reach counts/: the audit of their hour lacks them. */
  countsLost: 'TransformCountsLost',
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
  /** Objects S3 did not hand out, or that look like those of a later release; left for a later run. */
  objectsUnreadable: 'LoaderObjectsUnreadable',
  /** Objects that can never be loaded (no Parquet, other columns, values that do not fit); moved aside. */
  objectsQuarantined: 'LoaderObjectsQuarantined',
  /** Objects that were gone before they were loaded. */
  objectsVanished: 'LoaderObjectsVanished',
  /** Loads whose hours could not be registered in the catalog; the next load into the hour tries again. */
  partitionsUnregistered: 'LoaderPartitionsUnregistered',
} as const;

/** Metrics the audit emits. */
export const AUDIT_METRICS = {
  /** Accepted rows that are nowhere, and nothing says why; anything but 0 is an alarm. */
  difference: 'AuditDifference',
  /** Objects whose size is not the one that was loaded; anything but 0 is an alarm. */
  objectsChanged: 'AuditObjectsChanged',
  /** Objects nobody had told the loader of, put on its queue again. */
  objectsRequeued: 'AuditObjectsRequeued',
  objectsChecked: 'AuditObjectsChecked',
  /** Rows that have reached the lake and not the warehouse. */
  rowsNotLoaded: 'AuditRowsNotLoaded',
} as const;

/** Metrics the upkeep function emits at the end of a run. */
export const UPKEEP_METRICS = {
  /** Slices of events there are. */
  slices: 'UpkeepSlices',
  slicesDropped: 'UpkeepSlicesDropped',
} as const;

/** Metrics of the models, emitted in every run that comes to its end. */
export const MODELER_METRICS = {
  /** Age of the oldest load the models have not followed; 0 when there is none. */
  lagSeconds: 'ModelsLagSeconds',
  /** Loads followed. */
  batches: 'ModelsBatches',
  /** Events those loads had brought. */
  rowsNew: 'ModelsRowsNew',
  /** Events the models were made of: the new ones, and those of the chains they touched. */
  rowsRead: 'ModelsRowsRead',
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
