import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { cloudWatchFeed } from '../../console/server/feed/cloudWatchFeed';
import { LOADER_METRICS, rejectedMetric, TRANSFORM_METRICS } from '../../lib/contract/names';
import { MINUTE_MILLIS } from '../../lib/contract/units';

/** Half a minute past a full one. */
const NOW = Date.parse('2026-11-22T12:00:30Z');
const watched = {
  environment: 'prod',
  streamName: 'events-stream',
  objectQueueUrl: 'https://sqs.us-east-1.amazonaws.com/111122223333/objects',
};

/** Values by metric, of the minutes that began so many minutes ago. */
type Series = Record<string, readonly (readonly [minutesAgo: number, value: number])[]>;

function cloudWatchWith(series: Series, pages = 1) {
  const cloudWatch = mockClient(CloudWatchClient);
  cloudWatch.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => {
    const page = Number(input.NextToken ?? 0);
    const results = (input.MetricDataQueries ?? []).map(({ Id, MetricStat }) => {
      const points = (series[MetricStat?.Metric?.MetricName ?? ''] ?? []).filter(
        (_, index) => index % pages === page,
      );
      return {
        Id,
        Timestamps: points.map(
          ([minutes]) => new Date(Math.floor(NOW / MINUTE_MILLIS) * MINUTE_MILLIS - minutes * MINUTE_MILLIS),
        ),
        Values: points.map(([, value]) => value),
      };
    });
    return { MetricDataResults: results, NextToken: page + 1 < pages ? String(page + 1) : undefined };
  });
  return cloudWatch;
}

const client = new CloudWatchClient({ region: 'us-east-1' });
afterAll(() => client.destroy());

describe('the numbers of a deployed pipeline', () => {
  it('are sums over three hours, and rates of the last minute that has settled', async () => {
    cloudWatchWith({
      IncomingRecords: [
        [90, 600],
        [2, 120],
        [1, 30],
      ],
      [TRANSFORM_METRICS.eventsIn]: [[2, 6_000]],
      [TRANSFORM_METRICS.eventsRejected]: [[30, 9]],
      [rejectedMetric('not_json')]: [[30, 9]],
      'GetRecords.IteratorAgeMilliseconds': [
        [3, 90_000],
        [1, 2_500],
      ],
      ApproximateNumberOfMessagesVisible: [[1, 4]],
      [LOADER_METRICS.batchesLoaded]: [
        [12, 1],
        [7, 1],
        [2, 0],
      ],
      [LOADER_METRICS.objectsQuarantined]: [[50, 2]],
    });
    const feed = cloudWatchFeed(client, watched, () => NOW);
    expect(await feed.snapshot()).toMatchObject({
      totalsCover: 'of the last 3 hours',
      stream: { records: { total: 750, perSecond: 2 }, secondsBehind: 2.5, recordsWaiting: undefined },
      transform: {
        events: { total: 6_000, perSecond: 100 },
        rejected: { total: 9, perSecond: 0 },
        rejectedByReason: { not_json: 9 },
      },
      loader: { batches: { total: 2 }, objectsWaiting: 4, quarantined: 2 },
      warehouse: { loadedAtMillis: Date.parse('2026-11-22T11:54:00Z') },
    });
    expect(feed.dataVersion()).toBe(String(Date.parse('2026-11-22T11:54:00Z')));
  });

  it('are asked for by the names of this environment, stream and queue', async () => {
    const cloudWatch = cloudWatchWith({});
    await cloudWatchFeed(client, watched, () => NOW).snapshot();
    const [call] = cloudWatch.commandCalls(GetMetricDataCommand);
    const dimensions = new Set(
      call?.args[0].input.MetricDataQueries?.flatMap(
        ({ MetricStat }) =>
          MetricStat?.Metric?.Dimensions?.map(({ Name, Value }) => `${Name}=${Value}`) ?? [],
      ),
    );
    expect(dimensions).toEqual(
      new Set(['environment=prod', 'StreamName=events-stream', 'QueueName=objects']),
    );
  });

  it('are read to the last page, and asked for at most once a minute', async () => {
    let now = NOW;
    const minutes = Array.from({ length: 10 }, (_, index) => [100 - index, 1] as const);
    const cloudWatch = cloudWatchWith({ IncomingRecords: minutes }, 3);
    const feed = cloudWatchFeed(client, watched, () => now);
    expect((await feed.snapshot()).stream.records.total).toBe(10);
    now += 59_000;
    await feed.snapshot();
    expect(cloudWatch.commandCalls(GetMetricDataCommand)).toHaveLength(3);
    now += 2_000;
    await feed.snapshot();
    expect(cloudWatch.commandCalls(GetMetricDataCommand)).toHaveLength(6);
  });

  it('are asked for again at once after CloudWatch refused', async () => {
    const cloudWatch = mockClient(CloudWatchClient);
    cloudWatch
      .on(GetMetricDataCommand)
      .rejectsOnce(new Error('no access'))
      .resolves({ MetricDataResults: [] });
    const feed = cloudWatchFeed(client, watched, () => NOW);
    await expect(feed.snapshot()).rejects.toThrow('no access');
    expect((await feed.snapshot()).stream.records).toEqual({ total: 0, perSecond: 0 });
  });
});
