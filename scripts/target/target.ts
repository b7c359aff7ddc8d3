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
import { PIPELINE_OUTPUTS, type PipelineNames, pipelineNames } from '../../lib/contract/pipelineNames';
import { messageOf } from '../../lib/contract/words';
import { LOCAL_DIRECTORY, localClientSettings, readEndpoints } from '../../local/endpoints';

/** There is no such pipeline to work on; the message says what to do. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}

/** A pipeline, with clients that reach it. */
export interface Target extends PipelineNames {
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
  const names = pipelineNames((name) => endpoints[name]);
  const local = target('local run', LOCAL_ENVIRONMENT, region, names, (service) =>
    localClientSettings(endpoints[service], region),
  );
  return { ...local, speedUp: endpoints.speedUp };
}

type Service = 'kinesis' | 's3' | 'sqs' | 'redshiftData' | 'glue';

function target(
  title: string,
  environment: string,
  region: string,
  names: PipelineNames,
  settings: (service: Service) => ReturnType<typeof clientSettings>,
): Omit<Target, 'speedUp'> {
  const kinesis = new KinesisClient(settings('kinesis'));
  const s3 = new S3Client(settings('s3'));
  const sqs = new SQSClient(settings('sqs'));
  const redshiftData = new RedshiftDataClient(settings('redshiftData'));
  const glue = new GlueClient(settings('glue'));
  return {
    title,
    environment,
    region,
    ...names,
    kinesis,
    s3,
    sqs,
    redshiftData,
    glue,
    dataApi: (user) =>
      new DataApi(redshiftData, {
        ClusterIdentifier: names.clusterIdentifier,
        Database: names.databaseName,
        ...(user === undefined ? { SecretArn: names.adminSecretArn } : { DbUser: user }),
      }),
    close() {
      for (const client of [kinesis, s3, sqs, redshiftData, glue]) client.destroy();
    },
  };
}

async function deployedNames(client: CloudFormationClient, environment: string): Promise<PipelineNames> {
  const outputs = new Map<string, readonly Output[]>();
  const stackOf = (stage: string) => `clickstream-${environment}-${stage}`;
  for (const stage of new Set(Object.values(PIPELINE_OUTPUTS).map(([stage]) => stage))) {
    outputs.set(stage, await stackOutputs(client, stackOf(stage)));
  }
  return pipelineNames((name) => {
    const [stage, output] = PIPELINE_OUTPUTS[name];
    const value = outputs.get(stage)?.find(({ OutputKey }) => OutputKey === output)?.OutputValue;
    if (value !== undefined) return value;
    throw new TargetError(`Stack ${stackOf(stage)} has no output ${output}: deploy it again`);
  });
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
