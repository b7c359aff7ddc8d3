/** Loads new objects of the lake into the warehouse; runs on a schedule, one at a time. */
import { GlueClient } from '@aws-sdk/client-glue';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { LOADER_ENV } from '../../lib/contract/names';
import { clientSettings } from '../shared/clients';
import { DataApi, systemClock } from '../shared/dataApi';
import { requireEnv, requirePositiveNumber } from '../shared/environment';
import { createLogger, createMetrics } from '../shared/observability';
import { Partitions } from '../shared/partitions';
import { Drain } from './drain';
import { NotificationQueue } from './queue';
import { type LoadSummary, summaryMetrics } from './summary';

/** Kept for giving messages back, metrics and the answer when the function's time runs out. */
const CLOSING_MILLIS = 10_000;

const logger = createLogger('loader');
const metrics = createMetrics(requireEnv(LOADER_ENV.environmentName));
const queue = new NotificationQueue(new SQSClient(clientSettings()), requireEnv(LOADER_ENV.queueUrl));
const tools = {
  s3: new S3Client(clientSettings()),
  dataApi: new DataApi(new RedshiftDataClient(clientSettings()), {
    ClusterIdentifier: requireEnv(LOADER_ENV.clusterIdentifier),
    Database: requireEnv(LOADER_ENV.databaseName),
    DbUser: requireEnv(LOADER_ENV.databaseUser),
  }),
  clock: systemClock,
  bucketName: requireEnv(LOADER_ENV.bucketName),
  copyRoleArn: requireEnv(LOADER_ENV.copyRoleArn),
  lookBackHours: requirePositiveNumber(LOADER_ENV.duplicateLookBackHours),
};
const lakeDatabaseName = process.env[LOADER_ENV.lakeDatabaseName];
const partitions =
  lakeDatabaseName === undefined
    ? {}
    : { partitions: new Partitions(new GlueClient(clientSettings()), lakeDatabaseName, tools.bucketName) };
const limits = {
  maxObjects: requirePositiveNumber(LOADER_ENV.maxObjectsPerBatch),
  maxBytes: requirePositiveNumber(LOADER_ENV.maxBytesPerBatch),
};

/** Drains the queue and answers what was done; the event's content does not matter. */
export async function handler(_event: unknown, context: Context): Promise<LoadSummary> {
  const deadlineMillis = Date.now() + context.getRemainingTimeInMillis() - CLOSING_MILLIS;
  const drain = new Drain({ tools, queue, limits, log: logger, ...partitions, deadlineMillis });
  try {
    return await drain.run();
  } finally {
    for (const { name, unit, value } of summaryMetrics(drain.summary)) metrics.addMetric(name, unit, value);
    metrics.publishStoredMetrics();
  }
}
