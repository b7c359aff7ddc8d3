/** The alarms of an environment, as a table: what is measured, from where on it is wrong, and what to do. */
import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { type Signals, total } from './signals';
import type { Thresholds } from './thresholds';

/** One alarm. */
export interface AlarmDefinition {
  /** Lower-case words with hyphens: part of the alarm's name and the anchor of its section in docs/runbook.md. */
  readonly name: string;
  /** What it means for the data, and the first thing to do. */
  readonly runbookLine: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** @default greater than or equal to the threshold */
  readonly comparison?: ComparisonOperator;
  /** Periods of the metric in a row that have to be wrong. */
  readonly periods: number;
}

/** All alarms, in the order of the way of an event. A metric without data raises none of them. */
export function alarmDefinitions(signals: Signals, limits: Thresholds): AlarmDefinition[] {
  return [
    {
      name: 'writes-throttled',
      runbookLine:
        'Producers are told to slow down; they retry, but data gets late. Add shards or look for a hot one.',
      metric: signals.writesThrottled,
      threshold: 1,
      periods: 3,
    },
    {
      name: 'reads-throttled',
      runbookLine:
        'Firehose shares the shards’ read limit with another consumer. Give that one enhanced fan-out.',
      metric: signals.readsThrottled,
      threshold: 1,
      periods: 3,
    },
    ...(signals.scaling === undefined ? [] : scalingAlarms(signals.scaling, signals.recordsIn)),
    {
      name: 'consumer-lag',
      runbookLine:
        'Firehose does not keep up with the stream; beyond the retention data is lost. Look at the transform first.',
      metric: signals.millisBehindLatest,
      threshold: limits.behindLatestMillis,
      periods: 3,
    },
    {
      name: 'delivery-late',
      runbookLine:
        'Events take more than twice the buffers’ time to the lake. Look at Firehose’s log and at the transform.',
      metric: signals.freshnessSeconds,
      threshold: limits.freshnessSeconds,
      periods: 3,
    },
    {
      name: 'conversion-failed',
      runbookLine:
        'Records did not fit the Glue table and went to errors/: the table and the transform disagree.',
      metric: signals.conversionsFailed,
      threshold: 1,
      periods: 1,
    },
    {
      name: 'transform-failing',
      runbookLine:
        'The transform fails or is throttled; a batch that fails four times goes to errors/. Read its log.',
      metric: total('Transform errors and throttles', [signals.transformErrors, signals.transformThrottles]),
      threshold: limits.transformErrors,
      periods: 1,
    },
    {
      name: 'rejected-share',
      runbookLine:
        'More events than usual are rejected: a tracker or producer changed. Read the reasons in rejected/.',
      metric: percent('Rejected (%)', signals.eventsRejected, signals.events),
      threshold: limits.rejectedPercent,
      periods: 3,
    },
    {
      name: 'rejected-delivery-late',
      runbookLine: 'Rejected events do not reach rejected/. Look at the log of the second delivery stream.',
      metric: signals.rejectedFreshnessSeconds,
      threshold: limits.rejectedFreshnessSeconds,
      periods: 3,
    },
    {
      name: 'oldest-object',
      runbookLine:
        'An object of the lake has waited for longer than two load intervals and a load. Look at the loader’s log.',
      metric: signals.oldestObjectSeconds,
      threshold: limits.oldestObjectSeconds,
      periods: 2,
    },
    {
      name: 'load-failed',
      runbookLine:
        'A load failed; it is tried again with the next run. Read the statement’s error in the loader’s log.',
      // A refused load whose broken object was found and moved aside is no failure: the run ends well.
      metric: signals.loaderErrors,
      threshold: 1,
      periods: 1,
    },
    {
      name: 'no-successful-load',
      runbookLine:
        'Events come in and none is loaded: analysts see old data. Follow the dashboard from the stream downwards.',
      metric: receivedButNotLoaded(signals, Duration.minutes(limits.loadWindowMinutes)),
      threshold: 1,
      periods: 2,
    },
    {
      name: 'rows-missing',
      runbookLine:
        'COPY staged another number of rows than the files hold. Compare ops.load_batches with the files.',
      metric: new MathExpression({
        label: 'Rows missing',
        expression: 'ABS(missing)',
        usingMetrics: { missing: signals.rowsMissing },
        period: Duration.minutes(5),
      }),
      threshold: 1,
      periods: 1,
    },
    {
      name: 'objects-unreadable',
      runbookLine:
        'S3 does not hand out objects to the loader; they are tried again, the others loaded. Look at its access.',
      metric: signals.objectsUnreadable,
      threshold: 1,
      periods: 1,
    },
    {
      name: 'objects-quarantined',
      runbookLine:
        'Objects can never be loaded and were moved aside, the others were loaded. See: npm run quarantine -- list.',
      metric: signals.objectsQuarantined,
      threshold: 1,
      periods: 1,
    },
    {
      name: 'audit-difference',
      runbookLine:
        'Rows the transform accepted are neither loaded nor waiting nor in quarantine, or an object was changed.',
      metric: total('Rows missing or objects changed', [
        signals.auditDifference,
        signals.auditObjectsChanged,
      ]),
      threshold: 1,
      periods: 1,
    },
    {
      name: 'objects-requeued',
      runbookLine:
        'The loader was never told of some objects; the audit has put them on its queue. Find out who lost them.',
      metric: signals.auditObjectsRequeued,
      threshold: 1,
      periods: 1,
    },
    {
      name: 'audit-failing',
      runbookLine:
        'The audit did not get to its end: nobody looks whether anything is missing. Read its log.',
      metric: signals.auditErrors,
      threshold: 1,
      periods: 1,
    },
    {
      name: 'dead-letters',
      runbookLine: 'Notifications or schedule triggers were given up. Find out why, then redrive the queue.',
      metric: signals.deadLetters,
      threshold: 1,
      periods: 1,
    },
    {
      name: 'models-late',
      runbookLine:
        'Sessions and the other models lack loads, or a run failed; events themselves are complete. Read its log.',
      metric: new MathExpression({
        label: 'Models late or failing',
        expression: `IF(FILL(errors, 0) > 0 OR FILL(lag, 0) >= ${limits.oldestObjectSeconds}, 1, 0)`,
        usingMetrics: { errors: signals.modelErrors, lag: signals.modelLagSeconds },
        period: Duration.minutes(5),
      }),
      threshold: 1,
      periods: 1,
    },
    {
      name: 'upkeep-failed',
      runbookLine:
        'Events past their time were not dropped, or tables not looked after. It is tried again in a day; read its log.',
      metric: signals.upkeepErrors,
      threshold: 1,
      periods: 1,
    },
    {
      name: 'partitions-unregistered',
      runbookLine:
        'The catalog refused partitions of the lake: analysis.events_history lacks these hours. Loads are not affected.',
      metric: signals.partitionsUnregistered,
      threshold: 1,
      periods: 3,
    },
    {
      name: 'warehouse-disk',
      runbookLine: 'The cluster’s storage fills up; at 100 % loads fail. Delete old events or add nodes.',
      metric: signals.diskPercent,
      threshold: limits.diskPercent,
      periods: 3,
    },
    {
      name: 'warehouse-unhealthy',
      runbookLine: 'The cluster does not answer its health check. Look at its events in the console.',
      metric: signals.healthy,
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      periods: 3,
    },
  ];
}

function scalingAlarms(scaling: NonNullable<Signals['scaling']>, recordsIn: IMetric): AlarmDefinition[] {
  return [
    {
      name: 'scaling-blocked',
      runbookLine:
        'More shards are needed; the ceiling, AWS’s ten changes a day or a quota forbid them. The log says which.',
      metric: scaling.blocked,
      threshold: 1,
      periods: 1,
    },
    {
      name: 'scaling-stopped',
      runbookLine:
        'Events come in and nothing looks at the shard count: it stays as it is. Read the scaling function’s log.',
      metric: new MathExpression({
        label: 'Received but not looked at',
        expression: 'IF(FILL(received, 0) > 0 AND FILL(shards, 0) < 1, 1, 0)',
        usingMetrics: { received: recordsIn, shards: scaling.shards },
        period: Duration.minutes(5),
      }),
      threshold: 1,
      periods: 3,
    },
  ];
}

function percent(label: string, part: IMetric, whole: IMetric): MathExpression {
  return new MathExpression({
    label,
    expression: 'IF(whole > 0, 100 * part / whole, 0)',
    usingMetrics: { part, whole },
    period: Duration.minutes(5),
  });
}

/**
 * 1 for a window in which producers sent and no batch was loaded, whichever stage is the reason; an idle pipeline
 * raises nothing. A stage that stopped altogether reports no data at all, hence FILL.
 */
function receivedButNotLoaded(signals: Signals, window: Duration): MathExpression {
  return new MathExpression({
    label: 'Received but not loaded',
    expression: 'IF(FILL(received, 0) > 0 AND FILL(loaded, 0) < 1, 1, 0)',
    usingMetrics: { received: signals.recordsIn, loaded: signals.batchesLoaded },
    period: window,
  });
}
