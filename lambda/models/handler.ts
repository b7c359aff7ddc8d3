/** Follows the loads with the models; runs on a schedule, one at a time. See docs/models.md. */
import path from 'node:path';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import type { Context } from 'aws-lambda';
import { parseAnalysisSettings } from '../../lib/config/analysis';
import { MODELER_ENV, MODELER_METRICS } from '../../lib/contract/names';
import { clientSettings } from '../shared/clients';
import { DataApi, systemClock } from '../shared/dataApi';
import { requireEnv } from '../shared/environment';
import { createLogger, createMetrics } from '../shared/observability';
import { followLoads, type ModelSummary } from './run';
import { readModelTemplates } from './template';

/** Left for metrics and the answer when the function's time runs out. */
const CLOSING_MILLIS = 5_000;

const logger = createLogger('models');
const metrics = createMetrics(requireEnv(MODELER_ENV.environmentName));
const dataApi = new DataApi(new RedshiftDataClient(clientSettings()), {
  ClusterIdentifier: requireEnv(MODELER_ENV.clusterIdentifier),
  Database: requireEnv(MODELER_ENV.databaseName),
  DbUser: requireEnv(MODELER_ENV.databaseUser),
});
/** The statements lie beside the bundle. */
const templates = readModelTemplates(path.join(__dirname, 'models'));

/** @param event the settings, as the schedule gives them */
export async function handler(event: unknown, context: Context): Promise<ModelSummary> {
  const settings = parseAnalysisSettings(event);
  const summary = await followLoads({
    dataApi,
    templates,
    settings,
    clock: systemClock,
    deadlineMillis: Date.now() + context.getRemainingTimeInMillis() - CLOSING_MILLIS,
  });
  if (summary.settingsChanged) {
    logger.warn(
      'The settings have changed: what was modelled before is as it was until npm run models -- rebuild',
    );
  }
  logger.info('Followed the loads', { ...summary });
  metrics.addMetric(MODELER_METRICS.lagSeconds, 'Seconds', summary.lagSeconds);
  metrics.addMetric(MODELER_METRICS.batches, 'Count', summary.batches);
  metrics.addMetric(MODELER_METRICS.rowsNew, 'Count', summary.rowsNew);
  metrics.addMetric(MODELER_METRICS.rowsRead, 'Count', summary.rowsRead);
  metrics.publishStoredMetrics();
  return summary;
}
