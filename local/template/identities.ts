/** What `Ref` and `Fn::GetAtt` answer for the resources of a template when it runs on this machine. */
import type { Resource } from './assembly';
import { TemplateError } from './templateError';

/** How a type of resource is named. */
interface Naming {
  /** Path of the property that holds an explicit name. */
  readonly nameProperty?: string;
  /** Makes the ARN from `arn:aws:<service>:<region>:<account>:` parts and the physical name. */
  arn(prefix: (service: string, scope?: ArnScope) => string, name: string): string;
  /** What `Ref` answers: the name unless said otherwise. */
  readonly ref?: 'arn' | 'url';
  /** Attributes besides `Arn`. */
  attributes?(name: string, arn: string): Readonly<Record<string, string>>;
  /** Names that must be lower case, and how long they may be. */
  readonly lowerCase?: boolean;
  readonly maxLength?: number;
}

type ArnScope = 'regional' | 'account' | 'global';

const NAMINGS: Readonly<Record<string, Naming>> = {
  'AWS::Kinesis::Stream': {
    nameProperty: 'Name',
    arn: (prefix, name) => `${prefix('kinesis')}stream/${name}`,
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    nameProperty: 'DeliveryStreamName',
    arn: (prefix, name) => `${prefix('firehose')}deliverystream/${name}`,
    maxLength: 64,
  },
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    arn: (prefix, name) => `${prefix('s3', 'global')}${name}`,
    attributes: (name) => ({ DomainName: `${name}.s3.amazonaws.com` }),
    lowerCase: true,
    maxLength: 63,
  },
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    arn: (prefix, name) => `${prefix('sqs')}${name}`,
    ref: 'url',
    attributes: (name) => ({ QueueName: name }),
    maxLength: 80,
  },
  'AWS::Lambda::Function': {
    nameProperty: 'FunctionName',
    arn: (prefix, name) => `${prefix('lambda')}function:${name}`,
    maxLength: 64,
  },
  'AWS::Glue::Database': {
    nameProperty: 'DatabaseInput.Name',
    arn: (prefix, name) => `${prefix('glue')}database/${name}`,
    lowerCase: true,
  },
  'AWS::Glue::Table': {
    nameProperty: 'TableInput.Name',
    arn: (prefix, name) => `${prefix('glue')}table/${name}`,
    lowerCase: true,
  },
  'AWS::Redshift::Cluster': {
    nameProperty: 'ClusterIdentifier',
    arn: (prefix, name) => `${prefix('redshift')}cluster:${name}`,
    attributes: (name, arn) => ({
      'Endpoint.Address': `${name}.example.${arn.split(':')[3]}.redshift.amazonaws.com`,
      'Endpoint.Port': '5439',
      MasterPasswordSecretArn: `arn:aws:secretsmanager:${arn.split(':').slice(3, 5).join(':')}:secret:redshift!${name}-admin`,
    }),
    lowerCase: true,
    maxLength: 63,
  },
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    arn: (prefix, name) => `${prefix('iam', 'account')}role/${name}`,
  },
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    arn: (prefix, name) => `${prefix('logs')}log-group:${name}:*`,
  },
  'AWS::Logs::LogStream': {
    nameProperty: 'LogStreamName',
    arn: (prefix, name) => `${prefix('logs')}log-stream:${name}`,
  },
  'AWS::KMS::Key': {
    arn: (prefix, name) => `${prefix('kms')}key/${name}`,
    attributes: (name) => ({ KeyId: name }),
  },
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    arn: (prefix, name) => `${prefix('sns')}${name}`,
    ref: 'arn',
  },
  'AWS::StepFunctions::StateMachine': {
    nameProperty: 'StateMachineName',
    arn: (prefix, name) => `${prefix('states')}stateMachine:${name}`,
    ref: 'arn',
  },
  'AWS::Scheduler::Schedule': {
    nameProperty: 'Name',
    arn: (prefix, name) => `${prefix('scheduler')}schedule/default/${name}`,
  },
  'AWS::SecretsManager::Secret': {
    nameProperty: 'Name',
    arn: (prefix, name) => `${prefix('secretsmanager')}secret:${name}`,
    ref: 'arn',
  },
};

/** Name, ARN and attributes of a resource. */
export interface Identity {
  readonly name: string;
  readonly arn: string;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Names a resource: its explicit name, else `<stack>-<logical id>`, which unlike CloudFormation's names carries no
 * random part, so that state kept on disk is found again.
 * @param explicitName the resolved name property, when there is one
 * @param queueUrl makes the URL of a queue from its name
 * @throws TemplateError for a type that has no naming here
 */
export function identify(
  resource: Resource,
  explicitName: (property: string) => string | undefined,
  queueUrl: (name: string) => string,
): Identity {
  const { stack, logicalId, type } = resource;
  const naming = NAMINGS[type];
  if (naming === undefined) {
    throw new TemplateError(
      { stack: stack.name, logicalId },
      `is referred to, but the local run does not know how ${type} is named`,
    );
  }
  const given = naming.nameProperty === undefined ? undefined : explicitName(naming.nameProperty);
  const name = given ?? generatedName(`${stack.name}-${logicalId}`, naming);
  const arn = naming.arn((service, scope = 'regional') => {
    const region = scope === 'regional' ? stack.region : '';
    const account = scope === 'global' ? '' : stack.account;
    return `arn:aws:${service}:${region}:${account}:`;
  }, name);
  const url: Record<string, string> = naming.ref === 'url' ? { QueueUrl: queueUrl(name) } : {};
  const attributes = { Arn: arn, ...url, ...naming.attributes?.(name, arn) };
  const ref = naming.ref === 'arn' ? arn : naming.ref === 'url' ? queueUrl(name) : name;
  return { name, arn, ref, attributes };
}

function generatedName(text: string, { lowerCase = false, maxLength = 255 }: Naming): string {
  const name = lowerCase ? text.toLowerCase() : text;
  // The end of a logical id is its hash: the part that tells two long names apart.
  return name.length <= maxLength
    ? name
    : `${name.slice(0, maxLength - 9)}-${name.slice(-8)}`.replace(/-+/g, '-');
}
