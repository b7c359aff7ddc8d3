/** Why an event or a record can be rejected: one list for the code, the metrics and `docs/events.md`. */

/** Deepest nesting of JSON an event may have; deeper text is an attack or a bug, and recursion needs a bound. */
export const MAX_JSON_DEPTH = 64;

/** Every reason, with what it means for the sender. */
export const REJECTION_REASONS = {
  empty_record: 'The record holds no event: no bytes, or only white space.',
  bad_gzip:
    'The record starts like gzip but does not decompress: truncated, corrupt, or followed by other bytes.',
  expands_past_limit: 'The record expands to more bytes than the configured limit.',
  not_utf8: 'The text is not UTF-8.',
  not_json: 'The line is not one JSON value.',
  not_an_object: 'The line is JSON but not an object.',
  missing_event_name: 'event_name is missing, blank, or cannot be text.',
  missing_site_id: 'site_id is missing, blank, or cannot be text.',
  site_id_too_long:
    'site_id has more bytes than its column takes; neither a cut nor a hash would name the site.',
  json_too_large: 'properties or items have more bytes of JSON than their column takes; cut JSON is no JSON.',
  json_too_deep: 'The event nests deeper than the limit.',
  cannot_put_back: 'The event did not fit the answer and is too large to go back on the stream by itself.',
} as const;

/** A reason for rejecting an event or a whole record. */
export type RejectionReason = keyof typeof REJECTION_REASONS;

/** A reason with what was wrong in this case: the value (shortened) and what would be right. */
export interface Rejection {
  readonly reason: RejectionReason;
  readonly detail: string;
}

const SHOWN_CHARACTERS = 80;

/** A value as it is shown in a rejection's detail, shortened. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  if (typeof value !== 'string') return String(value);
  const isLong = value.length > SHOWN_CHARACTERS;
  return JSON.stringify(isLong ? `${value.slice(0, SHOWN_CHARACTERS)}...` : value);
}
