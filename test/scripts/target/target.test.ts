/** Which pipeline a command works on: the local run that is up, or a deployed environment. */
import { writeFileSync } from 'node:fs';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { loadEnvironment } from '../../../lib/config';
import { endpointsFile } from '../../../local/endpoints';
import { openTarget, TargetError } from '../../../scripts/target/target';
import { tempDirectory } from '../../support/tempDirectory';

const OUTPUTS: Record<string, Record<string, string>> = {
  'clickstream-prod-stream': { StreamName: 'events-stream' },
  'clickstream-prod-lake': {
    BucketName: 'the-lake',
    DatabaseName: 'lake_tables',
    ObjectQueueUrl: 'https://queue.example/objects',
  },
  'clickstream-prod-warehouse': {
    ClusterIdentifier: 'the-cluster',
    DatabaseName: 'clickstream',
    CopyRoleArn: 'arn:aws:iam::111122223333:role/copy',
    AdminSecretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:admin',
    VpcId: 'vpc-1',
  },
};

describe('a deployed environment', () => {
  const cloudFormation = mockClient(CloudFormationClient);

  beforeEach(() => {
    cloudFormation.reset();
    cloudFormation.on(DescribeStacksCommand).callsFake(({ StackName }) => {
      const outputs = OUTPUTS[StackName];
      if (outputs === undefined) throw new Error(`Stack with id ${StackName} does not exist`);
      const Outputs = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
      return { Stacks: [{ StackName, Outputs }] };
    });
  });
  afterAll(() => cloudFormation.restore());

  it('is known by the outputs of its stacks, each of which is read once', async () => {
    const target = await openTarget({ environment: 'prod' });
    expect(target).toMatchObject({
      environment: 'prod',
      region: loadEnvironment('prod').region,
      streamName: 'events-stream',
      bucketName: 'the-lake',
      lakeDatabaseName: 'lake_tables',
      objectQueueUrl: 'https://queue.example/objects',
      clusterIdentifier: 'the-cluster',
      copyRoleArn: 'arn:aws:iam::111122223333:role/copy',
      adminSecretArn: OUTPUTS['clickstream-prod-warehouse']?.AdminSecretArn,
    });
    expect(cloudFormation.commandCalls(DescribeStacksCommand)).toHaveLength(3);
    target.close();
  });

  it('that is not deployed is an error which names the stack', async () => {
    const opening = openTarget({ environment: 'reference' });
    await expect(opening).rejects.toThrow(
      /Stack clickstream-reference-stream cannot be read: .*does not exist/,
    );
  });

  it('that is deployed from an older release is an error which names the output', async () => {
    cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [] });
    await expect(openTarget({ environment: 'prod' })).rejects.toThrow(
      'Stack clickstream-prod-stream has no output StreamName: deploy it again',
    );
  });

  it('that no configuration describes is an error which names those there are', async () => {
    await expect(openTarget({ environment: 'production' })).rejects.toThrow(
      /no environment "production"[\s\S]*dev, prod, reference/,
    );
  });
});

describe('without an environment', () => {
  const withRun = tempDirectory('target');
  const withoutRun = tempDirectory('no-target');

  it('the local run that is up is meant', async () => {
    const names = {
      streamName: 'events',
      bucketName: 'lake',
      lakeDatabaseName: 'lake_tables',
      objectQueueUrl: 'http://127.0.0.1:2/queue',
      clusterIdentifier: 'cluster',
      databaseName: 'clickstream',
      adminSecretArn: 'arn:local',
    };
    const urls = { kinesis: 1, firehose: 2, s3: 3, sqs: 4, redshiftData: 5, glue: 6 };
    const servers = Object.fromEntries(
      Object.entries(urls).map(([name, port]) => [name, `http://127.0.0.1:${port}`]),
    );
    writeFileSync(endpointsFile(withRun), JSON.stringify({ pid: process.pid, ...names, ...servers }));
    const target = await openTarget({ environment: undefined, directory: withRun });
    expect(target).toMatchObject({ title: 'local run', environment: 'dev', ...names });
    const endpoint = await target.s3.config.endpoint?.();
    expect(endpoint).toMatchObject({ hostname: '127.0.0.1', port: 3 });
    target.close();
  });

  it('and without a local run, the error says how to start one', async () => {
    const opening = openTarget({ environment: undefined, directory: withoutRun });
    await expect(opening).rejects.toThrow(TargetError);
    await expect(opening).rejects.toThrow('npm start -- --keep');
  });
});
