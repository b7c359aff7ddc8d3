import { Match, type Template } from 'aws-cdk-lib/assertions';
import { EVENT_COLUMNS } from '../../lib/event/columns';
import { withChanges } from '../support/environments';
import { allowedBy } from '../support/policies';
import { onlyResource, resourcesOf, synthesize } from '../support/testApp';

const reference = synthesize('reference');
const dev = synthesize('dev');
const onDemand = synthesize(withChanges(dev.config, { stream: { mode: 'on-demand' } }));

describe('stream', () => {
  test('the reference load gets the 109 shards of the capacity plan, and its hot shards show', () => {
    expect(reference.plan.stream.shards).toBe(109);
    reference.templates.stream.hasResourceProperties('AWS::Kinesis::Stream', {
      ShardCount: 109,
      RetentionPeriodHours: 72,
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
      DesiredShardLevelMetrics: ['IncomingBytes', 'WriteProvisionedThroughputExceeded'],
    });
  });

  test('one shard pays for no shard-level metrics', () => {
    dev.templates.stream.hasResourceProperties('AWS::Kinesis::Stream', {
      ShardCount: 1,
      DesiredShardLevelMetrics: Match.absent(),
    });
  });

  test('on-demand mode names no shards', () => {
    onDemand.templates.stream.hasResourceProperties('AWS::Kinesis::Stream', {
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      ShardCount: Match.absent(),
    });
  });
});

describe('lake', () => {
  const { lake } = reference.templates;

  test('objects under events/ are announced on the queue, and nothing else is', () => {
    lake.hasResource('AWS::S3::Bucket', {
      Properties: {
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Event: 's3:ObjectCreated:*',
              Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'events/' }] } },
              Queue: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ObjectsQueue'), 'Arn'] },
            },
          ],
        },
      },
      // S3 tries the queue when the bucket is made, so its policy has to be there.
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ObjectsQueuePolicy')]),
    });
  });

  test('S3 may put notifications on the encrypted queue: by the queue’s policy and by the key’s', () => {
    lake.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'sqs:SendMessage',
            Principal: { Service: 's3.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
    lake.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Principal: { Service: Match.arrayWith(['s3.amazonaws.com']) },
          }),
        ]),
      },
    });
  });

  test('messages stay hidden longer than the loader may run, and end in dead letters', () => {
    reference.templates.loading.hasResourceProperties('AWS::Lambda::Function', { Timeout: 900 });
    lake.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 1_200,
      RedrivePolicy: { maxReceiveCount: 20 },
      KmsMasterKeyId: Match.anyValue(),
    });
  });

  test('events move to cheaper storage and originals expire sooner, as configured', () => {
    const rules = lifecycleOf(lake);
    expect(rules.map((rule) => [rule.Prefix, rule.ExpirationInDays])).toEqual([
      ['events/', 1_095],
      ['errors/', 30],
      ['rejected/', 30],
      ['manifests/', 30],
    ]);
    expect(rules[0]?.Transitions).toEqual([
      { StorageClass: 'STANDARD_IA', TransitionInDays: 30 },
      { StorageClass: 'GLACIER', TransitionInDays: 90 },
      { StorageClass: 'DEEP_ARCHIVE', TransitionInDays: 365 },
    ]);
    expect(lifecycleOf(dev.templates.lake)[0]?.Transitions).toBeUndefined();
  });

  test('every bucket refuses plain HTTP and the public', () => {
    const buckets = resourcesOf(lake, 'AWS::S3::Bucket');
    expect(Object.keys(buckets)).toHaveLength(2);
    lake.allResourcesProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    lake.allResourcesProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Action: 's3:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  });

  test('the Glue table has the event’s columns in order and needs no crawler', () => {
    const { TableInput } = onlyResource(lake, 'AWS::Glue::Table').Properties as {
      TableInput: {
        Parameters: Record<string, unknown>;
        StorageDescriptor: { Columns: { Name: string; Comment: string }[] };
      };
    };
    const { Columns } = TableInput.StorageDescriptor;
    expect(Columns.map(({ Name }) => Name)).toEqual(EVENT_COLUMNS.map(({ name }) => name));
    // Glue refuses longer comments.
    expect(Math.max(...Columns.map(({ Comment }) => Comment.length))).toBeLessThanOrEqual(255);
    expect(TableInput.Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.year.range': '2026,NOW',
      'projection.hour.range': '0,23',
      'projection.hour.digits': '2',
    });
  });
});

describe('delivery', () => {
  const { delivery, lake } = reference.templates;

  test('records become Snappy Parquet in hourly partitions, buffered as planned', () => {
    const { transform } = reference.plan;
    delivery.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'KinesisStreamAsSource',
      ExtendedS3DestinationConfiguration: {
        Prefix:
          'events/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/',
        ErrorOutputPrefix: Match.stringLikeRegexp('^errors/!{firehose:error-output-type}/'),
        BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 300 },
        // With conversion Firehose wants the object itself uncompressed, which is the default.
        CompressionFormat: Match.absent(),
        CloudWatchLoggingOptions: { Enabled: true },
        DataFormatConversionConfiguration: {
          Enabled: true,
          InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
          OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
        },
        ProcessingConfiguration: {
          Processors: [
            {
              Type: 'Lambda',
              Parameters: Match.arrayWith([
                { ParameterName: 'BufferIntervalInSeconds', ParameterValue: String(transform.bufferSeconds) },
                { ParameterName: 'BufferSizeInMBs', ParameterValue: String(transform.bufferMebibytes) },
                { ParameterName: 'NumberOfRetries', ParameterValue: '3' },
              ]),
            },
          ],
        },
      },
    });
  });

  test('Athena looks for a partition where Firehose puts it', () => {
    const { Prefix } =
      destinations(delivery).find(({ CompressionFormat }) => CompressionFormat === undefined) ?? {};
    const written = `${Prefix}`.replaceAll(
      /!\{timestamp:(\w+)\}/g,
      (_, pattern) => ({ yyyy: '2026', MM: '03', dd: '09', HH: '07' })[String(pattern)] ?? '?',
    );
    const table = JSON.stringify(onlyResource(lake, 'AWS::Glue::Table').Properties);
    const template = /"\/(events\/[^"]*\$\{hour\}\/)"/.exec(table)?.[1] ?? '';
    const values: Record<string, string> = { year: '2026', month: '03', day: '09', hour: '07' };
    expect(template.replaceAll(/\$\{(\w+)\}/g, (_, key) => values[String(key)] ?? '?')).toBe(written);
  });

  test('rejected events go, gzipped and encrypted, to rejected/', () => {
    delivery.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
      ExtendedS3DestinationConfiguration: {
        Prefix: Match.stringLikeRegexp('^rejected/year='),
        ErrorOutputPrefix: Match.stringLikeRegexp('^errors/rejected-!{firehose:error-output-type}/'),
        CompressionFormat: 'GZIP',
      },
    });
  });

  test('Firehose may write its own prefixes and read no object', () => {
    const onObjects = allowedBy(delivery).filter(({ resources }) =>
      resources.some((arn) => arn.endsWith('/*')),
    );
    expect(
      onObjects.map(({ where, actions, resources }) => [
        where.replace(/[A-F0-9]{8}$/, ''),
        actions,
        resources.map((arn) => arn.slice(arn.lastIndexOf('}') + 1)),
      ]),
    ).toEqual([
      ['RejectedRole', ['s3:AbortMultipartUpload', 's3:PutObject'], ['/errors/*', '/rejected/*']],
      ['EventsRole', ['s3:AbortMultipartUpload', 's3:PutObject'], ['/errors/*', '/events/*']],
    ]);
  });
});

function destinations(template: Template) {
  return Object.values(resourcesOf(template, 'AWS::KinesisFirehose::DeliveryStream')).map(
    ({ Properties }) =>
      Properties.ExtendedS3DestinationConfiguration as { Prefix: string; CompressionFormat?: string },
  );
}

function lifecycleOf(template: Template) {
  interface Rule {
    readonly Prefix?: string;
    readonly ExpirationInDays: number;
    readonly Transitions?: unknown[];
  }
  const rules = Object.values(resourcesOf(template, 'AWS::S3::Bucket')).map(
    ({ Properties }) => (Properties.LifecycleConfiguration as { Rules: Rule[] }).Rules,
  );
  return rules.find((one) => one.length > 1) ?? [];
}
