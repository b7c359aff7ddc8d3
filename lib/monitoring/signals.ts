/** Every metric the dashboard and the alarms look at, by what it tells. */
import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import {
  AUDIT_METRICS,
  LOADER_METRICS,
  METRICS_DIMENSION,
  METRICS_NAMESPACE,
  MODELER_METRICS,
  SCALER_METRICS,
  TRANSFORM_METRICS,
} from '../contract/names';

/** What is watched. */
export interface Watched {
  readonly environmentName: string;
  readonly stream: IStream;
  readonly events: DeliveryStream;
  readonly rejected: DeliveryStream;
  readonly transform: IFunction;
  readonly loader: IFunction;
  readonly upkeep: IFunction;
  readonly audit: IFunction;
  readonly modeler: IFunction;
  readonly objectQueue: IQueue;
  readonly deadLetters: readonly IQueue[];
  readonly clusterIdentifier: string;
  /** The shard count follows the traffic. */
  readonly isScaled: boolean;
}

type Statistic = 'Sum' | 'Maximum' | 'Minimum' | 'Average';

/** Metrics of all stages. */
export type Signals = ReturnType<typeof signals>;

/** The metrics of what is watched, each with a label for people and a period of five minutes. */
export function signals(watched: Watched) {
  const { stream, events, rejected, transform, loader, audit, objectQueue } = watched;
  const kinesis = from('AWS/Kinesis', { StreamName: stream.streamName });
  const firehose = from('AWS/Firehose', { DeliveryStreamName: events.deliveryStreamName });
  const rejectedFirehose = from('AWS/Firehose', { DeliveryStreamName: rejected.deliveryStreamName });
  const redshift = from('AWS/Redshift', { ClusterIdentifier: watched.clusterIdentifier });
  const own = from(METRICS_NAMESPACE, { [METRICS_DIMENSION]: watched.environmentName });
  return {
    bytesIn: kinesis('IncomingBytes', 'Sum', 'Bytes in'),
    recordsIn: kinesis('IncomingRecords', 'Sum', 'Records in'),
    writesThrottled: kinesis('WriteProvisionedThroughputExceeded', 'Sum', 'Writes throttled'),
    readsThrottled: kinesis('ReadProvisionedThroughputExceeded', 'Sum', 'Reads throttled'),
    scaling: watched.isScaled
      ? {
          shards: own(SCALER_METRICS.shards, 'Maximum', 'Shards'),
          shardsNeeded: own(SCALER_METRICS.shardsNeeded, 'Maximum', 'Shards needed'),
          changesLeft: own(SCALER_METRICS.changesLeft, 'Minimum', 'Changes left'),
          blocked: own(SCALER_METRICS.blocked, 'Maximum', 'Blocked'),
          outsideChanges: own(SCALER_METRICS.outsideChanges, 'Sum', 'Changes by others'),
        }
      : undefined,

    millisBehindLatest: firehose('KinesisMillisBehindLatest', 'Maximum', 'Behind the stream (ms)'),
    freshnessSeconds: firehose('DeliveryToS3.DataFreshness', 'Maximum', 'Oldest event not in S3 (s)'),
    recordsDelivered: firehose('DeliveryToS3.Records', 'Sum', 'Records delivered to S3'),
    conversionsFailed: firehose('FailedConversion.Records', 'Sum', 'Records not converted'),
    rejectedFreshnessSeconds: rejectedFirehose(
      'DeliveryToS3.DataFreshness',
      'Maximum',
      'Oldest rejected event not in S3 (s)',
    ),

    events: own(TRANSFORM_METRICS.eventsIn, 'Sum', 'Events in'),
    rows: own(TRANSFORM_METRICS.rows, 'Sum', 'Rows out'),
    eventsRejected: own(TRANSFORM_METRICS.eventsRejected, 'Sum', 'Rejected'),
    eventsPutBack: own(TRANSFORM_METRICS.eventsPutBack, 'Sum', 'Put back'),
    transformErrors: transform.metricErrors({ label: 'Transform errors' }),
    transformThrottles: transform.metricThrottles({ label: 'Transform throttled' }),
    transformMillis: transform.metricDuration({ statistic: 'p95', label: 'Transform p95 (ms)' }),

    objectsWaiting: objectQueue.metricApproximateNumberOfMessagesVisible({ label: 'Objects waiting' }),
    oldestObjectSeconds: objectQueue.metricApproximateAgeOfOldestMessage({ label: 'Oldest object (s)' }),
    deadLetters: total(
      'Dead letters',
      watched.deadLetters.map((queue) => queue.metricApproximateNumberOfMessagesVisible()),
    ),

    batchesLoaded: own(LOADER_METRICS.batchesLoaded, 'Sum', 'Batches loaded'),
    batchesFailed: own(LOADER_METRICS.batchesFailed, 'Sum', 'Batches failed'),
    loaderErrors: loader.metricErrors({ label: 'Loader errors' }),
    rowsNew: own(LOADER_METRICS.rowsNew, 'Sum', 'Rows new'),
    rowsDuplicate: own(LOADER_METRICS.rowsDuplicate, 'Sum', 'Duplicates left out'),
    rowsMissing: own(LOADER_METRICS.rowsMissing, 'Sum', 'Rows missing'),
    objectsUnreadable: own(LOADER_METRICS.objectsUnreadable, 'Sum', 'Objects S3 does not hand out'),
    objectsQuarantined: own(LOADER_METRICS.objectsQuarantined, 'Sum', 'Objects quarantined'),
    partitionsUnregistered: own(LOADER_METRICS.partitionsUnregistered, 'Sum', 'Partitions not registered'),
    objectAgeSeconds: own(LOADER_METRICS.oldestObjectAgeSeconds, 'Maximum', 'Oldest object when loaded (s)'),

    auditDifference: own(AUDIT_METRICS.difference, 'Maximum', 'Rows missing, unexplained'),
    auditObjectsChanged: own(AUDIT_METRICS.objectsChanged, 'Maximum', 'Objects changed'),
    auditObjectsRequeued: own(AUDIT_METRICS.objectsRequeued, 'Sum', 'Objects put on the queue again'),
    auditObjectsChecked: own(AUDIT_METRICS.objectsChecked, 'Maximum', 'Objects checked'),
    auditRowsNotLoaded: own(AUDIT_METRICS.rowsNotLoaded, 'Maximum', 'Rows not loaded'),
    auditErrors: audit.metricErrors({ label: 'Audit errors' }),
    countsLost: own(TRANSFORM_METRICS.countsLost, 'Sum', 'Counts lost'),

    modelLagSeconds: own(MODELER_METRICS.lagSeconds, 'Maximum', 'Oldest load the models lack (s)'),
    modelRowsNew: own(MODELER_METRICS.rowsNew, 'Sum', 'Rows followed'),
    modelRowsRead: own(MODELER_METRICS.rowsRead, 'Sum', 'Rows read by the models'),
    modelErrors: watched.modeler.metricErrors({ label: 'Models errors' }),

    upkeepErrors: watched.upkeep.metricErrors({ label: 'Upkeep errors' }),

    diskPercent: redshift('PercentageDiskSpaceUsed', 'Maximum', 'Disk used (%)'),
    cpuPercent: redshift('CPUUtilization', 'Average', 'CPU (%)'),
    healthy: redshift('HealthStatus', 'Minimum', 'Healthy'),
  };
}

function from(namespace: string, dimensionsMap: Record<string, string>) {
  return (metricName: string, statistic: Statistic, label: string): Metric =>
    new Metric({ namespace, metricName, dimensionsMap, statistic, label, period: Duration.minutes(5) });
}

/** Sum of metrics; one that has no data counts as 0. */
export function total(label: string, metrics: readonly IMetric[]): MathExpression {
  const ids = metrics.map((_, index) => `m${index}`);
  return new MathExpression({
    label,
    expression: ids.map((id) => `FILL(${id}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
    period: Duration.minutes(5),
  });
}
