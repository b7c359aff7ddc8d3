import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { mockClient } from 'aws-sdk-client-mock';
import { type BatchLimits, type PutBackEvent, transformBatch } from '../../../lambda/transform/batch';
import { PutBackError, putBackEvents, putBackLine } from '../../../lambda/transform/putBack';
import type { EventRow } from '../../../lib/event/columns';
import { ARRIVED_MILLIS, firehoseRecord, packedRecord, rowsOf } from '../../support/firehoseRecords';

const kinesis = mockClient(KinesisClient);
const client = new KinesisClient({ region: 'us-east-1' });
const MAX_EXPANDED_BYTES = 1024 * 1024;

let millis = 0;
/** Time that passes only while somebody sleeps. */
const runtime = {
  nowMillis: () => millis,
  sleep: async (nap: number) => {
    millis += nap;
  },
  random: () => 0.5,
};

/** Data of all records the stream has taken. */
let taken: Buffer[] = [];

const putBack = (events: readonly PutBackEvent[]) =>
  putBackEvents(client, 'clicks', events, MAX_EXPANDED_BYTES, runtime);

beforeEach(() => {
  kinesis.reset();
  taken = [];
  kinesis.on(PutRecordsCommand).callsFake(({ Records = [] }) => {
    for (const { Data } of Records) taken.push(Buffer.from(Data));
    return { FailedRecordCount: 0, Records: Records.map(() => ({ ShardId: 's', SequenceNumber: '1' })) };
  });
});

const origin = { arrivedMillis: ARRIVED_MILLIS, shardId: 'shard-1', sequenceNumber: '42', index: 0 };
const putBackEvent = (line: string, eventId = 'id-1'): PutBackEvent => ({
  line,
  eventId,
  receivedAt: '2026-11-22 11:00:00.000',
  siteId: 'shop',
  rowBytes: 500,
  origin,
});

describe('putBackLine', () => {
  test('fills in id and time of receipt, in place of what the sender gave in any letter case', () => {
    const line =
      '{"Event_ID":"long","a":{"B":1},"RECEIVED_AT":5,"received_at":6,"__proto__":{"x":1},"big":12345678901234567890}';
    expect(putBackLine(putBackEvent(line))).toBe(
      '{"a":{"B":1},"__proto__":{"x":1},"big":"12345678901234567890","event_id":"id-1","received_at":"2026-11-22 11:00:00.000"}',
    );
  });
});

describe('putBackEvents', () => {
  test('asks nothing of the stream when there is nothing to put back', async () => {
    expect(await putBack([])).toEqual([]);
    expect(kinesis.calls()).toHaveLength(0);
  });

  test('puts packs on the stream that a record may expand to, and whose rows fit an answer', async () => {
    const events = Array.from({ length: 3_000 }, (_, index) =>
      putBackEvent('{"event_name":"x"}', `id-${index}`),
    );
    const large = events.map((event) => ({ ...event, rowBytes: 2_000 }));
    expect(await putBack(large)).toEqual([]);
    // 6,000,000 bytes of rows at 1 MiB a pack.
    expect(taken).toHaveLength(6);
    const lines = taken.flatMap((data) => gunzipSync(data).toString().trimEnd().split('\n'));
    expect(lines.map((line) => JSON.parse(line).event_id)).toEqual(events.map(({ eventId }) => eventId));
    expect(kinesis.commandCalls(PutRecordsCommand)[0]?.args[0].input.StreamName).toBe('clicks');
  });

  test('rejects an event that no record can hold, and puts back its neighbours', async () => {
    const incompressible = JSON.stringify({ event_name: 'x', text: randomBytes(900_000).toString('base64') });
    const events = [
      putBackEvent('{"a":1}', 'a'),
      putBackEvent(incompressible, 'b'),
      putBackEvent('{"c":1}', 'c'),
    ];
    const rejected = await putBack(events);
    expect(rejected).toMatchObject([
      { rejection: { reason: 'cannot_put_back' }, original: incompressible, origin },
    ]);
    const ids = taken.flatMap((data) =>
      gunzipSync(data)
        .toString()
        .match(/"event_id":"(.)"/g),
    );
    expect(ids).toEqual(['"event_id":"a"', '"event_id":"c"']);
  });

  test('fails when the stream does not take them, so that Firehose invokes again', async () => {
    const error = Object.assign(new Error('no such stream'), {
      name: 'ResourceNotFoundException',
      $fault: 'client',
    });
    kinesis.on(PutRecordsCommand).rejects(error);
    const sending = putBack([putBackEvent('{}')]);
    await expect(sending).rejects.toThrow('no such stream');
  });

  test('fails when the stream keeps refusing a pack, naming stream, count and reason', async () => {
    kinesis.on(PutRecordsCommand).callsFake(({ Records }) => ({
      Records: Records.map(() => ({ ErrorCode: 'InternalFailure', ErrorMessage: 'Try again.' })),
    }));
    const sending = putBack([putBackEvent('{}')]);
    await expect(sending).rejects.toThrow(PutBackError);
    await expect(sending).rejects.toThrow(
      /^1 of 1 packs could not be put back on the stream "clicks"; the first after \d+ attempts: InternalFailure: Try again\.$/,
    );
  });

  test('puts back both of two events that are the same', async () => {
    await putBack([putBackEvent('{"a":1}'), putBackEvent('{"a":1}')]);
    expect(taken.flatMap((data) => gunzipSync(data).toString().trimEnd().split('\n'))).toHaveLength(2);
  });
});

test('events go round until all are rows, with the ids and the times they had at first', async () => {
  const limits: BatchLimits = { maxExpandedBytes: MAX_EXPANDED_BYTES, maxAnswerBytes: 1_000_000 };
  // Short events without ids give long rows: one record alone passes the answer several times over.
  const events = Array.from({ length: 4_000 }, (_, index) => ({ event_name: 'x', site_id: 'y', n: index }));
  const first = [packedRecord(events.slice(0, 3_600), 1), packedRecord(events.slice(3_600), 2)];
  const expected = transformBatch(first, {
    ...limits,
    maxAnswerBytes: Number.POSITIVE_INFINITY,
  }).answers.flatMap(rowsOf);

  const rows: EventRow[] = [];
  let records = first;
  let rounds = 0;
  for (; records.length > 0; rounds++) {
    expect(rounds).toBeLessThan(10);
    taken = [];
    const outcome = transformBatch(records, limits);
    expect(JSON.stringify({ records: outcome.answers }).length).toBeLessThanOrEqual(limits.maxAnswerBytes);
    rows.push(...outcome.answers.flatMap(rowsOf));
    expect(await putBack(outcome.putBack)).toEqual([]);
    records = taken.map((data, index) => ({
      ...firehoseRecord(data, 1_000 * (rounds + 1) + index),
      approximateArrivalTimestamp: ARRIVED_MILLIS + 60_000,
    }));
  }
  expect(rounds).toBeGreaterThan(2);
  const essence = (all: EventRow[]) =>
    all.map((row) => `${row.event_id} ${row.received_at} ${row.event_time} ${row.properties}`).sort();
  expect(essence(rows)).toEqual(essence(expected));
});

test('a single record of the smallest events that expands to the limit ends', () => {
  const line = '{"event_name":"x","site_id":"y"}\n';
  const record = firehoseRecord(gzipSync(line.repeat(Math.floor(MAX_EXPANDED_BYTES / line.length))));
  const limits = { maxExpandedBytes: MAX_EXPANDED_BYTES, maxAnswerBytes: 6 * 1024 * 1024 };
  const outcome = transformBatch([record], limits);
  expect(outcome.answers.map(({ result }) => result)).toEqual(['Ok']);
  expect(outcome.putBack.length).toBeGreaterThan(0);
  expect(outcome.counts.rows + outcome.putBack.length).toBe(outcome.counts.eventsIn);
});
