/** The configuration of an environment: one typed object, validated before anything is built from it. */
import { z } from 'zod';
import { KINESIS_RECORD_BYTES } from '../contract/limits';
import { scalingSettingsSchema, targetUtilizationSchema } from '../scaling/policy';
import { analysisSettingsSchema } from './analysis';
import { between, integer } from './numbers';

const positive = (rule = 'must be greater than 0') => z.number().positive(rule);

const traffic = z.strictObject({
  /** Event bytes a day as JSON before packing, in TB of 10^12 bytes. */
  terabytesPerDay: positive(),
  /** Mean size of one event as it is sent, in bytes: its JSON and line end, or unpacked its JSON and partition key. */
  meanEventBytes: positive(),
  /** Busiest second of the day over the mean second. */
  peakFactor: z.number().min(1, 'must be at least 1'),
  /** Sites that send events. */
  sites: integer().min(1, 'must be at least 1'),
});

const packing = z.strictObject({
  /** Events are packed until a Kinesis record holds this many bytes before compression. 0 means one event a record. */
  packBytes: between(0, KINESIS_RECORD_BYTES),
  compression: z.enum(['gzip', 'none'], 'must be "gzip" or "none"'),
  /** Bytes before over bytes after compression that producers are expected to reach; 1 with compression "none". */
  compressionRatio: z.number().min(1, 'must be at least 1'),
  /**
   * A record that expands to more bytes than this is rejected (protection against zip bombs). A record without
   * compression has at most as many, so left out this refuses no record that packing can make.
   */
  maxExpandedBytes: between(1_024, 10 * KINESIS_RECORD_BYTES).default(KINESIS_RECORD_BYTES),
});

const stream = z.strictObject({
  mode: z.enum(['provisioned', 'on-demand'], 'must be "provisioned" or "on-demand"'),
  /** Share of a shard's limits to plan with at the peak; 0.8 leaves a fifth as headroom. */
  targetUtilization: targetUtilizationSchema,
  /** How long Kinesis keeps records: what an outage downstream may last. */
  retentionHours: between(24, 8_760),
  /** How the shard count follows the traffic; left out: it stays as planned. Only with mode "provisioned". */
  scaling: scalingSettingsSchema.optional(),
});

const delivery = z.strictObject({
  /** Firehose writes an object when this much has gathered... With Parquet conversion at least 64. */
  bufferMebibytes: between(64, 128),
  /** ... or when this much time has passed, whichever is first. */
  bufferSeconds: between(60, 900),
});

const days = () => integer().min(1, 'must be at least 1 day');

const lake = z.strictObject({
  /** Keep old versions of objects (for 30 days). */
  versioned: z.boolean(),
  /** Days until events move to cheaper storage; left out: never. */
  infrequentAccessAfterDays: integer()
    .min(30, 'must be at least 30 (S3 refuses earlier transitions)')
    .optional(),
  glacierAfterDays: days().optional(),
  deepArchiveAfterDays: days().optional(),
  /** Days until events are deleted; left out: never. */
  expireAfterDays: days().optional(),
  /** Days until errors/ and rejected/ are deleted: they hold originals with personal data. */
  originalsExpireAfterDays: days(),
});

const nodeType = z.enum(
  [
    'ra3.large',
    'ra3.xlplus',
    'ra3.4xlarge',
    'ra3.16xlarge',
    'rg.large',
    'rg.xlarge',
    'rg.4xlarge',
    'rg.12xlarge',
  ],
  'must be an RA3 or RG node type, such as "rg.xlarge"',
);

const warehouse = z.strictObject({
  nodeType,
  /** Number of nodes, or "auto" to have it planned from the traffic. */
  nodes: z.union([z.literal('auto'), between(1, 128)], 'must be "auto" or a whole number from 1 to 128'),
  /** The loader runs this often. */
  loadIntervalMinutes: between(1, 60),
  /** Duplicates of an event are looked for this long before and after a batch's own time span. */
  duplicateLookBackHours: between(1, 744),
  /** Days events are kept in the warehouse after they were loaded; it is sized for them. The lake keeps its own time. */
  retentionDays: days(),
  /** Days page views of the models are kept; sessions, visitors and daily figures stay. */
  modelRetentionDays: days(),
  /** Days automated snapshots are kept. */
  snapshotRetentionDays: between(1, 35),
  /**
   * Query the lake from the warehouse (Redshift Spectrum): events older than the warehouse keeps. Costs an endpoint for
   * Glue in the VPC, and each query by the bytes it reads.
   */
  lakeHistory: z.boolean(),
  /** What queries may take. */
  workload: z.strictObject({
    /** An analyst's query that runs longer is stopped. */
    analystQueryMinutes: between(1, 1_440),
    /** Extra clusters that Redshift may start when analysts queue; 0 turns it off. An hour a day is free. */
    concurrencyScalingClusters: between(0, 10),
    /** Minutes of extra clusters a day; then it is off until the next day. */
    concurrencyScalingMinutesPerDay: between(1, 14_400),
    /** Terabytes a day that queries of the lake may read; then they fail until the next day. */
    lakeTerabytesPerDay: between(1, 10_000),
  }),
  /** IPv4 range of the warehouse's VPC. */
  vpcCidr: z
    .cidrv4({ error: 'must be an IPv4 range such as "10.42.0.0/20"', abort: true })
    .refine(
      (range) => Number(range.split('/')[1]) >= 16 && Number(range.split('/')[1]) <= 24,
      'must have a mask of /16 (the largest VPC) to /24',
    ),
});

const alarms = z.strictObject({
  /** Who is told; left out: alarms change state and tell nobody. */
  email: z.email('must be an e-mail address').optional(),
  /** Rejected share of events that is worth waking somebody, in percent. */
  rejectedPercent: z.number().gt(0, 'must be greater than 0').max(100, 'must be at most 100'),
});

const removal = z.strictObject({
  /** Delete data with the stacks. Only believed together with `confirmDestroyData`. */
  destroyData: z.boolean(),
  /** The environment's name again: deleting data needs a second, explicit yes. */
  confirmDestroyData: z.string().optional(),
});

/** What each setting must be by itself; the rules between settings are in `rules.ts`. */
export const environmentConfigSchema = z.strictObject({
  /** Name of the environment: part of stack names, tags and metric dimensions. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be 1 to 20 lower-case letters, digits or hyphens, a letter first'),
  /** AWS region of all stacks; quotas depend on it. */
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as "us-east-1"'),
  traffic,
  packing,
  stream,
  delivery,
  lake,
  warehouse,
  /** How page views, sessions and what is made of them are counted. */
  analysis: analysisSettingsSchema,
  alarms,
  removal,
});

/** An environment as its file gives it: settings with a default may be left out. */
export type EnvironmentFile = z.input<typeof environmentConfigSchema>;

/** A validated environment. */
export type EnvironmentConfig = z.infer<typeof environmentConfigSchema>;
