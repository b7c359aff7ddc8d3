/** What no page says: how this project's own code and data behave. Measure, then change the figure here. */
import { type Fact, own } from './fact';

export const ASSUMPTIONS = {
  /** Standard consumers that read the whole stream: Firehose alone. */
  standardConsumers: own(1, 'consumers', 'the delivery stream is the only consumer deployed'),
  /** Bytes the transform adds to an event: times, parts of URLs, device, sequence number. */
  derivedBytesPerEvent: own(730, 'bytes of JSON', 'measured on the benchmark’s events: 726'),
  /** Share of the 6 MB a mean answer may take; the rest is for batches of above-average events. */
  transformAnswerShare: own(0.66, 'of the payload limit', 'planning choice'),
  transformAnswerWarningShare: own(0.85, 'of the payload limit', 'planning choice'),
  transformBytesPerSecond: own(
    30_000_000,
    'bytes of event JSON/s and vCPU',
    'measured on one server core: 32 MB/s',
  ),
  transformOverheadSeconds: own(0.01, 's/invocation', 'planning choice: start, metrics, network'),
  /** The memory at which a function has one whole vCPU. */
  transformMemoryMebibytes: own(1_769, 'MiB', 'Lambda developer guide, memory: one vCPU'),
  transformTimeoutSeconds: own(
    120,
    's',
    'planning choice: far above the work, below the 300 s Firehose allows',
  ),
  transformBufferSeconds: own(60, 's', 'Firehose default of BufferIntervalInSeconds'),
  /** Of the account's concurrency, how much one function may plan with before it is worth a warning. */
  concurrencyWarningShare: own(0.5, 'of the quota', 'planning choice: other functions share it'),
  /** JSON as sent over Snappy Parquet of the rows made from it. */
  parquetRatio: own(5.8, 'bytes sent/byte of Parquet', 'measured on the benchmark’s events: 5.8'),
  /** Event JSON a slice stages, compares and inserts per second. */
  loadBytesPerSecondPerSlice: own(10_000_000, 'bytes of event JSON/s and slice', 'planning choice'),
  /** Share of the warehouse's time that loading may take at the peak; analysts have the rest. */
  loadingShare: own(0.5, 'of the time', 'planning choice'),
  /** How full managed storage may get. */
  storageFill: own(0.8, 'of managed storage', 'planning choice: room for sorts and models'),
  /** How long one COPY and insert should take at full speed: well inside the loader’s 15 minutes. */
  loadBatchSeconds: own(300, 's', 'planning choice'),
  /** The ledger rows of this many files fit 40 statements of 100 KB with room to spare. */
  maxObjectsPerBatch: own(1_000, 'objects', 'planning choice: at most 1.2 KB a row with the longest S3 key'),
  /** Bytes of the largest object COPY reads well: a batch must hold at least one. */
  largestObjectBytes: own(1_000_000_000, 'bytes', 'Redshift developer guide: files of 1 MB to 1 GB'),
  scalingMemoryMebibytes: own(256, 'MiB', 'planning choice'),
  scalingSecondsPerRun: own(1, 's', 'planning choice: four calls of AWS services'),
  scalingMetricsRead: own(3, 'metrics/run', 'the scaling function’s queries'),
  scalingAlarms: own(3, 'alarm metrics', 'the metrics that the alarms about scaling look at'),
  loaderMemoryMebibytes: own(1_024, 'MiB', 'planning choice'),
  loaderSecondsPerRun: own(15, 's', 'planning choice: empty polls, footers, statement start'),
  /** Ranged GETs of footers, and what COPY's slices read of one object. */
  getsPerObject: own(4, 'GETs/object', 'planning choice'),
  /** A notification is sent, received and deleted; the latter two ten at a time. */
  queueRequestsPerObject: own(1.2, 'requests/object', 'SQS batches of 10'),
  queuePollsPerRun: own(2, 'empty receives/run', 'planning choice'),
  /** Embedded metrics and the platform's lines of one transform invocation. */
  logBytesPerInvocation: own(1_500, 'bytes', 'planning choice'),
  /** Bytes around an original in rejected/: reason, detail, shard, sequence number. */
  rejectedEnvelopeBytes: own(400, 'bytes', 'planning choice'),
  /** A line in counts/: what surrounds its sites, and a site with its number. */
  countsLineBytes: own(200, 'bytes', 'measured: id, names, hour'),
  countsSiteBytes: own(16, 'bytes/site', 'measured on 300 sites with ids of 8 characters'),
  countsGzipRatio: own(8, 'bytes/byte of gzip', 'measured: 7.9'),
  auditMemoryMebibytes: own(1_769, 'MiB', 'Lambda developer guide, memory: one vCPU'),
  /** Lines of counts the audit unpacks and adds up. */
  auditBytesPerSecond: own(25_000_000, 'bytes of counts/s and vCPU', 'measured: 27 MB/s'),
  /** Partitions of counts one run reads: the hour that has ended, one that was not whole yet, and those after them. */
  auditPartitionsPerRun: own(4, 'hours/run', 'planning choice'),
  auditSecondsPerRun: own(15, 's', 'planning choice: listings, ledgers, columns of waiting objects'),
  rejectedGzipRatio: own(8, 'bytes/byte of gzip', 'planning choice'),
  waitingFunctionMemoryMebibytes: own(256, 'MiB', 'planning choice: the functions only follow statements'),
  modelsSecondsPerRun: own(60, 's', 'planning choice: nobody has measured it on a cluster'),
  upkeepSecondsPerRun: own(120, 's', 'planning choice'),
  warehouseZones: own(
    2,
    'availability zones',
    'the warehouse’s network: an interface endpoint costs in each',
  ),
  kmsKeys: own(1, 'keys', 'one key per environment'),
  /** Kinesis asks for a data key about every 5 minutes per shard, for writing and for reading. */
  kmsRequestsPerShardHour: own(24, 'requests/shard-hour', 'planning choice'),
  alarms: own(31, 'alarm metrics', 'the metrics that the monitoring stack’s alarms look at'),
  shardLevelMetrics: own(2, 'metrics/shard', 'the stream construct’s, from two shards on'),
  /** How long data piles up in the cost shown when nothing ever expires. */
  unboundedStorageDays: own(365, 'days', 'planning choice'),
  /** Days S3 keeps what lifecycle deleted from a versioned bucket. */
  noncurrentVersionDays: own(30, 'days', 'the lake’s lifecycle rule'),
} as const satisfies Record<string, Fact>;
