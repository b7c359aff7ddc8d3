/** Reads what CloudWatch measured of the stream, minute by minute. */

import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { HOUR_MILLIS, MINUTE_MILLIS } from '../../lib/contract/units';
import { LOOK_BACK_HOURS } from '../../lib/scaling/look';
import type { MinuteTraffic } from '../../lib/scaling/types';

/** Kinesis' metric behind each number; all are sums over a minute. */
const METRICS = {
  bytes: 'IncomingBytes',
  records: 'IncomingRecords',
  throttledRecords: 'WriteProvisionedThroughputExceeded',
} as const satisfies Record<keyof Omit<MinuteTraffic, 'startMillis'>, string>;

type Measure = keyof typeof METRICS;

/**
 * The last day's whole minutes, oldest first. A minute of which nothing was measured is left out: CloudWatch does not
 * tell one without traffic from one that it lost.
 * @throws Error when CloudWatch could not answer a query
 */
export async function readMinutes(
  client: CloudWatchClient,
  streamName: string,
  nowMillis: number,
): Promise<MinuteTraffic[]> {
  const endMillis = Math.floor(nowMillis / MINUTE_MILLIS) * MINUTE_MILLIS;
  const minutes = new Map<number, Record<Measure, number>>();
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(endMillis - LOOK_BACK_HOURS * HOUR_MILLIS),
        EndTime: new Date(endMillis),
        MetricDataQueries: Object.entries(METRICS).map(([id, metric]) => query(id, metric, streamName)),
        NextToken: nextToken,
      }),
    );
    for (const result of page.MetricDataResults ?? []) collect(minutes, result);
    nextToken = page.NextToken;
  } while (nextToken !== undefined);
  return [...minutes]
    .map(([startMillis, measures]) => ({ startMillis, ...measures }))
    .sort((a, b) => a.startMillis - b.startMillis);
}

function query(id: string, metricName: string, streamName: string): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Kinesis',
        MetricName: metricName,
        Dimensions: [{ Name: 'StreamName', Value: streamName }],
      },
      Period: MINUTE_MILLIS / 1_000,
      Stat: 'Sum',
    },
  };
}

function collect(minutes: Map<number, Record<Measure, number>>, result: MetricDataResult): void {
  const { Id, StatusCode, Timestamps = [], Values = [], Messages = [] } = result;
  if (!isMeasure(Id)) throw new Error(`CloudWatch answered the query "${Id}", which was not asked`);
  if (StatusCode === 'InternalError' || StatusCode === 'Forbidden') {
    const details = Messages.map(({ Value }) => Value).join('; ');
    throw new Error(`CloudWatch could not read ${METRICS[Id]}: ${StatusCode} ${details}`.trimEnd());
  }
  Timestamps.forEach((timestamp, index) => {
    const startMillis = timestamp.getTime();
    const minute = minutes.get(startMillis) ?? { bytes: 0, records: 0, throttledRecords: 0 };
    minute[Id] = Values[index] ?? 0;
    minutes.set(startMillis, minute);
  });
}

function isMeasure(id: string | undefined): id is Measure {
  return id !== undefined && Object.hasOwn(METRICS, id);
}
