/** Fits the stream's shard count to its traffic; runs every minute, see docs/scaling.md. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { SSMClient } from '@aws-sdk/client-ssm';
import { SCALER_ENV, SCALER_METRICS } from '../../lib/contract/names';
import { parsePolicy } from '../../lib/scaling/policy';
import { clientSettings } from '../shared/clients';
import { requireEnv } from '../shared/environment';
import { createLogger, createMetrics } from '../shared/observability';
import { type ScaleSummary, scale } from './scale';
import { StateStore } from './stateStore';

const metrics = createMetrics(requireEnv(SCALER_ENV.environmentName));
const options = {
  kinesis: new KinesisClient(clientSettings()),
  cloudWatch: new CloudWatchClient(clientSettings()),
  store: new StateStore(new SSMClient(clientSettings()), requireEnv(SCALER_ENV.stateParameterName)),
  log: createLogger('scaling'),
  streamName: requireEnv(SCALER_ENV.streamName),
  policy: parsePolicy(requireEnv(SCALER_ENV.policy)),
  now: Date.now,
};

/** Runs once and answers what was done; the event's content does not matter. */
export async function handler(): Promise<ScaleSummary> {
  const summary = await scale(options);
  for (const [name, value] of summaryMetrics(summary)) metrics.addMetric(name, 'Count', value);
  metrics.publishStoredMetrics();
  return summary;
}

function summaryMetrics(summary: ScaleSummary): [name: string, value: number][] {
  return [
    [SCALER_METRICS.shards, summary.shards],
    ...(summary.shardsNeeded === undefined
      ? []
      : [[SCALER_METRICS.shardsNeeded, summary.shardsNeeded] satisfies [string, number]]),
    [SCALER_METRICS.changesLeft, summary.changesLeft],
    [SCALER_METRICS.blocked, summary.isBlocked ? 1 : 0],
    [SCALER_METRICS.outsideChanges, summary.outsideChange ? 1 : 0],
  ];
}
