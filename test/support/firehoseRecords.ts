/** Records as Data Firehose gives them to the transform, and the rows of its answers. */
import { gzipSync } from 'node:zlib';
import type { FirehoseTransformationEventRecord, FirehoseTransformationResultRecord } from 'aws-lambda';
import { EVENT_COLUMNS, type EventColumn, type EventRow } from '../../lib/event/columns';

/** When the records of tests arrive: 2026-11-22 12:00:00 UTC. */
export const ARRIVED_MILLIS = Date.UTC(2026, 10, 22, 12);

/** A record with the bytes given; text is taken as UTF-8. */
export function firehoseRecord(data: string | Uint8Array, number = 0): FirehoseTransformationEventRecord {
  const sequenceNumber = `4966${String(number).padStart(8, '0')}`;
  return {
    recordId: `${sequenceNumber}000000`,
    approximateArrivalTimestamp: ARRIVED_MILLIS,
    data: Buffer.from(data).toString('base64'),
    kinesisRecordMetadata: {
      shardId: 'shardId-000000000003',
      partitionKey: 'key',
      approximateArrivalTimestamp: ARRIVED_MILLIS,
      sequenceNumber,
      subsequenceNumber: '',
    },
  };
}

/** A record with events as a gzipped pack. */
export function packedRecord(events: readonly unknown[], number = 0): FirehoseTransformationEventRecord {
  return firehoseRecord(gzipSync(events.map((event) => `${JSON.stringify(event)}\n`).join('')), number);
}

/** The rows of one answer. */
export function rowsOf({ data = '' }: FirehoseTransformationResultRecord): EventRow[] {
  const text = Buffer.from(data, 'base64').toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

const TIMESTAMP = /^(19[789]\d|20\d\d|2100)-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;

/** Whether a column's type takes the value, as Firehose's SerDe, Parquet and Redshift do. */
function takes({ maxBytes = 0, type }: EventColumn, value: unknown): boolean {
  switch (type) {
    case 'string':
    case 'json':
      return (
        typeof value === 'string' &&
        Buffer.byteLength(value) <= maxBytes &&
        value.isWellFormed() &&
        !value.includes('\0') &&
        (type === 'string' || typeof JSON.parse(value) === 'object')
      );
    case 'timestamp':
      return typeof value === 'string' && TIMESTAMP.test(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'int':
      return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31;
    case 'bigint':
      return Number.isSafeInteger(value);
    case 'double':
      return Number.isFinite(value);
  }
}

/** What in a row would fail the conversion or the load; empty when nothing would. */
export function rowProblems(row: Record<string, unknown>): string[] {
  const columns: readonly EventColumn[] = EVENT_COLUMNS;
  const names = new Set(columns.map(({ name }) => name));
  const unknown = Object.keys(row).filter((key) => !names.has(key));
  const unfit = columns.filter((column) => {
    const value = row[column.name];
    return value === undefined ? !column.nullable : !takes(column, value);
  });
  return [
    ...unknown.map((key) => `${key} is no column`),
    ...unfit.map(({ name }) => `${name}: ${JSON.stringify(row[name])}`),
  ];
}
