/** Decides one event's fate: a row, or rejected with a reason. */
import { messageOf } from '../../lib/contract/words';
import { EVENT_COLUMNS, type EventRow } from '../../lib/event/columns';
import { type Rejection, shown } from '../../lib/event/rejections';
import { fitsBytes, shortHash } from '../../lib/event/text';
import { deriveColumns, deriveTimes } from './derive';
import type { EventDraft } from './draft';
import { readFields } from './fields';
import { isJsonObject, type JsonObject, parseExactly, storableJson } from './json';
import type { Line } from './openRecord';
import { writeJsonColumns } from './properties';

/** Where an event was found: its record, and its place in it. */
export interface EventOrigin {
  /** When Kinesis accepted the record, in epoch milliseconds. */
  readonly arrivedMillis: number;
  readonly shardId: string | undefined;
  /** Names the record within its shard. */
  readonly sequenceNumber: string;
  /** Counts the record's events from 0. */
  readonly index: number;
}

/** An event that became a row. */
export interface RowFate {
  readonly kind: 'row';
  /** The event as it came. */
  readonly line: string;
  readonly origin: EventOrigin;
  readonly row: EventRow;
  /** The row as JSON. */
  readonly text: string;
  /** Texts that were cut or hashed to fit their columns. */
  readonly truncatedValues: number;
}

/** An event, or a whole record, that was rejected. */
export interface RejectedFate {
  readonly kind: 'rejected';
  readonly rejection: Rejection;
  /** What came, as it came. */
  readonly original: Line;
  readonly origin: EventOrigin;
}

/** What became of an event. */
export type EventFate = RowFate | RejectedFate;

/** Bytes shown of what is not text. */
const SHOWN_BYTES = 16;

const SITE_ID_MAX_BYTES = EVENT_COLUMNS.find((column) => column.name === 'site_id')?.maxBytes ?? 0;

/** The fate of the event on a line. Never throws. */
export function eventFate(line: Line, origin: EventOrigin): EventFate {
  const result = typeof line === 'string' ? readLine(line, origin) : notUtf8(line);
  return 'reason' in result ? { kind: 'rejected', rejection: result, original: line, origin } : result;
}

function notUtf8(line: Buffer): Rejection {
  const start = line.toString('hex', 0, SHOWN_BYTES);
  return {
    reason: 'not_utf8',
    detail: `the line's ${line.length} bytes are not UTF-8 text; they start ${start}`,
  };
}

function readLine(line: string, origin: EventOrigin): RowFate | Rejection {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (error) {
    const why = messageOf(error);
    return { reason: 'not_json', detail: `the line ${shown(line)} is not JSON: ${why}` };
  }
  return isJsonObject(event)
    ? makeRow(event, line, origin)
    : { reason: 'not_an_object', detail: `the line is ${shown(event)}, it must be a JSON object` };
}

function makeRow(event: JsonObject, line: string, origin: EventOrigin): RowFate | Rejection {
  let draft = readEvent(event, line);
  if (draft.found.hasInexactNumbers) draft = readEvent(parseExactly(line), line);
  const { row } = draft;
  deriveTimes(draft, origin.arrivedMillis);
  const problem = requiredProblem(row, event) ?? writeJsonColumns(draft);
  if (problem !== undefined) return problem;
  deriveColumns(draft);
  row.event_id ??= derivedEventId(line, draft, origin);
  row.stream_shard_id = origin.shardId;
  row.stream_sequence_number = origin.sequenceNumber;
  return {
    kind: 'row',
    line,
    origin,
    // Complete now: what a sender must give was checked, the rest was derived or stamped.
    row: row as EventRow,
    text: JSON.stringify(row),
    truncatedValues: draft.truncatedValues,
  };
}

function readEvent(parsed: unknown, line: string): EventDraft {
  const event = storableJson(parsed, line);
  return readFields(isJsonObject(event) ? event : {});
}

/** What is wrong with the columns an event cannot do without. */
function requiredProblem(
  { event_name, site_id }: EventDraft['row'],
  event: JsonObject,
): Rejection | undefined {
  if (event_name === undefined || event_name.trim() === '') {
    const detail = `event_name is ${shown(event.event_name)}, it must be text that is not blank`;
    return { reason: 'missing_event_name', detail };
  }
  if (site_id === undefined || site_id.trim() === '') {
    const detail = `site_id is ${shown(event.site_id)}, it must be text that is not blank`;
    return { reason: 'missing_site_id', detail };
  }
  if (fitsBytes(site_id, SITE_ID_MAX_BYTES)) return undefined;
  const detail = `site_id ${shown(site_id)} has ${Buffer.byteLength(site_id)} bytes, it may have ${SITE_ID_MAX_BYTES}`;
  return { reason: 'site_id_too_long', detail };
}

/**
 * An id for an event that has none. With a time of the device the event's own text identifies it: sent again it gets
 * the same id. Without, equal texts may well be two events, and their places in the stream tell them apart.
 */
function derivedEventId(line: string, { times }: EventDraft, origin: EventOrigin): string {
  if (times.occurred_at !== undefined) return shortHash(line.trim());
  return shortHash(`${origin.shardId ?? ''}/${origin.sequenceNumber}/${origin.index}`);
}
