/** Reads streams, buckets, queues, tables and the cluster from templates. */
import { z } from 'zod';
import type { Resource } from './assembly';
import type {
  BucketDefinition,
  ClusterDefinition,
  NotificationDefinition,
  QueueDefinition,
  StreamDefinition,
  TableDefinition,
} from './definitions';
import { locate, type Resolver } from './intrinsics';
import { ignored, readProperties, tags } from './properties';
import { TemplateError } from './templateError';

/** An on-demand stream starts with four shards (Kinesis Data Streams Developer Guide). */
const ON_DEMAND_SHARDS = 4;

export function readStream(resolver: Resolver, resource: Resource): StreamDefinition {
  const properties = readProperties(resolver, resource, {
    Name: z.string().optional(),
    ShardCount: z.number().int().positive().optional(),
    RetentionPeriodHours: z.number().optional(),
    StreamModeDetails: z.strictObject({ StreamMode: z.enum(['PROVISIONED', 'ON_DEMAND']) }).optional(),
    StreamEncryption: ignored('data on this machine is not encrypted'),
    DesiredShardLevelMetrics: ignored('CloudWatch watches the deployed stream'),
    Tags: tags,
  });
  const onDemand = properties.StreamModeDetails?.StreamMode === 'ON_DEMAND';
  return {
    ...named(resolver, resource),
    shardCount: properties.ShardCount ?? (onDemand ? ON_DEMAND_SHARDS : 1),
    retentionHours: properties.RetentionPeriodHours ?? 24,
  };
}

export function readQueue(resolver: Resolver, resource: Resource): QueueDefinition {
  const properties = readProperties(resolver, resource, {
    QueueName: z.string().optional(),
    VisibilityTimeout: z.number().optional(),
    MessageRetentionPeriod: z.number().optional(),
    RedrivePolicy: z
      .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() })
      .optional(),
    RedriveAllowPolicy: ignored('no permissions are checked on this machine'),
    KmsMasterKeyId: ignored('data on this machine is not encrypted'),
    KmsDataKeyReusePeriodSeconds: ignored('data on this machine is not encrypted'),
    SqsManagedSseEnabled: ignored('data on this machine is not encrypted'),
    Tags: tags,
  });
  const redrive = properties.RedrivePolicy;
  return {
    ...named(resolver, resource),
    // Defaults of SQS: 30 seconds and four days.
    visibilityTimeoutSeconds: properties.VisibilityTimeout ?? 30,
    retentionSeconds: properties.MessageRetentionPeriod ?? 345_600,
    ...(redrive === undefined
      ? {}
      : {
          redrive: {
            deadLetterQueueArn: redrive.deadLetterTargetArn,
            maxReceiveCount: redrive.maxReceiveCount,
          },
        }),
  };
}

const filter = z.strictObject({ Name: z.string(), Value: z.string() });

/** A bucket notification, as a bucket's own property (S3Key) and as the CDK's custom resource (Key) write it. */
const queueConfiguration = z.strictObject({
  Id: z.string().optional(),
  Event: z.string().optional(),
  Events: z.array(z.string()).optional(),
  Queue: z.string().optional(),
  QueueArn: z.string().optional(),
  Filter: z
    .strictObject({
      S3Key: z.strictObject({ Rules: z.array(filter) }).optional(),
      Key: z.strictObject({ FilterRules: z.array(filter) }).optional(),
    })
    .optional(),
});

function notification(
  configuration: z.infer<typeof queueConfiguration>,
  resource: Resource,
): NotificationDefinition {
  const { Event, Events, Queue, QueueArn, Filter } = configuration;
  const queueArn = Queue ?? QueueArn;
  const events = Events ?? (Event === undefined ? [] : [Event]);
  if (queueArn === undefined || events.length === 0) {
    throw new TemplateError(locate(resource), 'a notification needs a queue and an event');
  }
  const rules = Filter?.S3Key?.Rules ?? Filter?.Key?.FilterRules ?? [];
  const rule = (name: string) => rules.find(({ Name }) => Name.toLowerCase() === name)?.Value ?? '';
  return { queueArn, events, prefix: rule('prefix'), suffix: rule('suffix') };
}

/** Reads a bucket and the notifications its own properties and `Custom::S3BucketNotifications` resources set. */
export function readBucket(resolver: Resolver, resource: Resource): BucketDefinition {
  const properties = readProperties(resolver, resource, {
    BucketName: z.string().optional(),
    NotificationConfiguration: z
      .strictObject({ QueueConfigurations: z.array(queueConfiguration).optional() })
      .optional(),
    BucketEncryption: ignored('data on this machine is not encrypted'),
    PublicAccessBlockConfiguration: ignored('servers listen on loopback only'),
    OwnershipControls: ignored('no permissions are checked on this machine'),
    AccessControl: ignored('no permissions are checked on this machine'),
    LoggingConfiguration: ignored('nobody else reads the local bucket'),
    LifecycleConfiguration: ignored('a local run does not last for days'),
    VersioningConfiguration: z.strictObject({ Status: z.literal('Enabled') }).optional(),
    ObjectLockEnabled: ignored('no permissions are checked on this machine'),
    IntelligentTieringConfigurations: ignored('a local run does not last for days'),
    MetricsConfigurations: ignored('CloudWatch watches the deployed bucket'),
    Tags: tags,
  });
  const { name, arn } = named(resolver, resource);
  const own = properties.NotificationConfiguration?.QueueConfigurations ?? [];
  const custom = resolver.resources
    .filter(({ type }) => type === 'Custom::S3BucketNotifications')
    .flatMap((one) => readNotifications(resolver, one, name));
  return {
    name,
    arn,
    isVersioned: properties.VersioningConfiguration !== undefined,
    notifications: [...own.map((configuration) => notification(configuration, resource)), ...custom],
  };
}

function readNotifications(resolver: Resolver, resource: Resource, bucketName: string) {
  const properties = readProperties(resolver, resource, {
    BucketName: z.string(),
    NotificationConfiguration: z.strictObject({
      QueueConfigurations: z.array(queueConfiguration).optional(),
    }),
    ServiceToken: ignored('the local run does what the CDK’s handler would do'),
    Managed: ignored('there are no other notifications to keep'),
    SkipDestinationValidation: ignored('a queue that does not exist is found anyway'),
  });
  if (properties.BucketName !== bucketName) return [];
  const configurations = properties.NotificationConfiguration.QueueConfigurations ?? [];
  return configurations.map((configuration) => notification(configuration, resource));
}

export function readTable(resolver: Resolver, resource: Resource): TableDefinition {
  const properties = readProperties(resolver, resource, {
    DatabaseName: z.string(),
    TableInput: z.strictObject({
      Name: z.string().optional(),
      StorageDescriptor: z.strictObject({
        Columns: z.array(
          z.strictObject({ Name: z.string(), Type: z.string(), Comment: ignored('for people') }),
        ),
        Compressed: ignored('Parquet is compressed inside'),
        InputFormat: ignored('for readers of the lake'),
        OutputFormat: ignored('for readers of the lake'),
        SerdeInfo: ignored('for readers of the lake'),
        Location: z.string(),
        StoredAsSubDirectories: ignored('for readers of the lake'),
      }),
      Description: ignored('for people'),
      Owner: ignored('for people'),
      Parameters: ignored('for readers of the lake'),
      PartitionKeys: z
        .array(
          z.strictObject({ Name: z.string(), Type: z.literal('string'), Comment: ignored('for people') }),
        )
        .optional(),
      TableType: ignored('for readers of the lake'),
    }),
    CatalogId: ignored('there is one catalog'),
  });
  const { StorageDescriptor, PartitionKeys = [] } = properties.TableInput;
  return {
    databaseName: properties.DatabaseName,
    name: resolver.identity(resource).name,
    columns: StorageDescriptor.Columns.map(({ Name: name, Type: type }) => ({ name, type })),
    partitionKeys: PartitionKeys.map(({ Name }) => Name),
    location: StorageDescriptor.Location,
  };
}

export function readCluster(resolver: Resolver, resource: Resource): ClusterDefinition {
  // Only what the Data API needs is read; the rest is the size and the protection of the deployed cluster.
  const { DBName } = resource.properties;
  const databaseName = resolver.resolve(DBName, locate(resource, 'DBName'), resource.stack);
  if (typeof databaseName !== 'string') {
    throw new TemplateError(
      locate(resource, 'DBName'),
      `is ${JSON.stringify(databaseName)}, it must be text`,
    );
  }
  const { name: identifier, attributes } = resolver.identity(resource);
  return { identifier, databaseName, adminSecretArn: attributes.MasterPasswordSecretArn ?? '' };
}

function named(resolver: Resolver, resource: Resource): { name: string; arn: string } {
  const { name, arn } = resolver.identity(resource);
  return { name, arn };
}
