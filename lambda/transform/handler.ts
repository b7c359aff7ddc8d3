/** Entry point of the transform function: reads the environment, makes the clients. */
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { TRANSFORM_ENV } from '../../lib/contract/names';
import { clientSettings } from '../shared/clients';
import { requireEnv, requirePositiveNumber } from '../shared/environment';
import { createLogger, createMetrics } from '../shared/observability';
import { createTransform } from './transform';

/** Invoked by Data Firehose with a batch of Kinesis records. */
export const handler = createTransform({
  kinesis: new KinesisClient(clientSettings()),
  firehose: new FirehoseClient(clientSettings()),
  metrics: createMetrics(requireEnv(TRANSFORM_ENV.environmentName)),
  streamName: requireEnv(TRANSFORM_ENV.streamName),
  rejectedDeliveryStreamName: requireEnv(TRANSFORM_ENV.rejectedDeliveryStreamName),
  countsDeliveryStreamName: requireEnv(TRANSFORM_ENV.countsDeliveryStreamName),
  log: createLogger('transform'),
  maxExpandedBytes: requirePositiveNumber(TRANSFORM_ENV.maxExpandedBytes),
});
