import { Duration } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { parseState } from '../../lambda/scaling/stateStore';
import { EVENT_COLUMNS } from '../../lib/event/columns';
import { receivesBeforeDeadLetter } from '../../lib/loading/timing';
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

  test('the shard count follows the traffic where that is configured: every minute, as the configuration says', () => {
    const { stream } = reference.templates;
    stream.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 minute)' });
    stream.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          SCALING_POLICY: JSON.stringify({
            minShards: 56,
            maxShards: 436,
            cooldownMinutes: 5,
            stepDownHours: 6,
            reservedChanges: 4,
            targetUtilization: 0.8,
          }),
          SCALING_STATE_PARAMETER_NAME: { Ref: Match.stringLikeRegexp('^ScalingState') },
          STREAM_NAME: { Ref: Match.stringLikeRegexp('^EventsStream') },
        }),
      },
    });
    dev.templates.stream.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('the scaling may change this stream’s shards and its own parameter, and read metrics', () => {
    const statements = allowedBy(reference.templates.stream).filter(({ where }) =>
      where.startsWith('ScalingScaler'),
    );
    expect(
      statements.map(({ actions, resources }) => [
        actions,
        resources.map((one) => /ScalingState|EventsStream|Logs|\*/.exec(one)?.[0]),
      ]),
    ).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], ['Logs']],
      [['kinesis:DescribeStreamSummary', 'kinesis:UpdateShardCount'], ['EventsStream']],
      [['ssm:GetParameter', 'ssm:PutParameter'], ['ScalingState']],
      [['cloudwatch:GetMetricData'], ['*']],
    ]);
  });

  test('a deployment never writes over what the scaling remembers: its parameter is always the same', () => {
    const parameter = onlyResource(reference.templates.stream, 'AWS::SSM::Parameter');
    expect(parameter.Properties.Value).toBe('{"changes":[]}');
    expect(parseState(String(parameter.Properties.Value))).toEqual({ changes: [] });
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
      RedrivePolicy: Match.objectLike({ deadLetterTargetArn: Match.anyValue() }),
      KmsMasterKeyId: Match.anyValue(),
    });
  });

  test('an object is tried for a day before it is a dead letter, however often the loader runs', () => {
    const receives = (template: Template) =>
      Object.values(resourcesOf(template, 'AWS::SQS::Queue')).flatMap(
        ({ Properties }) =>
          (Properties.RedrivePolicy as { maxReceiveCount: number } | undefined)?.maxReceiveCount ?? [],
      );
    // Every 5 minutes, every 15 minutes.
    expect(receives(lake)).toEqual([288]);
    expect(receives(dev.templates.lake)).toEqual([96]);
    // SQS takes no more than 1,000.
    expect(receivesBeforeDeadLetter(Duration.minutes(1))).toBe(1_000);
  });

  test('events move to cheaper storage and originals expire sooner, as configured', () => {
    const rules = lifecycleOf(lake);
    expect(rules.map((rule) => [rule.Prefix, rule.ExpirationInDays])).toEqual([
      ['events/', 1_095],
      ['quarantine/', 1_095],
      ['errors/', 30],
      ['rejected/', 30],
      ['manifests/', 30],
      ['counts/', 30],
      ['erasures/ids/', 1],
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
});

describe('delivery', () => {
  const { delivery } = reference.templates;

  test('the Glue table has the event’s columns in order and needs no crawler', () => {
    const { TableInput } = onlyResource(delivery, 'AWS::Glue::Table').Properties as {
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
    const table = JSON.stringify(onlyResource(delivery, 'AWS::Glue::Table').Properties);
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

  test('Firehose may use its own prefixes and no other object, as its documentation asks', () => {
    const actions = ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'];
    const onObjects = allowedBy(delivery).filter(({ resources }) =>
      resources.some((arn) => arn.endsWith('/*')),
    );
    expect(
      onObjects.map(({ where, resources, ...allowed }) => [
        where.replace(/[A-F0-9]{8}$/, ''),
        allowed.actions,
        resources.map((arn) => arn.slice(arn.lastIndexOf('}') + 1)),
      ]),
    ).toEqual([
      ['RejectedRole', actions, ['/errors/*', '/rejected/*']],
      ['CountsRole', actions, ['/counts/*', '/errors/*']],
      ['EventsRole', actions, ['/errors/*', '/events/*']],
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
