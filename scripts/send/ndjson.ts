/** Completes NDJSON events so that importing them again changes nothing. */
import { parseTimestamp } from '../../lib/event/timestamps';
import { lineEventId } from './identity';
import type { Line } from './lines';

/**
 * Passes a line on as it is, but for two fields that must be the same whenever the line is imported:
 * - `event_id`, when missing, is made from the source's name, the line's number and its text.
 * - `received_at`, when missing, is `sent_at`, else `occurred_at`, because duplicates are looked for around this
 *   time. With neither it stays missing, and the transform takes the time of arrival.
 *
 * Fields are put in front, so everything else stays byte for byte. A line that is no JSON object is passed on too:
 * the transform is the one gate that rejects.
 */
export function completeEvent(line: Line, source: string): string {
  const event = parseObject(line.text);
  if (event === undefined) return line.text;
  const added: Record<string, unknown> = {};
  if (isMissing(event, 'event_id')) added.event_id = lineEventId(source, line.number, line.text);
  if (isMissing(event, 'received_at')) {
    const time = [fieldValue(event, 'sent_at'), fieldValue(event, 'occurred_at')].find(
      (value) => parseTimestamp(value) !== undefined,
    );
    if (time !== undefined) added.received_at = time;
  }
  const names = Object.keys(added);
  if (names.length === 0) return line.text;
  const isNamed = Object.keys(event).some((key) => names.includes(key.toLowerCase()));
  // A field that is there but null would win over the same field put in front of it.
  if (isNamed) return JSON.stringify({ ...withoutFields(event, names), ...added });
  const fields = JSON.stringify(added).slice(1, -1);
  const start = line.text.indexOf('{') + 1;
  const separator = Object.keys(event).length === 0 ? '' : ',';
  return `${line.text.slice(0, start)}${fields}${separator}${line.text.slice(start)}`;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // Not JSON: the transform rejects it with its reason and keeps it whole.
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a field in any letter case, as the transform reads it: the exact name wins. */
function fieldValue(event: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(event, name)) return event[name];
  const key = Object.keys(event).find((candidate) => candidate.toLowerCase() === name);
  return key === undefined ? undefined : event[key];
}

function isMissing(event: Readonly<Record<string, unknown>>, name: string): boolean {
  const value = fieldValue(event, name);
  return value === undefined || value === null || value === '';
}

function withoutFields(event: Readonly<Record<string, unknown>>, names: readonly string[]) {
  return Object.fromEntries(Object.entries(event).filter(([key]) => !names.includes(key.toLowerCase())));
}
