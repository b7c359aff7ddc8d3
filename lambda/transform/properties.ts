/** Writes `properties` and `items` as the JSON text of their columns. */
import { MAX_JSON_BYTES } from '../../lib/event/columns';
import { MAX_JSON_DEPTH, type Rejection } from '../../lib/event/rejections';
import { fitsBytes } from '../../lib/event/text';
import type { EventDraft } from './draft';
import { type JsonObject, lowerCaseKeys, lowerCaseObject } from './json';

/**
 * Fills `properties` (with the draft's extras) and `items` of the draft's row.
 * @returns why the event must be rejected, or undefined
 */
export function writeJsonColumns(draft: EventDraft): Rejection | undefined {
  const { extras, found, items, properties, row } = draft;
  if (found.isTooDeep) {
    return { reason: 'json_too_deep', detail: `it nests deeper than ${MAX_JSON_DEPTH} levels` };
  }
  const merged = extras.length > 0 || found.hasUpperCaseKeys ? merge(properties ?? {}, extras) : properties;
  const folded = found.hasUpperCaseKeys ? lowerCaseKeys(items) : items;
  if (merged !== undefined) row.properties = JSON.stringify(merged);
  if (folded !== undefined) row.items = JSON.stringify(folded);
  return tooLarge('properties', row.properties) ?? tooLarge('items', row.items);
}

function merge(properties: JsonObject, extras: EventDraft['extras']): JsonObject {
  const merged = lowerCaseObject(properties);
  for (const [name, value] of extras) merged.add(name, lowerCaseKeys(value));
  return merged.values;
}

function tooLarge(column: string, text: string | undefined): Rejection | undefined {
  if (text === undefined || fitsBytes(text, MAX_JSON_BYTES)) return undefined;
  const detail = `${column} has ${Buffer.byteLength(text)} bytes of JSON, it may have ${MAX_JSON_BYTES}`;
  return { reason: 'json_too_large', detail };
}
