import { SCALER_ENV } from '../../../lib/contract/names';
import type { Template } from '../../../local/template/assembly';
import { readPipeline } from '../../../local/template/readPipeline';
import { propertiesOf, stacksOf, templates } from '../../support/templates';

const queueUrl = (name: string) => `http://127.0.0.1:9/000000000000/${name}`;

function read(change: (parts: { storage: Template; delivery: Template }) => void = () => {}) {
  const parts = templates();
  change(parts);
  return readPipeline(stacksOf(parts), queueUrl);
}

function destination(template: Template): Record<string, unknown> {
  return Object(propertiesOf(template, 'Delivery').ExtendedS3DestinationConfiguration);
}

describe('the pipeline that templates define', () => {
  const pipeline = read();
  const account = '000000000000';

  it('has the stream with its shards, named after stack and logical id', () => {
    expect(pipeline.streams).toEqual([
      {
        name: 'storage-Stream',
        arn: `arn:aws:kinesis:us-east-1:${account}:stream/storage-Stream`,
        shardCount: 2,
        retentionHours: 48,
      },
    ]);
  });

  it('has the bucket with the notifications that the custom resource sets', () => {
    expect(pipeline.buckets).toEqual([
      {
        name: 'lake-us-east-1',
        arn: 'arn:aws:s3:::lake-us-east-1',
        isVersioned: false,
        notifications: [
          {
            queueArn: `arn:aws:sqs:us-east-1:${account}:storage-Queue`,
            events: ['s3:ObjectCreated:*'],
            prefix: 'events/',
            suffix: '',
          },
        ],
      },
    ]);
  });

  it('has the queues, with the service’s defaults where the template says nothing', () => {
    expect(pipeline.queues).toEqual([
      {
        name: 'storage-Dead',
        arn: `arn:aws:sqs:us-east-1:${account}:storage-Dead`,
        visibilityTimeoutSeconds: 30,
        retentionSeconds: 345_600,
      },
      {
        name: 'storage-Queue',
        arn: `arn:aws:sqs:us-east-1:${account}:storage-Queue`,
        visibilityTimeoutSeconds: 960,
        retentionSeconds: 345_600,
        redrive: { deadLetterQueueArn: `arn:aws:sqs:us-east-1:${account}:storage-Dead`, maxReceiveCount: 5 },
      },
    ]);
  });

  it('has the delivery stream with hints in bytes and milliseconds, and the table it converts to', () => {
    expect(pipeline.deliveryStreams).toEqual([
      {
        arn: `arn:aws:firehose:us-east-1:${account}:deliverystream/delivery-Delivery`,
        name: 'delivery-Delivery',
        sourceStreamArn: `arn:aws:kinesis:us-east-1:${account}:stream/storage-Stream`,
        bucketName: 'lake-us-east-1',
        prefix: 'events/year=!{timestamp:yyyy}/',
        errorPrefix: 'errors/!{firehose:error-output-type}/',
        timeZone: 'UTC',
        fileExtension: undefined,
        bufferBytes: 67_108_864,
        bufferMillis: 120_000,
        compression: 'UNCOMPRESSED',
        transform: {
          functionArn: `arn:aws:lambda:us-east-1:${account}:function:delivery-Function`,
          bufferBytes: 524_288,
          bufferMillis: 60_000,
          retries: 2,
        },
        conversion: {
          compression: 'SNAPPY',
          table: {
            databaseName: 'lake',
            name: 'events',
            columns: [
              { name: 'event_id', type: 'string' },
              { name: 'amount', type: 'double' },
            ],
            partitionKeys: ['hour'],
            location: 's3://lake/events/',
          },
        },
      },
    ]);
  });

  it('has each function once, its environment resolved across stacks', () => {
    expect(pipeline.functions).toEqual([
      {
        arn: `arn:aws:lambda:us-east-1:${account}:function:delivery-Function`,
        name: 'delivery-Function',
        bundleDirectory: '/bundles/one',
        handler: 'index.handler',
        environment: { QUEUE_URL: queueUrl('storage-Queue'), LIMIT: '5' },
        timeoutMillis: 60_000,
        memoryMebibytes: 256,
        runtime: 'nodejs24.x',
        reservedConcurrency: 1,
      },
    ]);
  });

  it('has the schedule, and the custom resource with its scalars as text', () => {
    const functionArn = `arn:aws:lambda:us-east-1:${account}:function:delivery-Function`;
    expect(pipeline.schedules).toEqual([
      { name: 'delivery-Schedule', functionArn, everyMillis: 900_000, input: { a: 1 } },
    ]);
    expect(pipeline.customResources).toEqual([
      {
        logicalId: 'Migration',
        type: 'Custom::Migration',
        onEventArn: functionArn,
        isCompleteArn: undefined,
        properties: {
          ServiceToken: `arn:aws:lambda:us-east-1:${account}:function:delivery-Framework`,
          Files: '3',
          Checksum: 'abc',
        },
      },
    ]);
  });

  it('has the cluster', () => {
    expect(pipeline.cluster).toEqual({
      identifier: 'warehouse',
      databaseName: 'clickstream',
      adminSecretArn: `arn:aws:secretsmanager:us-east-1:${account}:secret:redshift!warehouse-admin`,
    });
  });
});

describe('a template that is changed', () => {
  it('with a function that scales the stream loses it and its schedule: local shards stay as they are', () => {
    const { schedules, functions } = read(({ storage, delivery }) => {
      storage.Resources.State = { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: '{}' } };
      const Environment = { Variables: { [SCALER_ENV.stateParameterName]: { Ref: 'State' } } };
      storage.Resources.Scaler = {
        Type: 'AWS::Lambda::Function',
        Properties: { ...propertiesOf(delivery, 'Function'), Environment },
      };
      const Target = { Arn: { 'Fn::GetAtt': ['Scaler', 'Arn'] }, RoleArn: 'arn' };
      storage.Resources.EveryMinute = {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          ...propertiesOf(delivery, 'Schedule'),
          ScheduleExpression: 'rate(1 minute)',
          Target,
        },
      };
    });
    expect(schedules.map(({ name }) => name)).toEqual(['delivery-Schedule']);
    expect(functions.map(({ name }) => name)).toEqual(['delivery-Function']);
  });

  it('shows the change: another buffer, another prefix', () => {
    const changed = read(({ delivery }) => {
      Object.assign(destination(delivery), {
        Prefix: 'other/!{timestamp:yyyy}/',
        BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 60 },
      });
    });
    expect(changed.deliveryStreams[0]).toMatchObject({
      prefix: 'other/!{timestamp:yyyy}/',
      bufferBytes: 134_217_728,
      bufferMillis: 60_000,
    });
  });

  const wrong: [string, (parts: { storage: Template; delivery: Template }) => void, RegExp][] = [
    [
      'a property nobody knows',
      ({ delivery }) =>
        Object.assign(destination(delivery), { DynamicPartitioningConfiguration: { Enabled: true } }),
      /stack "delivery", Delivery .*ExtendedS3DestinationConfiguration\.DynamicPartitioningConfiguration: is not understood/,
    ],
    [
      'a type nobody knows',
      ({ storage }) => Object.assign(storage.Resources, { Kafka: { Type: 'AWS::MSK::Cluster' } }),
      /stack "storage", Kafka \(AWS::MSK::Cluster\): is a type the local run does not understand/,
    ],
    [
      'a buffer under 64 MiB with conversion',
      ({ delivery }) => Object.assign(destination(delivery), { BufferingHints: { SizeInMBs: 5 } }),
      /BufferingHints\.SizeInMBs: is 5, with format conversion it must be at least 64/,
    ],
    [
      'compression with conversion',
      ({ delivery }) => Object.assign(destination(delivery), { CompressionFormat: 'GZIP' }),
      /CompressionFormat: is GZIP, with format conversion it must be UNCOMPRESSED/,
    ],
    [
      'an expression in the prefix without an error prefix',
      ({ delivery }) => {
        delete destination(delivery).ErrorOutputPrefix;
      },
      /ErrorOutputPrefix: is missing/,
    ],
    [
      'a conversion for a table that is not there',
      ({ storage }) => {
        delete storage.Resources.Table;
      },
      /there is no Glue table lake\.events/,
    ],
    [
      'a processor that is no function',
      ({ delivery }) =>
        Object.assign(destination(delivery), {
          ProcessingConfiguration: { Processors: [{ Type: 'Decompression', Parameters: [] }] },
        }),
      /only processors of type Lambda are understood/,
    ],
    [
      'a cron schedule',
      ({ delivery }) =>
        Object.assign(propertiesOf(delivery, 'Schedule'), { ScheduleExpression: 'cron(0 * * * ? *)' }),
      /ScheduleExpression: is "cron\(0 \* \* \* \? \*\)", only rate/,
    ],
    [
      'a function of another language',
      ({ delivery }) => Object.assign(propertiesOf(delivery, 'Function'), { Runtime: 'python3.13' }),
      /Function .*property Runtime: is "python3.13": only Node.js functions/,
    ],
    [
      'a bundle that is not in the assembly',
      ({ delivery }) =>
        Object.assign(propertiesOf(delivery, 'Function'), { Code: { S3Bucket: 'b', S3Key: 'other.zip' } }),
      /Code\.S3Key: the assembly has no asset other\.zip/,
    ],
    [
      'a reference to nothing',
      ({ storage }) => Object.assign(propertiesOf(storage, 'Bucket'), { BucketName: { Ref: 'Nothing' } }),
      /stack "storage", Bucket .*BucketName: there is no resource Nothing/,
    ],
    [
      'an intrinsic function nobody knows',
      ({ storage }) => Object.assign(propertiesOf(storage, 'Bucket'), { BucketName: { 'Fn::Cidr': [] } }),
      /the function Fn::Cidr is not understood/,
    ],
    [
      'a custom resource of an unknown make',
      ({ delivery }) => Object.assign(propertiesOf(delivery, 'Framework'), { Environment: {} }),
      /Migration .*not made with the CDK’s provider framework/,
    ],
    [
      'no cluster',
      ({ storage }) => {
        delete storage.Resources.Cluster;
      },
      /define 0 Redshift clusters, there must be one/,
    ],
  ];

  it.each(wrong)('is refused when it has %s', (_what, change, message) => {
    expect(() => read(change)).toThrow(message);
  });
});
