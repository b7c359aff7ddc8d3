import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { readMinutes } from '../../../lambda/scaling/measurements';
import { MINUTE_MILLIS } from '../../../lib/contract/units';
import { NOW } from '../../support/scaling';

const cloudWatch = mockClient(CloudWatchClient);

beforeEach(() => cloudWatch.reset());

function read(nowMillis = NOW + 31_000) {
  return readMinutes(new CloudWatchClient({ region: 'us-east-1' }), 'events', nowMillis);
}

const time = (minutesAgo: number) => new Date(NOW - minutesAgo * MINUTE_MILLIS);

describe('the measurements', () => {
  test('are asked for by the whole minute, 25 hours back, of this stream alone', async () => {
    cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [] });
    expect(await read()).toEqual([]);
    const input: GetMetricDataCommandInput | undefined =
      cloudWatch.commandCalls(GetMetricDataCommand)[0]?.args[0].input;
    expect(input?.EndTime).toEqual(new Date(NOW));
    expect(input?.StartTime).toEqual(time(25 * 60));
    const queries = input?.MetricDataQueries ?? [];
    expect(queries.map(({ MetricStat }) => MetricStat?.Metric?.MetricName)).toEqual([
      'IncomingBytes',
      'IncomingRecords',
      'WriteProvisionedThroughputExceeded',
    ]);
    for (const { Id, MetricStat } of queries) {
      // CloudWatch takes only ids that begin with a lower-case letter.
      expect(Id).toMatch(/^[a-z][A-Za-z0-9_]*$/);
      expect(MetricStat).toMatchObject({
        Metric: { Namespace: 'AWS/Kinesis', Dimensions: [{ Name: 'StreamName', Value: 'events' }] },
        Period: 60,
        Stat: 'Sum',
      });
    }
  });

  test('come in time order whatever order and page CloudWatch answers in; what is not measured is 0', async () => {
    cloudWatch
      .on(GetMetricDataCommand)
      .resolvesOnce({
        MetricDataResults: [
          { Id: 'bytes', StatusCode: 'PartialData', Timestamps: [time(1), time(3)], Values: [100, 300] },
          { Id: 'throttledRecords', StatusCode: 'Complete', Timestamps: [time(1)], Values: [7] },
        ],
        NextToken: 'more',
      })
      .resolvesOnce({
        MetricDataResults: [
          { Id: 'bytes', StatusCode: 'Complete', Timestamps: [time(5)], Values: [500] },
          { Id: 'records', StatusCode: 'Complete', Timestamps: [time(3), time(1)], Values: [3, 1] },
        ],
      });
    expect(await read()).toEqual([
      { startMillis: time(5).getTime(), bytes: 500, records: 0, throttledRecords: 0 },
      { startMillis: time(3).getTime(), bytes: 300, records: 3, throttledRecords: 0 },
      { startMillis: time(1).getTime(), bytes: 100, records: 1, throttledRecords: 7 },
    ]);
    expect(cloudWatch.commandCalls(GetMetricDataCommand)[1]?.args[0].input.NextToken).toBe('more');
  });

  test.each(['InternalError', 'Forbidden'] as const)(
    'that CloudWatch cannot give (%s) are an error, not silence',
    async (StatusCode) => {
      cloudWatch.on(GetMetricDataCommand).resolves({
        MetricDataResults: [{ Id: 'bytes', StatusCode, Messages: [{ Code: 'x', Value: 'try later' }] }],
      });
      await expect(read()).rejects.toThrow(
        `CloudWatch could not read IncomingBytes: ${StatusCode} try later`,
      );
    },
  );

  test('that were not asked for are an error', async () => {
    cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Id: 'other' }] });
    await expect(read()).rejects.toThrow('CloudWatch answered the query "other", which was not asked');
  });
});
