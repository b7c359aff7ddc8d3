/** Builds the answer to Firehose and keeps its size in view: Lambda refuses a larger one whole. */
import type { FirehoseTransformationResultRecord } from 'aws-lambda';

/** Bytes of an answer without records. */
const ENVELOPE_BYTES = JSON.stringify({ records: [] }).length;
/** Bytes of a record in an answer, without id and data, with the comma after it. */
const RECORD_BYTES = JSON.stringify({ recordId: '', result: 'Ok', data: '' }).length + 1;

const LINE_FEED = 0x0a;

const base64Bytes = (bytes: number) => Math.ceil(bytes / 3) * 4;

/** The answer to one batch. */
export class Answer {
  readonly records: FirehoseTransformationResultRecord[] = [];
  /** Bytes of the answer as JSON, never less than it has: room for every record's envelope is kept from the start. */
  bytes: number;

  /**
   * @param recordIds ids of all records of the batch
   * @param maxBytes most bytes the answer may have
   */
  constructor(
    recordIds: readonly string[],
    private readonly maxBytes: number,
  ) {
    const ids = recordIds.reduce((bytes, id) => bytes + Buffer.byteLength(id), 0);
    this.bytes = ENVELOPE_BYTES + recordIds.length * RECORD_BYTES + ids;
  }

  /**
   * Answers a record with as many of its rows as there is room for, the first ones.
   * @param rows JSON texts
   * @returns how many rows were taken
   */
  add(recordId: string, rows: readonly string[]): number {
    let taken = rows.length;
    let data = encode(rows);
    if (this.bytes + base64Bytes(data.length) > this.maxBytes) {
      taken = this.countFitting(rows);
      data = encode(rows.slice(0, taken));
    }
    if (taken === 0) {
      this.records.push({ recordId, result: 'Dropped' });
    } else {
      this.bytes += base64Bytes(data.length);
      this.records.push({ recordId, result: 'Ok', data: data.toString('base64') });
    }
    return taken;
  }

  private countFitting(rows: readonly string[]): number {
    let bytes = 0;
    for (const [index, row] of rows.entries()) {
      bytes += Buffer.byteLength(row) + 1;
      if (this.bytes + base64Bytes(bytes) > this.maxBytes) return index;
    }
    return rows.length;
  }
}

/**
 * Lines, each with its line feed: Firehose puts records one after the other without a separator. Rows are written one
 * by one, because joining them first would have all copied and encoded as slowly as the one row that is not ASCII.
 */
function encode(rows: readonly string[]): Buffer {
  const data = Buffer.allocUnsafe(rows.reduce((bytes, row) => bytes + Buffer.byteLength(row) + 1, 0));
  let at = 0;
  for (const row of rows) {
    at += data.write(row, at);
    data[at++] = LINE_FEED;
  }
  return data;
}
