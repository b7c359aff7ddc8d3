import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { FirehoseTransformationEventRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { createMetrics } from '../../../lambda/shared/observability';
import { createTransform } from '../../../lambda/transform/transform';
import {
  METRICS_DIMENSION,
  METRICS_NAMESPACE,
  rejectedMetric,
  TRANSFORM_METRICS,
} from '../../../lib/contract/names';
import { firehoseRecord, packedRecord, rowsOf } from '../../support/firehoseRecords';

const kinesis = mockClient(KinesisClient);
const firehose = mockClient(FirehoseClient);
const region = 'us-east-1';

/** What was written as embedded metrics. */
let emitted: Record<string, unknown>[] = [];
const warn = jest.fn();

beforeEach(() => {
  emitted = [];
  kinesis.reset();
  firehose.reset();
  kinesis.on(PutRecordsCommand).callsFake(({ Records }) => ({
    Records: Records.map(() => ({ ShardId: 's', SequenceNumber: '1' })),
  }));
  firehose.on(PutRecordBatchCommand).callsFake(({ Records }) => ({
    RequestResponses: Records.map(() => ({ RecordId: 'r' })),
  }));
});

function invoke(records: FirehoseTransformationEventRecord[], maxAnswerBytes?: number) {
  const metrics = createMetrics('test');
  jest.spyOn(metrics, 'publishStoredMetrics').mockImplementation(() => {
    emitted.push({ ...metrics.serializeMetrics() });
    metrics.clearMetrics();
    return metrics;
  });
  const transform = createTransform({
    kinesis: new KinesisClient({ region }),
    firehose: new FirehoseClient({ region }),
    metrics,
    streamName: 'clicks',
    rejectedDeliveryStreamName: 'clicks-rejected',
    countsDeliveryStreamName: 'clicks-counts',
    log: { warn },
    maxExpandedBytes: 1024 * 1024,
    maxAnswerBytes,
  });
  return transform({ invocationId: 'i', deliveryStreamArn: 'arn', region, records });
}

const event = (id: string) => ({ event_id: id, event_name: 'x', site_id: 'y', user_agent: 'curl/8.5.0' });

describe('the transform', () => {
  test('answers rows and delivers what it rejects', async () => {
    const { records } = await invoke([
      packedRecord([event('a'), { event_name: 'x' }], 1),
      firehoseRecord('oops', 2),
    ]);
    expect(records.map(({ result }) => result)).toEqual(['Ok', 'Dropped']);
    expect(records.flatMap(rowsOf).map((row) => row.event_id)).toEqual(['a']);
    const [call] = firehose.commandCalls(PutRecordBatchCommand);
    expect(call?.args[0].input.DeliveryStreamName).toBe('clicks-rejected');
    const lines = call?.args[0].input.Records?.flatMap(({ Data }) =>
      Buffer.from(Data ?? [])
        .toString()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    );
    expect(lines).toMatchObject([
      { reason: 'missing_site_id', original: '{"event_name":"x"}', encoding: 'utf8', record_index: 1 },
      { reason: 'not_json', original: 'oops' },
    ]);
    expect(kinesis.calls()).toHaveLength(0);
  });

  test('emits counts that add up, and one for each reason', async () => {
    const events = Array.from({ length: 30 }, (_, index) => event(`e-${index}`));
    await invoke([packedRecord([...events, {}, {}, 5], 1), firehoseRecord('', 2)], 5_000);
    const [metrics] = emitted;
    const value = (name: string) => Number(metrics?.[name]);
    expect(metrics).toMatchObject({
      [METRICS_DIMENSION]: 'test',
      [TRANSFORM_METRICS.recordsIn]: 2,
      [TRANSFORM_METRICS.eventsIn]: 34,
      [TRANSFORM_METRICS.eventsRejected]: 4,
      [rejectedMetric('missing_event_name')]: 2,
      [rejectedMetric('not_an_object')]: 1,
      [rejectedMetric('empty_record')]: 1,
    });
    expect(JSON.stringify(metrics)).toContain(`"Namespace":"${METRICS_NAMESPACE}"`);
    expect(value(TRANSFORM_METRICS.eventsPutBack)).toBeGreaterThan(0);
    expect(value(TRANSFORM_METRICS.rows) + value(TRANSFORM_METRICS.eventsPutBack)).toBe(30);
    expect(value(TRANSFORM_METRICS.bots)).toBe(value(TRANSFORM_METRICS.rows));
    expect(value(TRANSFORM_METRICS.answerBytes)).toBeLessThanOrEqual(5_000);
    expect(emitted).toHaveLength(1);
  });

  test('emits one set of metrics however much is rejected', async () => {
    await invoke([packedRecord(Array(500).fill({}))]);
    expect(emitted).toHaveLength(1);
    expect(emitted[0]).toMatchObject({ [rejectedMetric('missing_event_name')]: 500 });
  });

  test('fails, and counts nothing, when rejected events cannot be delivered', async () => {
    firehose.on(PutRecordBatchCommand).rejects(new Error('AccessDenied'));
    await expect(invoke([firehoseRecord('oops')])).rejects.toThrow('AccessDenied');
    expect(emitted).toEqual([]);
  });

  test('stays within Lambda’s payload by default', async () => {
    const title = 'x'.repeat(1_000);
    const events = Array.from({ length: 900 }, (_, index) => ({ ...event(`e-${index}`), page_title: title }));
    const { records } = await invoke(Array.from({ length: 6 }, (_, index) => packedRecord(events, index)));
    const bytes = JSON.stringify({ records }).length;
    expect(bytes).toBeLessThanOrEqual(6 * 1024 * 1024);
    expect(bytes).toBeGreaterThan(5.5 * 1024 * 1024);
    expect(kinesis.commandCalls(PutRecordsCommand).length).toBeGreaterThan(0);
  });
});
