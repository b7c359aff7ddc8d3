/** Events and records as they should not be, of every kind the transform tells apart. */
import { MAX_JSON_BYTES } from '../../../lib/event/columns';
import { MAX_JSON_DEPTH, type RejectionReason } from '../../../lib/event/rejections';
import type { Random } from '../chance/random';
import { type Choice, Weighted } from '../chance/weighted';

/**
 * Reasons that no event can bring about by itself: `cannot_put_back` needs an answer of the transform that is full
 * already.
 */
type Circumstance = 'cannot_put_back';
/** Reasons that lie in a record rather than in an event. */
export type RecordReason = 'empty_record' | 'bad_gzip' | 'expands_past_limit' | 'not_utf8';
/** Reasons that lie in a line. */
export type LineReason = Exclude<RejectionReason, RecordReason | Circumstance>;
/** Every reason an event can be made to be rejected for. */
export type BrokenReason = LineReason | RecordReason;

const LINE_REASONS: readonly Choice<BrokenReason>[] = [
  { value: 'not_json', weight: 30 },
  { value: 'not_an_object', weight: 10 },
  { value: 'missing_event_name', weight: 15 },
  { value: 'missing_site_id', weight: 15 },
  { value: 'site_id_too_long', weight: 8 },
  { value: 'json_too_deep', weight: 8 },
  // Rare, because one is as large as fifty others.
  { value: 'json_too_large', weight: 2 },
];
const RECORD_REASONS: readonly Choice<BrokenReason>[] = [
  { value: 'empty_record', weight: 4 },
  { value: 'bad_gzip', weight: 4 },
  { value: 'expands_past_limit', weight: 1 },
  { value: 'not_utf8', weight: 6 },
];

/** The kinds of broken events by weight. */
export function brokenReasons(includeRecords: boolean): Weighted<BrokenReason> {
  return new Weighted(includeRecords ? [...LINE_REASONS, ...RECORD_REASONS] : LINE_REASONS);
}

/** Whether a reason lies in a record. */
export function isRecordReason(reason: BrokenReason): reason is RecordReason {
  return RECORD_REASONS.some(({ value }) => value === reason);
}

const TOO_DEEP = `${'{"a":'.repeat(MAX_JSON_DEPTH + 20)}1${'}'.repeat(MAX_JSON_DEPTH + 20)}`;
const TOO_LARGE = '<div class=row>'.repeat(Math.ceil(MAX_JSON_BYTES / 15) + 1);
const MANY_ITEMS = Array.from(
  { length: 900 },
  (_, n) => `{"sku":"S-${n}","name":"Wool socks","price":18}`,
).join();
/** 33 characters and 66 bytes: too long only when bytes are counted. */
const LONG_IN_BYTES = 'ü'.repeat(33);

/**
 * A line that must be rejected for the reason.
 * @param members JSON members of a site's events, `site_id` among them
 * @param receivedAt as ISO 8601
 */
export function brokenLine(random: Random, reason: LineReason, members: string, receivedAt: string): string {
  const received = `"received_at":"${receivedAt}"`;
  const name = '"event_name":"page_view"';
  const id = `"event_id":"${random.uuid()}"`;
  const whole = `{${id},${name},${members},${received}}`;
  const one = (...variants: readonly [string, ...string[]]) =>
    variants[random.below(variants.length)] ?? variants[0];
  switch (reason) {
    case 'not_json':
      return one(
        whole.slice(0, random.between(1, whole.length - 1)),
        whole + whole,
        `${whole.slice(0, -1)},}`,
        `{${name},${members},"event_value":NaN}`,
        whole.replaceAll('"', "'"),
        '<html><body>502 Bad Gateway</body></html>',
        'tracker restarted',
        '\0\0\0\0\0\0\0\0',
      );
    case 'not_an_object':
      return one('[]', `[${whole}]`, '42', '"page_view"', 'null', 'true');
    case 'missing_event_name':
      return one(
        '{}',
        `{${id},${members},${received}}`,
        `{${id},"event_name":"",${members},${received}}`,
        `{${id},"event_name":null,${members},${received}}`,
        `{${id},"event_name":"  ",${members},${received}}`,
        `{${id},"event_name":{"name":"page_view"},${members},${received}}`,
      );
    case 'missing_site_id':
      return one(
        `{${id},${name},${received}}`,
        `{${id},${name},"site_id":"   ",${received}}`,
        `{${id},${name},"site_id":null,${received}}`,
        `{${id},${name},"site_id":["shop-001"],${received}}`,
      );
    case 'site_id_too_long':
      return `{${id},${name},"site_id":"${one('shop-001-'.repeat(10), LONG_IN_BYTES)}",${received}}`;
    case 'json_too_deep':
      return `{${id},${name},${members},${received},"properties":${TOO_DEEP}}`;
    case 'json_too_large':
      return `{${id},${name},${members},${received},${one(`"properties":{"dom":"${TOO_LARGE}"}`, `"items":[${MANY_ITEMS}]`)}}`;
  }
}
