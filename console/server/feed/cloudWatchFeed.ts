/** The numbers of a deployed pipeline, from CloudWatch. */

import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import {
  LOADER_METRICS,
  METRICS_DIMENSION,
  METRICS_NAMESPACE,
  rejectedMetric,
  TRANSFORM_METRICS,
} from '../../../lib/contract/names';
import { HOUR_MILLIS } from '../../../lib/contract/units';
import { REJECTION_REASONS } from '../../../lib/event/rejections';
import type { Flow, PipelineSnapshot } from '../../wire';
import type { PipelineFeed } from './pulse';

/** What is asked about. */
export interface WatchedPipeline {
  readonly environment: string;
  readonly streamName: string;
  readonly objectQueueUrl: string;
}

const PERIOD_SECONDS = 60;
const HOURS = 3;
/** CloudWatch bills by metric asked for, and its numbers come by the minute. */
const ASK_AGAIN_MILLIS = 60_000;
/** The last full minute may not have all its numbers yet: rates are those of the minute before. */
const SETTLED_MILLIS = 2 * PERIOD_SECONDS * 1_000;

const REASONS = Object.keys(REJECTION_REASONS);

interface Series {
  readonly values: readonly { readonly atMillis: number; readonly value: number }[];
}

/** Asks CloudWatch at most once a minute, and only while a page is open. */
export function cloudWatchFeed(
  client: Pick<CloudWatchClient, 'send'>,
  pipeline: WatchedPipeline,
  nowMillis: () => number = Date.now,
): PipelineFeed {
  let asked: { readonly atMillis: number; readonly snapshot: Promise<PipelineSnapshot> } | undefined;
  let version = '';
  return {
    source: `CloudWatch, by the minute`,
    eventsAfter: () => [],
    dataVersion: () => version,
    async snapshot() {
      const now = nowMillis();
      if (asked === undefined || now - asked.atMillis >= ASK_AGAIN_MILLIS) {
        asked = { atMillis: now, snapshot: askCloudWatch(client, pipeline, now) };
      }
      try {
        const snapshot = await asked.snapshot;
        version = String(snapshot.warehouse.loadedAtMillis ?? '');
        return snapshot;
      } catch (error) {
        asked = undefined;
        throw error;
      }
    },
  };
}

async function askCloudWatch(
  client: Pick<CloudWatchClient, 'send'>,
  pipeline: WatchedPipeline,
  now: number,
): Promise<PipelineSnapshot> {
  const metrics = watchedMetrics(pipeline);
  const names = Object.keys(metrics);
  const found = new Map<string, { atMillis: number; value: number }[]>();
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(now - HOURS * HOUR_MILLIS),
        EndTime: new Date(now),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: Object.values(metrics),
        NextToken,
      }),
    );
    for (const { Id = '', Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
      const series = found.get(Id) ?? [];
      series.push(
        ...Timestamps.map((time, index) => ({ atMillis: time.getTime(), value: Values[index] ?? 0 })),
      );
      found.set(Id, series);
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return snapshotOf((name) => ({ values: found.get(`m${names.indexOf(name)}`) ?? [] }), now);
}

type Statistic = 'Sum' | 'Maximum';

/** The queries by name. */
function watchedMetrics({ environment, streamName, objectQueueUrl }: WatchedPipeline) {
  const own = { [METRICS_DIMENSION]: environment };
  const stream = { StreamName: streamName };
  const queue = { QueueName: objectQueueUrl.split('/').at(-1) ?? '' };
  const wanted: [
    namespace: string,
    metric: string,
    statistic: Statistic,
    dimensions: Record<string, string>,
  ][] = [
    ['AWS/Kinesis', 'IncomingRecords', 'Sum', stream],
    ['AWS/Kinesis', 'IncomingBytes', 'Sum', stream],
    ['AWS/Kinesis', 'GetRecords.IteratorAgeMilliseconds', 'Maximum', stream],
    ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum', queue],
    ...[
      TRANSFORM_METRICS.eventsIn,
      TRANSFORM_METRICS.rows,
      TRANSFORM_METRICS.eventsRejected,
      TRANSFORM_METRICS.eventsPutBack,
      TRANSFORM_METRICS.bots,
      ...REASONS.map(rejectedMetric),
      LOADER_METRICS.batchesLoaded,
      LOADER_METRICS.objectsLoaded,
      LOADER_METRICS.objectsQuarantined,
      LOADER_METRICS.rowsNew,
      LOADER_METRICS.rowsDuplicate,
    ].map((metric): [string, string, Statistic, Record<string, string>] => [
      METRICS_NAMESPACE,
      metric,
      'Sum',
      own,
    ]),
  ];
  return Object.fromEntries(
    wanted.map(([Namespace, MetricName, Stat, dimensions], index): [string, MetricDataQuery] => [
      MetricName,
      {
        Id: `m${index}`,
        MetricStat: {
          Metric: {
            Namespace,
            MetricName,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          },
          Period: PERIOD_SECONDS,
          Stat,
        },
      },
    ]),
  );
}

function snapshotOf(series: (name: string) => Series, now: number): PipelineSnapshot {
  const total = (name: string) => series(name).values.reduce((sum, { value }) => sum + value, 0);
  const latest = (name: string) => series(name).values.at(-1)?.value;
  const flow = (name: string): Flow => {
    const settled = series(name).values.findLast(({ atMillis }) => atMillis <= now - SETTLED_MILLIS);
    const isRecent =
      settled !== undefined && settled.atMillis > now - SETTLED_MILLIS - PERIOD_SECONDS * 1_000;
    return { total: total(name), perSecond: isRecent ? settled.value / PERIOD_SECONDS : 0 };
  };
  const millisBehind = latest('GetRecords.IteratorAgeMilliseconds');
  const lastLoad = series(LOADER_METRICS.batchesLoaded).values.findLast(({ value }) => value > 0);
  return {
    atMillis: now,
    totalsCover: `of the last ${HOURS} hours`,
    stream: {
      records: flow('IncomingRecords'),
      bytes: flow('IncomingBytes'),
      recordsWaiting: undefined,
      secondsBehind: millisBehind === undefined ? undefined : millisBehind / 1_000,
    },
    transform: {
      events: flow(TRANSFORM_METRICS.eventsIn),
      rejected: flow(TRANSFORM_METRICS.eventsRejected),
      rejectedByReason: Object.fromEntries(
        REASONS.map((reason) => [reason, total(rejectedMetric(reason))] as const).filter(
          ([, times]) => times > 0,
        ),
      ),
      putBack: total(TRANSFORM_METRICS.eventsPutBack),
      bots: total(TRANSFORM_METRICS.bots),
    },
    lake: {
      rows: flow(TRANSFORM_METRICS.rows),
      objects: total(LOADER_METRICS.objectsLoaded),
      failed: undefined,
    },
    loader: {
      batches: flow(LOADER_METRICS.batchesLoaded),
      objectsWaiting: latest('ApproximateNumberOfMessagesVisible') ?? 0,
      quarantined: total(LOADER_METRICS.objectsQuarantined),
    },
    warehouse: {
      rowsNew: flow(LOADER_METRICS.rowsNew),
      duplicates: total(LOADER_METRICS.rowsDuplicate),
      loadedAtMillis: lastLoad && lastLoad.atMillis + PERIOD_SECONDS * 1_000,
    },
  };
}
