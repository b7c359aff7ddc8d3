/** Reads the JSON of events without losing digits, and writes the JSON of properties as the warehouse takes it. */
import { MAX_JSON_DEPTH } from '../../lib/event/rejections';
import { storable } from '../../lib/event/text';

/** A JSON object as it was parsed. */
export type JsonObject = { [key: string]: unknown };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses JSON with the numbers a double cannot hold as strings of their digits: identifiers of 17 digits and more
 * are common, and one that was rounded is somebody else's.
 * @throws SyntaxError when the text is not JSON
 */
export function parseExactly(text: string): unknown {
  let quoted = '';
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf('"', at);
    const stringStart = quote === -1 ? text.length : quote;
    const stringEnd = endOfString(text, stringStart);
    quoted += text.slice(at, stringStart).replace(NUMBER, quoteInexact);
    quoted += text.slice(stringStart, stringEnd);
    at = stringEnd;
  }
  return JSON.parse(quoted);
}

/** Where the string that starts at `start` ends. A loop: a pattern would overflow its stack on a long string. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) return at + 1;
    if (character === BACKSLASH) at++;
  }
  return text.length;
}

function quoteInexact(digits: string): string {
  const isRounded = /^-?\d+$/.test(digits) && !Number.isSafeInteger(Number(digits));
  return isRounded || !Number.isFinite(Number(digits)) ? `"${digits}"` : digits;
}

/** Whether a parsed number may differ from the digits it was parsed from. */
function isInexact(value: number): boolean {
  return value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER;
}

/** What to know of a value before it is written. */
export interface Inspection {
  /** It nests deeper than `MAX_JSON_DEPTH`: do not recurse into it. */
  isTooDeep: boolean;
  hasUpperCaseKeys: boolean;
  hasInexactNumbers: boolean;
}

export function newInspection(): Inspection {
  return { isTooDeep: false, hasUpperCaseKeys: false, hasInexactNumbers: false };
}

/**
 * Looks through a value and notes what it finds in `found`.
 * @param depth levels of nesting around the value
 */
export function inspect(value: unknown, depth: number, found: Inspection): void {
  if (typeof value === 'number') {
    if (isInexact(value)) found.hasInexactNumbers = true;
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth >= MAX_JSON_DEPTH) {
    found.isTooDeep = true;
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) inspect(item, depth + 1, found);
    return;
  }
  const object = value as JsonObject;
  for (const key in object) {
    if (key.toLowerCase() !== key) found.hasUpperCaseKeys = true;
    inspect(object[key], depth + 1, found);
  }
}

/**
 * The value with keys and texts that can be stored: see `storable`. Levels deeper than an event may have stay as they
 * are.
 * @param text what the value was parsed from: only an escape in it can stand for a character that cannot be stored
 */
export function storableJson(value: unknown, text: string): unknown {
  return text.includes('\\u') ? storableCopy(value, 0) : value;
}

function storableCopy(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return storable(value);
  if (depth > MAX_JSON_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => storableCopy(item, depth + 1));
  if (!isJsonObject(value)) return value;
  const copy = new KeyedValues();
  for (const [key, item] of Object.entries(value)) copy.add(storable(key), storableCopy(item, depth + 1));
  return copy.values;
}

/**
 * A copy with the keys of all levels in lower case. Where two keys become one, the one that was in lower case keeps
 * the name and the others get `_2`, `_3`, ... For values of bounded depth.
 */
export function lowerCaseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCaseKeys);
  return isJsonObject(value) ? lowerCaseObject(value).values : value;
}

/** `lowerCaseKeys` of an object, ready to take more values. */
export function lowerCaseObject(object: JsonObject): KeyedValues {
  const copy = new KeyedValues();
  const renamed: string[] = [];
  for (const key of Object.keys(object)) {
    if (key === key.toLowerCase()) copy.add(key, lowerCaseKeys(object[key]));
    else renamed.push(key);
  }
  for (const key of renamed) copy.add(key.toLowerCase(), lowerCaseKeys(object[key]));
  return copy;
}

/** Collects values by key and loses none: a key that is taken gets `_2`, `_3`, ... */
class KeyedValues {
  /** Without a prototype, so that a key named __proto__ is a key like any other. */
  readonly values: JsonObject = Object.create(null);
  private readonly nextSuffix = new Map<string, number>();

  add(key: string, value: unknown): void {
    let name = key;
    while (name in this.values) {
      const suffix = this.nextSuffix.get(key) ?? 2;
      this.nextSuffix.set(key, suffix + 1);
      name = `${key}_${suffix}`;
    }
    this.values[name] = value;
  }
}
