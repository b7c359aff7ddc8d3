/** A small pipeline as templates, in the forms the CDK writes: weak references, joins, a custom resource. */
import type { Stack, Template } from '../../local/template/assembly';
import { parseTemplate } from '../../local/template/assembly';

const output = (OutputName: string) => ({
  'Fn::GetStackOutput': { StackName: 'storage', Region: { Ref: 'AWS::Region' }, OutputName },
});

const storage = () => ({
  Conditions: {
    IsChina: { 'Fn::Or': [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'cn-north-1'] }] },
  },
  Resources: {
    Stream: {
      Type: 'AWS::Kinesis::Stream',
      Properties: {
        ShardCount: 2,
        RetentionPeriodHours: 48,
        StreamEncryption: { 'Fn::If': ['IsChina', { Ref: 'AWS::NoValue' }, { EncryptionType: 'KMS' }] },
      },
    },
    ChinaOnly: { Type: 'AWS::Unheard::Of', Condition: 'IsChina' },
    Dead: { Type: 'AWS::SQS::Queue', Properties: {} },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 960,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 5 },
      },
    },
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: { BucketName: { 'Fn::Join': ['-', ['lake', { Ref: 'AWS::Region' }]] } },
    },
    BucketNotifications: {
      Type: 'Custom::S3BucketNotifications',
      Properties: {
        ServiceToken: { 'Fn::GetAtt': ['NotKnown', 'Arn'] },
        BucketName: { Ref: 'Bucket' },
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Events: ['s3:ObjectCreated:*'],
              Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'events/' }] } },
              QueueArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
            },
          ],
        },
        Managed: true,
      },
    },
    Table: {
      Type: 'AWS::Glue::Table',
      Properties: {
        CatalogId: { Ref: 'AWS::AccountId' },
        DatabaseName: 'lake',
        TableInput: {
          Name: 'events',
          PartitionKeys: [{ Name: 'hour', Type: 'string' }],
          StorageDescriptor: {
            Location: 's3://lake/events/',
            Columns: [
              { Name: 'event_id', Type: 'string', Comment: 'which' },
              { Name: 'amount', Type: 'double' },
            ],
          },
        },
      },
    },
    Cluster: {
      Type: 'AWS::Redshift::Cluster',
      Properties: { ClusterIdentifier: 'warehouse', DBName: 'clickstream', NodeType: 'rg.large' },
    },
  },
  Outputs: {
    StreamArn: { Value: { 'Fn::GetAtt': ['Stream', 'Arn'] } },
    QueueUrl: { Value: { Ref: 'Queue' } },
    BucketArn: { Value: { 'Fn::GetAtt': ['Bucket', 'Arn'] }, Export: { Name: 'lake-bucket-arn' } },
  },
});

const delivery = () => ({
  Resources: {
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: { 'Fn::Join': ['-', ['assets', { Ref: 'AWS::AccountId' }]] }, S3Key: 'bundle.zip' },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        MemorySize: 256,
        Timeout: 60,
        ReservedConcurrentExecutions: 1,
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Environment: { Variables: { QUEUE_URL: output('QueueUrl'), LIMIT: 5 } },
      },
    },
    Framework: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Environment: { Variables: { USER_ON_EVENT_FUNCTION_ARN: { 'Fn::GetAtt': ['Function', 'Arn'] } } },
      },
    },
    Migration: {
      Type: 'Custom::Migration',
      Properties: { ServiceToken: { 'Fn::GetAtt': ['Framework', 'Arn'] }, Files: 3, Checksum: 'abc' },
    },
    Schedule: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        FlexibleTimeWindow: { Mode: 'OFF' },
        ScheduleExpression: 'rate(15 minutes)',
        Target: { Arn: { 'Fn::GetAtt': ['Function', 'Arn'] }, RoleArn: 'arn', Input: '{"a":1}' },
      },
    },
    Delivery: {
      Type: 'AWS::KinesisFirehose::DeliveryStream',
      Properties: {
        DeliveryStreamType: 'KinesisStreamAsSource',
        KinesisStreamSourceConfiguration: { KinesisStreamARN: output('StreamArn'), RoleARN: 'arn' },
        ExtendedS3DestinationConfiguration: {
          BucketARN: { 'Fn::ImportValue': 'lake-bucket-arn' },
          BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 120 },
          CompressionFormat: 'UNCOMPRESSED',
          Prefix: 'events/year=!{timestamp:yyyy}/',
          ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
          RoleARN: 'arn',
          ProcessingConfiguration: {
            Enabled: true,
            Processors: [
              {
                Type: 'Lambda',
                Parameters: [
                  {
                    ParameterName: 'LambdaArn',
                    ParameterValue: {
                      'Fn::Join': ['', [{ 'Fn::GetAtt': ['Function', 'Arn'] }, ':$LATEST']],
                    },
                  },
                  { ParameterName: 'BufferSizeInMBs', ParameterValue: '0.5' },
                  { ParameterName: 'NumberOfRetries', ParameterValue: '2' },
                ],
              },
            ],
          },
          DataFormatConversionConfiguration: {
            Enabled: true,
            InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
            OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
            SchemaConfiguration: { DatabaseName: 'lake', TableName: 'events', RoleARN: 'arn' },
          },
        },
      },
    },
  },
});

/** A pipeline in two stacks, to change before it is read. */
export function templates(): { storage: Template; delivery: Template } {
  return { storage: parseTemplate(storage()), delivery: parseTemplate(delivery()) };
}

/** The stacks of such templates. */
export function stacksOf({ storage, delivery }: { storage: Template; delivery: Template }): Stack[] {
  const stack = (name: string, template: Template): Stack => ({
    name,
    account: '000000000000',
    region: 'us-east-1',
    template,
    bundles: new Map([['bundle.zip', '/bundles/one']]),
  });
  return [stack('storage', storage), stack('delivery', delivery)];
}

/** The properties of a resource, to change. */
export function propertiesOf(template: Template, logicalId: string): Record<string, unknown> {
  const properties = template.Resources[logicalId]?.Properties;
  if (properties === undefined) throw new Error(`The template has no ${logicalId}`);
  return properties;
}
