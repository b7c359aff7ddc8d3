/** Reads events to rows in tests, as Firehose would read the answer. */
import { type EventFate, type EventOrigin, eventFate } from '../../lambda/transform/row';
import type { EventRow } from '../../lib/event/columns';
import { ARRIVED_MILLIS, rowProblems } from './firehoseRecords';

/** What every event needs. */
export const REQUIRED = { event_name: 'page_view', site_id: 'shop' };

/** Where the events of tests are found. */
export const ORIGIN: EventOrigin = {
  arrivedMillis: ARRIVED_MILLIS,
  shardId: 'shard-1',
  sequenceNumber: '42',
  index: 7,
};

/** The fate of a line, or of an event as one. */
export function fateOf(event: unknown, origin = ORIGIN): EventFate {
  return eventFate(typeof event === 'string' ? event : JSON.stringify(event), origin);
}

/**
 * The row of a line, or of an event (the required fields may be left out).
 * @throws Error when it is rejected, or when its row would fail the conversion or the load
 */
export function rowOf(event: Record<string, unknown> | string, origin = ORIGIN): EventRow {
  const fate = fateOf(typeof event === 'string' ? event : { ...REQUIRED, ...event }, origin);
  if (fate.kind === 'rejected')
    throw new Error(`Rejected: ${fate.rejection.reason}: ${fate.rejection.detail}`);
  const row: EventRow = JSON.parse(fate.text);
  const problems = rowProblems({ ...row });
  if (problems.length > 0) throw new Error(`The row would not load: ${problems.join('; ')}`);
  return row;
}

/** The properties of a row, parsed. */
export function propertiesOf(row: EventRow): Record<string, unknown> {
  return JSON.parse(row.properties ?? '{}');
}
