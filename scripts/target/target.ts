/** The pipeline a command works on: the local run that is up, or an environment that is deployed. */

import { CloudFormationClient, DescribeStacksCommand, type Output } from '@aws-sdk/client-cloudformation';
import { GlueClient } from '@aws-sdk/client-glue';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings } from '../../lambda/shared/clients';
import { DataApi } from '../../lambda/shared/dataApi';
import { loadEnvironment } from '../../lib/config';
import { messageOf } from '../../lib/contract/words';
import { LOCAL_DIRECTORY, localClientSettings, readEndpoints } from '../../local/endpoints';

/** There is no such pipeline to work on; the message says what to do. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}

/** Names of a pipeline's parts. */
export interface TargetNames {
  readonly streamName: string;
  readonly bucketName: string;
  /** Glue database of the events table. */
  readonly lakeDatabaseName: string;
  /** Queue that tells the loader about objects of the lake. */
  readonly objectQueueUrl: string;
  readonly clusterIdentifier: string;
  readonly databaseName: string;
  /** Role COPY reads the lake with. */
  readonly copyRoleArn: string;
  /** Secret of the warehouse's admin. */
  readonly adminSecretArn: string;
}

/** A pipeline, with clients that reach it. */
export interface Target extends TargetNames {
  /** For people: `local run` or `environment prod (us-east-1)`. */
  readonly title: string;
  /** Configuration name: `dev` for the local run. */
  readonly environment: string;
  readonly region: string;
  /** How many times faster than on AWS times pass: above 1 in a local run only. */
  readonly speedUp: number;
  readonly kinesis: KinesisClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly redshiftData: RedshiftDataClient;
  readonly glue: GlueClient;
  /**
   * The warehouse.
   * @param user database user; undefined is the admin
   */
  dataApi(user?: string): DataApi;
  close(): void;
}

/** Which pipeline: a deployed environment, or the local run when none is named. */
export interface TargetChoice {
  readonly environment: string | undefined;
  /** Where the local run keeps its state. @default `.local` */
  readonly directory?: string;
}

/** The local run runs what this environment's templates say. */
const LOCAL_ENVIRONMENT = 'dev';

/**
 * Opens the pipeline.
 * @throws TargetError when no local run is up, the environment is unknown, or it is not deployed
 */
export async function openTarget({ environment, directory }: TargetChoice): Promise<Target> {
  if (environment === undefined) return localTarget(directory ?? LOCAL_DIRECTORY);
  const { region } = loadEnvironment(environment);
  const settings = { ...clientSettings(), region };
  const client = new CloudFormationClient(settings);
  try {
    const names = await deployedNames(client, environment);
    const title = `environment ${environment} (${region})`;
    return { ...target(title, environment, region, names, () => settings), speedUp: 1 };
  } finally {
    client.destroy();
  }
}

function localTarget(directory: string): Target {
  const endpoints = readEndpoints(directory);
  if (endpoints === undefined) {
    throw new TargetError(
      'No local run is up. Start one in another terminal: npm start -- --keep. Or name a deployed environment: --env NAME.',
    );
  }
  const { region } = loadEnvironment(LOCAL_ENVIRONMENT);
  const local = target('local run', LOCAL_ENVIRONMENT, region, endpoints, (service) =>
    localClientSettings(endpoints[service], region),
  );
  return { ...local, speedUp: endpoints.speedUp };
}

type Service = 'kinesis' | 's3' | 'sqs' | 'redshiftData' | 'glue';

function target(
  title: string,
  environment: string,
  region: string,
  names: TargetNames,
  settings: (service: Service) => ReturnType<typeof clientSettings>,
): Omit<Target, 'speedUp'> {
  const kinesis = new KinesisClient(settings('kinesis'));
  const s3 = new S3Client(settings('s3'));
  const sqs = new SQSClient(settings('sqs'));
  const redshiftData = new RedshiftDataClient(settings('redshiftData'));
  const glue = new GlueClient(settings('glue'));
  const { streamName, bucketName, lakeDatabaseName, objectQueueUrl } = names;
  const { clusterIdentifier, databaseName, copyRoleArn, adminSecretArn } = names;
  return {
    title,
    environment,
    region,
    streamName,
    bucketName,
    lakeDatabaseName,
    objectQueueUrl,
    clusterIdentifier,
    databaseName,
    copyRoleArn,
    adminSecretArn,
    kinesis,
    s3,
    sqs,
    redshiftData,
    glue,
    dataApi: (user) =>
      new DataApi(redshiftData, {
        ClusterIdentifier: clusterIdentifier,
        Database: databaseName,
        ...(user === undefined ? { SecretArn: adminSecretArn } : { DbUser: user }),
      }),
    close() {
      for (const client of [kinesis, s3, sqs, redshiftData, glue]) client.destroy();
    },
  };
}

/** Stack by stage, and the outputs that hold the names. */
const OUTPUTS = {
  streamName: ['stream', 'StreamName'],
  bucketName: ['lake', 'BucketName'],
  lakeDatabaseName: ['lake', 'DatabaseName'],
  objectQueueUrl: ['lake', 'ObjectQueueUrl'],
  clusterIdentifier: ['warehouse', 'ClusterIdentifier'],
  databaseName: ['warehouse', 'DatabaseName'],
  copyRoleArn: ['warehouse', 'CopyRoleArn'],
  adminSecretArn: ['warehouse', 'AdminSecretArn'],
} as const satisfies Record<keyof TargetNames, readonly [stage: string, output: string]>;

async function deployedNames(client: CloudFormationClient, environment: string): Promise<TargetNames> {
  const outputs = new Map<string, Promise<Output[]>>();
  const read = async (name: keyof TargetNames): Promise<string> => {
    const [stage, output] = OUTPUTS[name];
    const stack = `clickstream-${environment}-${stage}`;
    const reading = outputs.get(stack) ?? stackOutputs(client, stack);
    outputs.set(stack, reading);
    const value = (await reading).find(({ OutputKey }) => OutputKey === output)?.OutputValue;
    if (value === undefined) throw new TargetError(`Stack ${stack} has no output ${output}: deploy it again`);
    return value;
  };
  return {
    streamName: await read('streamName'),
    bucketName: await read('bucketName'),
    lakeDatabaseName: await read('lakeDatabaseName'),
    objectQueueUrl: await read('objectQueueUrl'),
    clusterIdentifier: await read('clusterIdentifier'),
    databaseName: await read('databaseName'),
    copyRoleArn: await read('copyRoleArn'),
    adminSecretArn: await read('adminSecretArn'),
  };
}

async function stackOutputs(client: CloudFormationClient, StackName: string): Promise<Output[]> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return Stacks[0]?.Outputs ?? [];
  } catch (error) {
    const reason = messageOf(error);
    const remedy = /credentials|token/i.test(reason)
      ? '. Sign in first (aws sso login), or set AWS_PROFILE'
      : '';
    throw new TargetError(`Stack ${StackName} cannot be read: ${reason}${remedy}`, { cause: error });
  }
}
