/** Transforms a batch of records: every event becomes a row, is rejected, or goes back on the stream. */
import type { FirehoseTransformationEventRecord, FirehoseTransformationResultRecord } from 'aws-lambda';
import { parseTimestamp } from '../../lib/event/timestamps';
import { Answer } from './answer';
import { HourlyCounts } from './hourlyCounts';
import { openRecord } from './openRecord';
import { type EventOrigin, eventFate, type RejectedFate, type RowFate } from './row';

/** An event that did not fit the answer. */
export interface PutBackEvent {
  /** The event as it came. */
  readonly line: string;
  readonly eventId: string;
  /** In the form of a timestamp column. */
  readonly receivedAt: string;
  readonly siteId: string;
  /** Bytes of its row. */
  readonly rowBytes: number;
  readonly origin: EventOrigin;
}

/** Counts of a batch. Always eventsIn = rows + eventsRejected + eventsPutBack. */
export interface BatchCounts {
  recordsIn: number;
  /** Events in records that could be opened, plus one for each record that could not. */
  eventsIn: number;
  rows: number;
  bots: number;
  clockSuspect: number;
  truncatedValues: number;
}

export interface BatchOutcome {
  /** One answer per record, in order. */
  readonly answers: FirehoseTransformationResultRecord[];
  readonly rejected: RejectedFate[];
  readonly putBack: PutBackEvent[];
  readonly counts: BatchCounts;
  /** Bytes of the answer as JSON. */
  readonly answerBytes: number;
  /** Rows by arrival hour and site. */
  readonly rowsBySite: HourlyCounts;
}

export interface BatchLimits {
  /** A record that expands to more bytes is rejected. */
  readonly maxExpandedBytes: number;
  /** Most bytes the answer may have as JSON. */
  readonly maxAnswerBytes: number;
}

/**
 * Transforms a batch. Never throws for what a record holds.
 * @throws TypeError when a record has no time of arrival
 */
export function transformBatch(
  records: readonly FirehoseTransformationEventRecord[],
  limits: BatchLimits,
): BatchOutcome {
  const batch = new Batch(records, limits);
  for (const record of records) batch.add(record);
  return batch.outcome();
}

class Batch {
  private readonly answer: Answer;
  private readonly rejected: RejectedFate[] = [];
  private readonly putBack: PutBackEvent[] = [];
  private readonly counts: BatchCounts;
  private readonly rowsBySite = new HourlyCounts();

  constructor(
    records: readonly FirehoseTransformationEventRecord[],
    private readonly limits: BatchLimits,
  ) {
    this.answer = new Answer(
      records.map((record) => record.recordId),
      limits.maxAnswerBytes,
    );
    this.counts = {
      recordsIn: records.length,
      eventsIn: 0,
      rows: 0,
      bots: 0,
      clockSuspect: 0,
      truncatedValues: 0,
    };
  }

  add(record: FirehoseTransformationEventRecord): void {
    const rows = this.readRows(record);
    const taken = this.answer.add(
      record.recordId,
      rows.map(({ text }) => text),
    );
    for (const row of rows.slice(0, taken)) this.count(row);
    for (const { line, origin, row, text } of rows.slice(taken)) {
      const { event_id: eventId, received_at: receivedAt, site_id: siteId } = row;
      this.putBack.push({ line, eventId, receivedAt, siteId, rowBytes: Buffer.byteLength(text), origin });
    }
  }

  outcome(): BatchOutcome {
    const { answer, counts, putBack, rejected, rowsBySite } = this;
    return { answers: answer.records, rejected, putBack, counts, answerBytes: answer.bytes, rowsBySite };
  }

  /** The record's rows; what is rejected is noted. */
  private readRows(record: FirehoseTransformationEventRecord): RowFate[] {
    const data = Buffer.from(record.data, 'base64');
    const source = recordOrigin(record);
    const opened = openRecord(data, this.limits.maxExpandedBytes);
    if (opened.kind === 'rejected') {
      this.counts.eventsIn++;
      this.rejected.push({ ...opened, original: data, origin: { ...source, index: 0 } });
      return [];
    }
    this.counts.eventsIn += opened.lines.length;
    const rows: RowFate[] = [];
    const { arrivedMillis, sequenceNumber, shardId } = source;
    let index = 0;
    for (const line of opened.lines) {
      const fate = eventFate(line, { arrivedMillis, shardId, sequenceNumber, index: index++ });
      if (fate.kind === 'row') rows.push(fate);
      else this.rejected.push(fate);
    }
    return rows;
  }

  private count({ row, truncatedValues, origin }: RowFate): void {
    this.counts.rows++;
    this.rowsBySite.add(origin.arrivedMillis, row.site_id);
    if (row.is_bot) this.counts.bots++;
    if (row.is_clock_suspect) this.counts.clockSuspect++;
    this.counts.truncatedValues += truncatedValues;
  }
}

/**
 * Where a record comes from.
 * @throws TypeError when Firehose does not say when it arrived: the batch cannot be trusted then
 */
export function recordOrigin(record: FirehoseTransformationEventRecord): Omit<EventOrigin, 'index'> {
  const metadata = record.kinesisRecordMetadata;
  const arrivedMillis =
    parseTimestamp(metadata?.approximateArrivalTimestamp) ??
    parseTimestamp(record.approximateArrivalTimestamp);
  if (arrivedMillis === undefined) {
    throw new TypeError(
      `Record ${record.recordId}: approximateArrivalTimestamp is ${record.approximateArrivalTimestamp}, it must be epoch milliseconds`,
    );
  }
  return {
    arrivedMillis,
    shardId: metadata?.shardId,
    sequenceNumber: metadata?.sequenceNumber ?? record.recordId,
  };
}
