/** Logger and CloudWatch embedded metrics of a function, set up one way for all of them. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { METRICS_DIMENSION, METRICS_NAMESPACE } from '../../lib/contract/names';

/** A structured JSON logger. Never log events: they hold personal data. */
export function createLogger(serviceName: string): Logger {
  return new Logger({ serviceName });
}

/** Metrics of one environment. Call `publishStoredMetrics()` at the end of an invocation. */
export function createMetrics(environmentName: string): Metrics {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, singleMetric: false });
  // The constructor always adds a dimension `service`, under which no alarm would look.
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ [METRICS_DIMENSION]: environmentName });
  return metrics;
}
