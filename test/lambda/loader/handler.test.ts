import { ListStatementsCommand, RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { LOADER_ENV, LOADER_METRICS } from '../../../lib/contract/names';

const ENVIRONMENT = {
  [LOADER_ENV.queueUrl]: 'https://sqs.us-east-1.amazonaws.com/111122223333/queue',
  [LOADER_ENV.bucketName]: 'lake',
  [LOADER_ENV.clusterIdentifier]: 'cluster',
  [LOADER_ENV.databaseName]: 'clickstream',
  [LOADER_ENV.databaseUser]: 'loader',
  [LOADER_ENV.copyRoleArn]: 'arn:aws:iam::111122223333:role/copy',
  [LOADER_ENV.duplicateLookBackHours]: '72',
  [LOADER_ENV.maxObjectsPerBatch]: '100',
  [LOADER_ENV.maxBytesPerBatch]: '1000000000',
  [LOADER_ENV.environmentName]: 'test',
  AWS_REGION: 'us-east-1',
  // Makes metrics go to the console that can be watched.
  POWERTOOLS_DEV: 'true',
  POWERTOOLS_METRICS_DISABLED: 'false',
};

const context = { getRemainingTimeInMillis: () => 900_000 } as Context;
const before = { ...process.env };

beforeEach(() => {
  Object.assign(process.env, ENVIRONMENT);
});

afterEach(() => {
  process.env = { ...before };
  jest.restoreAllMocks();
  jest.resetModules();
});

describe('the loader’s handler', () => {
  it('answers what was done and publishes it as metrics, zeros too', async () => {
    const sqs = mockClient(SQSClient);
    const redshift = mockClient(RedshiftDataClient);
    sqs.on(ReceiveMessageCommand).resolves({});
    redshift.on(ListStatementsCommand).resolves({ Statements: [] });
    const lines: string[] = [];
    jest.spyOn(console, 'log').mockImplementation((line) => lines.push(String(line)));
    const { handler } = await import('../../../lambda/loader/handler');
    const summary = await handler({}, context);
    expect(JSON.parse(JSON.stringify(summary))).toMatchObject({ objectsLoaded: 0, messagesLeft: 0 });
    const metrics = lines.map((line) => JSON.parse(line)).find((line) => line._aws !== undefined);
    expect(metrics).toMatchObject({ environment: 'test', [LOADER_METRICS.batchesLoaded]: 0 });
    expect(metrics._aws.CloudWatchMetrics[0].Dimensions).toEqual([['environment']]);
    expect(metrics).not.toHaveProperty(LOADER_METRICS.oldestObjectAgeSeconds);
    sqs.restore();
    redshift.restore();
  });

  it('does not start with a setting missing', async () => {
    delete process.env[LOADER_ENV.queueUrl];
    await expect(import('../../../lambda/loader/handler')).rejects.toThrow('QUEUE_URL is not set');
  });
});
