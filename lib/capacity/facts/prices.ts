/** Prices in USD, us-east-1, November 2026. A "GB" of the price lists is billed as 2^30 bytes. */
import { documented, type Fact, own, thirdParty } from './fact';

const KINESIS = 'Kinesis Data Streams pricing';
const FIREHOSE = 'Data Firehose pricing';
const S3 = 'S3 pricing';
const CLOUDWATCH = 'CloudWatch pricing';

export const PRICES = {
  kinesisShardHour: documented(0.015, 'USD/shard-hour', KINESIS),
  kinesisPutUnits: documented(0.014, 'USD/million 25 KB units', KINESIS),
  kinesisExtendedRetention: own(0.02, 'USD/shard-hour, 24 h to 7 days', KINESIS),
  kinesisLongRetention: own(0.023, 'USD/GB-month beyond 7 days', KINESIS),
  kinesisOnDemandIn: thirdParty(0.08, 'USD/GB', KINESIS),
  kinesisOnDemandOut: thirdParty(0.04, 'USD/GB', KINESIS),
  kinesisOnDemandStreamHour: thirdParty(0.04, 'USD/stream-hour', KINESIS),
  kinesisOnDemandExtendedRetention: own(0.1, 'USD/GB-month, 24 h to 7 days', KINESIS),

  firehoseConversion: thirdParty(0.018, 'USD/GB', FIREHOSE),

  lambdaGigabyteSecond: thirdParty(0.0000133334, 'USD/GB-s, arm64', 'Lambda pricing'),
  lambdaRequests: thirdParty(0.2, 'USD/million', 'Lambda pricing'),

  s3Standard: thirdParty(0.023, 'USD/GB-month, first 50 TB', S3),
  s3StandardIa: thirdParty(0.0125, 'USD/GB-month', S3),
  s3Glacier: thirdParty(0.0036, 'USD/GB-month', S3),
  s3DeepArchive: thirdParty(0.00099, 'USD/GB-month', S3),
  s3Put: thirdParty(0.005, 'USD/thousand', S3),
  s3Get: thirdParty(0.0004, 'USD/thousand', S3),
  s3ToStandardIa: own(0.01, 'USD/thousand transitions', S3),
  s3ToGlacier: own(0.03, 'USD/thousand transitions', S3),
  s3ToDeepArchive: own(0.05, 'USD/thousand transitions', S3),

  redshiftManagedStorage: documented(0.024, 'USD/GB-month', 'Redshift pricing'),
  redshiftSpectrum: own(5, 'USD/TB read', 'Redshift pricing'),
  concurrencyScalingFreeMinutes: thirdParty(60, 'minutes/day', 'Redshift pricing, concurrency scaling'),

  interfaceEndpointHour: thirdParty(0.01, 'USD/zone-hour', 'PrivateLink pricing'),

  sqsRequests: thirdParty(0.4, 'USD/million', 'SQS pricing'),
  schedulerInvocations: thirdParty(1, 'USD/million after the free ones', 'EventBridge pricing'),
  schedulerFreeInvocations: thirdParty(14_000_000, 'invocations a month', 'EventBridge pricing'),
  kmsKey: own(1, 'USD/key-month', 'KMS pricing'),
  kmsRequests: own(0.03, 'USD/ten thousand', 'KMS pricing'),
  secret: own(0.4, 'USD/secret-month', 'Secrets Manager pricing'),
  alarm: thirdParty(0.1, 'USD/alarm-month', CLOUDWATCH),
  customMetric: thirdParty(0.3, 'USD/metric-month', CLOUDWATCH),
  metricsRead: thirdParty(0.01, 'USD/thousand metrics of GetMetricData', CLOUDWATCH),
  dashboard: thirdParty(3, 'USD/dashboard-month', CLOUDWATCH),
  logIngestion: thirdParty(0.5, 'USD/GB', CLOUDWATCH),
} as const satisfies Record<string, Fact>;

/** A step of a volume price: what is below `upToGigabytes` a month and above the step before costs `price`. */
export interface PriceTier {
  readonly upToGigabytes: number;
  readonly price: Fact;
}

/** Firehose ingestion: first 500 TB, next 1.5 PB, above; decimal steps. Every record counts as a multiple of 5 KB. */
export const FIREHOSE_INGESTION_TIERS: readonly PriceTier[] = [
  { upToGigabytes: 500_000, price: thirdParty(0.029, 'USD/GB, first 500 TB a month', FIREHOSE) },
  { upToGigabytes: 2_000_000, price: thirdParty(0.025, 'USD/GB, next 1.5 PB', FIREHOSE) },
  { upToGigabytes: Number.POSITIVE_INFINITY, price: thirdParty(0.02, 'USD/GB, above 2 PB', FIREHOSE) },
];

/** S3 Standard of a month: a TB of these steps is 1,024 GB. */
export const S3_STANDARD_TIERS: readonly PriceTier[] = [
  { upToGigabytes: 51_200, price: PRICES.s3Standard },
  { upToGigabytes: 512_000, price: thirdParty(0.022, 'USD/GB-month, next 450 TB', S3) },
  { upToGigabytes: Number.POSITIVE_INFINITY, price: thirdParty(0.021, 'USD/GB-month, above 500 TB', S3) },
];

/** What a billed record is rounded up to, or an object billed beyond its size. 1 KB of these rules is 1,024 bytes. */
export const BILLING_UNITS = {
  kinesisPut: documented(25 * 1024, 'bytes', KINESIS),
  kinesisOnDemand: thirdParty(1024, 'bytes', KINESIS),
  firehose: thirdParty(5 * 1024, 'bytes', FIREHOSE),
  /** What S3 keeps beside each object in Glacier Flexible or Deep Archive, in that class and in Standard. */
  archivedObjectIndex: thirdParty(32 * 1024, 'bytes/object', S3),
  archivedObjectName: thirdParty(8 * 1024, 'bytes/object', S3),
} as const satisfies Record<string, Fact>;
