import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type BatchLimits, type BatchOutcome, transformBatch } from '../../../lambda/transform/batch';
import { firehoseRecord, packedRecord, rowProblems, rowsOf } from '../../support/firehoseRecords';

const LIMITS: BatchLimits = { maxExpandedBytes: 1024 * 1024, maxAnswerBytes: 6_000_000 };
const event = (id: string, more: object = {}) => ({
  event_id: id,
  event_name: 'page_view',
  site_id: 'shop',
  ...more,
});
const rowIds = ({ answers }: BatchOutcome) => answers.flatMap(rowsOf).map((row) => row.event_id);

describe('a batch', () => {
  test('is answered record by record', () => {
    const records = [
      packedRecord([event('a'), event('b')], 1),
      firehoseRecord(JSON.stringify(event('c')), 2),
      firehoseRecord('', 3),
      firehoseRecord(gzipSync('oops\n'), 4),
    ];
    const outcome = transformBatch(records, LIMITS);
    expect(outcome.answers.map(({ recordId, result }) => [recordId, result])).toEqual([
      [records[0]?.recordId, 'Ok'],
      [records[1]?.recordId, 'Ok'],
      [records[2]?.recordId, 'Dropped'],
      [records[3]?.recordId, 'Dropped'],
    ]);
    expect(rowIds(outcome)).toEqual(['a', 'b', 'c']);
    expect(outcome.counts).toMatchObject({ recordsIn: 4, eventsIn: 5, rows: 3 });
    expect(outcome.rejected.map(({ rejection }) => rejection.reason)).toEqual(['empty_record', 'not_json']);
  });

  test('rejects a bad line alone, and says where it was', () => {
    const text = [JSON.stringify(event('a')), 'oops', '', '[]', JSON.stringify(event('b'))].join('\n');
    const outcome = transformBatch([firehoseRecord(gzipSync(text), 9)], LIMITS);
    expect(rowIds(outcome)).toEqual(['a', 'b']);
    expect(outcome.rejected).toMatchObject([
      {
        original: 'oops',
        origin: { index: 1, shardId: 'shardId-000000000003', sequenceNumber: '496600000009' },
      },
      { original: '[]', origin: { index: 2 } },
    ]);
  });

  test('keeps the bytes of a record that cannot be opened', () => {
    const data = gzipSync(JSON.stringify(event('a'))).subarray(0, 30);
    const { rejected } = transformBatch([firehoseRecord(data)], LIMITS);
    expect(rejected).toMatchObject([{ original: data, rejection: { reason: 'bad_gzip' } }]);
  });

  test('counts bots, suspect clocks and shortened texts of the rows', () => {
    const events = [
      event('a', { user_agent: 'curl/8.5.0' }),
      event('b', { occurred_at: '1980-01-01T00:00:00Z' }),
      event('c', { page_title: 'x'.repeat(2_000), visitor_id: 'y'.repeat(200) }),
    ];
    const { counts } = transformBatch([packedRecord(events)], LIMITS);
    expect(counts).toEqual({
      recordsIn: 1,
      eventsIn: 3,
      rows: 3,
      bots: 1,
      clockSuspect: 1,
      truncatedValues: 2,
    });
  });

  test('works without the metadata of a Kinesis record', () => {
    const { kinesisRecordMetadata, ...record } = firehoseRecord('{"event_name":"x","site_id":"y"}');
    expect(kinesisRecordMetadata).toBeDefined();
    const [row] = transformBatch([record], LIMITS).answers.flatMap(rowsOf);
    expect(row).toMatchObject({
      arrived_at: '2026-11-22 12:00:00.000',
      stream_sequence_number: record.recordId,
    });
  });

  test('is refused when Firehose does not say when a record arrived', () => {
    const { kinesisRecordMetadata, ...record } = firehoseRecord('{}');
    expect(kinesisRecordMetadata).toBeDefined();
    const broken = { ...record, approximateArrivalTimestamp: Number.NaN };
    expect(() => transformBatch([broken], LIMITS)).toThrow(/approximateArrivalTimestamp is NaN, it must be/);
  });

  test('of no records is answered with none', () => {
    expect(transformBatch([], LIMITS)).toMatchObject({ answers: [], rejected: [], putBack: [] });
  });

  test('puts back what does not fit, with what the event needs to stay the same', () => {
    const events = Array.from({ length: 20 }, (_, index) =>
      event(`e-${index}`, { page_title: 'x'.repeat(500) }),
    );
    const outcome = transformBatch(
      [packedRecord(events.slice(0, 12), 1), packedRecord(events.slice(12), 2)],
      {
        ...LIMITS,
        maxAnswerBytes: 10_000,
      },
    );
    expect(outcome.answers.map(({ result }) => result)).toEqual(['Ok', 'Dropped']);
    const ids = [...rowIds(outcome), ...outcome.putBack.map(({ eventId }) => eventId)];
    expect(ids).toEqual(events.map(({ event_id }) => event_id));
    expect(outcome.putBack.at(-1)).toMatchObject({ receivedAt: '2026-11-22 12:00:00.000' });
    expect(outcome.counts.rows + outcome.putBack.length).toBe(20);
  });
});

describe('whatever comes in', () => {
  const good = fc.record({
    event_name: fc.constant('x'),
    site_id: fc.string(),
    page_title: fc.string({ maxLength: 300 }),
  });
  const line = fc.oneof(
    { weight: 3, arbitrary: good.map((value) => JSON.stringify(value)) },
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '   ', '{}', '{"event_name":"x"}', '{"event_name":"x","site_id":"y"'),
  );
  const text = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n'));
  const bytes = fc.oneof(
    text.map((content) => Buffer.from(content)),
    text.map((content) => gzipSync(content)),
    fc.tuple(text, fc.nat(60)).map(([content, cut]) => gzipSync(content).subarray(0, cut)),
    fc.uint8Array({ maxLength: 60 }).map((garbage) => Buffer.from(garbage)),
    fc
      .tuple(text, fc.uint8Array({ maxLength: 9 }))
      .map(([content, garbage]) => Buffer.concat([Buffer.from(content), garbage])),
  );

  test('every event is a row, rejected or put back; every record is answered once; every row fits', () => {
    fc.assert(
      fc.property(
        fc.array(bytes, { maxLength: 8 }),
        fc.integer({ min: 1_000, max: 6_000 }),
        (all, maxAnswerBytes) => {
          const records = all.map((data, index) => firehoseRecord(data, index));
          const outcome = transformBatch(records, { maxExpandedBytes: 1_500, maxAnswerBytes });
          const rows = outcome.answers.flatMap(rowsOf);
          expect(outcome.answers.map(({ recordId }) => recordId)).toEqual(
            records.map(({ recordId }) => recordId),
          );
          expect(rows).toHaveLength(outcome.counts.rows);
          expect(rows.flatMap((row) => rowProblems(row))).toEqual([]);
          expect(outcome.counts.eventsIn).toBe(
            rows.length + outcome.rejected.length + outcome.putBack.length,
          );
          expect(JSON.stringify({ records: outcome.answers }).length).toBeLessThanOrEqual(maxAnswerBytes);
          for (const { data, result } of outcome.answers)
            expect(result).toBe(data === undefined ? 'Dropped' : 'Ok');
        },
      ),
      { numRuns: 300 },
    );
  });
});
