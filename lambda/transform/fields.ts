/** Reads an event's fields into a draft, each by the type of its column. Nothing is dropped but the client's address. */
import { EVENT_COLUMNS, INPUT_ONLY_FIELDS } from '../../lib/event/columns';
import { formatTimestamp, parseTimestamp } from '../../lib/event/timestamps';
import { toBigint, toBoolean, toDouble, toInt, toText } from './coerce';
import { EventDraft, type TextColumnName, type TimeColumnName } from './draft';
import { inspect, isJsonObject, type JsonObject, parseExactly, storableJson } from './json';

/** Stores a value that is neither null nor empty text; answers false when its column cannot take it. */
type FieldReader = (draft: EventDraft, value: unknown) => boolean;

/** Levels of nesting around a field's value: the event. */
const FIELD_DEPTH = 1;
/** Levels of nesting around an extra's value, where it will be written: the event and its properties. */
const EXTRA_DEPTH = 2;

type Column = (typeof EVENT_COLUMNS)[number];

/** Columns with a form of their own: cut to size, a wrong code would be another country's or currency's. */
const CODE_PATTERNS: { [C in TextColumnName]?: RegExp } = {
  // Content networks use digits too, such as T1 for Tor.
  country: /^[A-Z][A-Z0-9]$/,
  currency: /^[A-Z]{3}$/,
};

const FIELD_READERS: ReadonlyMap<string, FieldReader> = new Map<string, FieldReader>([
  ...EVENT_COLUMNS.filter(({ origin }) => origin === 'sent' || origin === 'sent_or_derived').map(
    (column) => [column.name, readerOf(column)] as const,
  ),
  ['ip' satisfies (typeof INPUT_ONLY_FIELDS)[number], readIp],
]);

/** Fields that are kept nowhere, in no spelling. */
const FORGOTTEN_FIELDS: ReadonlySet<string> = new Set(INPUT_ONLY_FIELDS);

function readerOf(column: Column): FieldReader {
  switch (column.type) {
    case 'string':
      return textReader(column.name, CODE_PATTERNS[column.name]);
    case 'json':
      return column.name === 'items' ? readItems : readProperties;
    case 'timestamp':
      return timeReader(column.name);
    case 'int':
      return scalarReader(column.name, toInt);
    case 'bigint':
      return scalarReader(column.name, toBigint);
    case 'double':
      return scalarReader(column.name, toDouble);
    case 'boolean':
      return scalarReader(column.name, toBoolean);
  }
}

function textReader(name: TextColumnName, pattern: RegExp | undefined): FieldReader {
  return (draft, value) => {
    const text = toText(value);
    if (text === undefined) return false;
    if (pattern === undefined) {
      draft.setText(name, text);
      return true;
    }
    const code = text.trim().toUpperCase();
    if (!pattern.test(code)) return false;
    draft.setText(name, code);
    return true;
  };
}

function timeReader(name: TimeColumnName): FieldReader {
  return (draft, value) => {
    const millis = parseTimestamp(value);
    if (millis === undefined) return false;
    draft.times[name] = millis;
    draft.row[name] = formatTimestamp(millis);
    return true;
  };
}

function scalarReader<V extends number | boolean, N extends keyof EventDraft['row']>(
  name: N,
  coerce: (value: unknown) => (V & EventDraft['row'][N]) | undefined,
): FieldReader {
  return (draft, value) => {
    const scalar = coerce(value);
    if (scalar === undefined) return false;
    draft.row[name] = scalar;
    return true;
  };
}

/** No address is kept anywhere, so neither is a text that is no address but may contain one. */
function readIp(draft: EventDraft, value: unknown): boolean {
  draft.ip = toText(value);
  return true;
}

function readProperties(draft: EventDraft, value: unknown): boolean {
  const object = typeof value === 'string' ? parseText(value) : value;
  if (!isJsonObject(object)) return false;
  draft.properties = object;
  return true;
}

function readItems(draft: EventDraft, value: unknown): boolean {
  const array = typeof value === 'string' ? parseText(value) : value;
  if (!Array.isArray(array)) return false;
  draft.items = array;
  return true;
}

/** The JSON in a text, or undefined when there is none. */
function parseText(text: string): unknown {
  try {
    return storableJson(parseExactly(text), text);
  } catch {
    return undefined;
  }
}

/**
 * Reads an event. Keys match columns in any letter case; the exact one wins, then the first. Null and empty text
 * are no values.
 */
export function readFields(event: JsonObject): EventDraft {
  const draft = new EventDraft();
  let seen: Set<string> | undefined;
  for (const key in event) {
    const value = event[key];
    if (value === null || value === '') continue;
    if (typeof value === 'number') inspect(value, FIELD_DEPTH, draft.found);
    const reader = FIELD_READERS.get(key);
    if (reader !== undefined) {
      if (!reader(draft, value)) draft.keepInvalid(key, value);
      continue;
    }
    const name = key.toLowerCase();
    const foldedReader = FIELD_READERS.get(name);
    if (foldedReader === undefined) {
      draft.extras.push([name, value]);
      continue;
    }
    seen ??= new Set();
    const isTaken = seen.has(name) || Object.hasOwn(event, name);
    seen.add(name);
    const isRead = !isTaken && foldedReader(draft, value);
    if (!isRead && !FORGOTTEN_FIELDS.has(name)) draft.keepInvalid(name, value);
  }
  inspect(draft.properties, FIELD_DEPTH, draft.found);
  inspect(draft.items, FIELD_DEPTH, draft.found);
  for (const [, value] of draft.extras) inspect(value, EXTRA_DEPTH, draft.found);
  return draft;
}
