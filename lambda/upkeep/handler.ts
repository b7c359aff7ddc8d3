/** Keeps the warehouse tidy; runs once a day. */
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import type { Context } from 'aws-lambda';
import { UPKEEP_ENV, UPKEEP_METRICS } from '../../lib/contract/names';
import { clientSettings } from '../shared/clients';
import { DataApi } from '../shared/dataApi';
import { requireEnv, requirePositiveNumber } from '../shared/environment';
import { createLogger, createMetrics } from '../shared/observability';
import { keepUp, type UpkeepSummary } from './upkeep';

/** Kept for metrics and the answer when the function's time runs out. */
const CLOSING_MILLIS = 5_000;

const logger = createLogger('upkeep');
const metrics = createMetrics(requireEnv(UPKEEP_ENV.environmentName));
const dataApi = new DataApi(new RedshiftDataClient(clientSettings()), {
  ClusterIdentifier: requireEnv(UPKEEP_ENV.clusterIdentifier),
  Database: requireEnv(UPKEEP_ENV.databaseName),
  SecretArn: requireEnv(UPKEEP_ENV.adminSecretArn),
});
const settings = {
  sliceDays: requirePositiveNumber(UPKEEP_ENV.sliceDays),
  retentionDays: requirePositiveNumber(UPKEEP_ENV.retentionDays),
  modelRetentionDays: requirePositiveNumber(UPKEEP_ENV.modelRetentionDays),
};

/** Does what is due and answers what was done; the event's content does not matter. */
export async function handler(_event: unknown, context: Context): Promise<UpkeepSummary> {
  const nowMillis = Date.now();
  const deadlineMillis = nowMillis + context.getRemainingTimeInMillis() - CLOSING_MILLIS;
  const summary = await keepUp(dataApi, { settings, nowMillis, deadlineMillis, isDryRun: false });
  logger.info('The warehouse is tidy', { ...summary });
  metrics.addMetric(UPKEEP_METRICS.slices, 'Count', summary.slices);
  metrics.addMetric(UPKEEP_METRICS.slicesDropped, 'Count', summary.slicesDropped.length);
  metrics.publishStoredMetrics();
  return summary;
}
