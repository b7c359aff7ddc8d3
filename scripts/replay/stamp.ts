/**
 * Makes of an original what goes back on the stream: events that carry the id and the time of receipt they would have
 * had the first time, so that however often they are replayed they are the same events. Pure.
 */
import { openRecord } from '../../lambda/transform/openRecord';
import { putBackLine } from '../../lambda/transform/putBack';
import { type EventOrigin, eventFate } from '../../lambda/transform/row';
import { EVENT_COLUMNS, type EventRow, INPUT_ONLY_FIELDS } from '../../lib/event/columns';
import type { Original } from './originals';

/** What becomes of one event, or of a record that cannot be opened. */
export type Replayed =
  | { readonly kind: 'event'; readonly line: string }
  /** The transform would reject it: `bytes` as they came. */
  | { readonly kind: 'still_rejected'; readonly reason: string; readonly bytes: Buffer };

/** Only the transform fills these, and always. */
const TRANSFORM_COLUMNS = EVENT_COLUMNS.filter(
  ({ origin, nullable }) => (origin === 'derived' || origin === 'stamped') && !nullable,
).map(({ name }) => name);

const SENT_COLUMNS = EVENT_COLUMNS.filter(
  ({ origin }) => origin === 'sent' || origin === 'sent_or_derived',
).map(({ name }) => name);

/**
 * The events of an original.
 * @param maxExpandedBytes as the transform has it
 */
export function replayedEvents(original: Original, maxExpandedBytes: number): Replayed[] {
  const { bytes, kind, origin } = original;
  if (kind === 'event') return [replayedLine(bytes.toString('utf8'), origin)];
  const opened = openRecord(bytes, maxExpandedBytes);
  if (opened.kind === 'rejected') {
    return [{ kind: 'still_rejected', reason: opened.rejection.reason, bytes }];
  }
  return opened.lines.map((line, at) => replayedLine(line, { ...origin, index: origin.index + at }));
}

function replayedLine(line: string | Buffer, origin: EventOrigin): Replayed {
  const event = typeof line === 'string' ? (eventOfRow(line) ?? line) : line;
  const fate = eventFate(event, origin);
  if (fate.kind === 'rejected') {
    return { kind: 'still_rejected', reason: fate.rejection.reason, bytes: Buffer.from(line) };
  }
  const { event_id: eventId, received_at: receivedAt } = fate.row;
  return { kind: 'event', line: putBackLine({ line: fate.line, eventId, receivedAt }) };
}

/**
 * The event a row of the transform came from, as far as the row tells; undefined when the line is no such row. AWS does
 * not say whether a record that could not be converted is kept as it came or as the transform answered it: both are
 * taken. What the transform derives is left out, to be derived anew.
 */
export function eventOfRow(line: string): string | undefined {
  // No event has these by chance, and looking for them is cheaper than parsing.
  if (!TRANSFORM_COLUMNS.every((name) => line.includes(`"${name}"`))) return undefined;
  let row: Partial<EventRow>;
  try {
    row = JSON.parse(line);
  } catch {
    // The transform rejects it, with its reason.
    return undefined;
  }
  if (!TRANSFORM_COLUMNS.every((name) => row[name] !== undefined)) return undefined;
  const event: Record<string, unknown> = {};
  for (const name of SENT_COLUMNS) if (row[name] !== undefined) event[name] = row[name];
  const [ip] = INPUT_ONLY_FIELDS;
  // Truncating a network again leaves it as it is.
  if (row.ip_truncated !== undefined) event[ip] = row.ip_truncated;
  return JSON.stringify(event);
}
