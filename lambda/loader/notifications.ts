/** Reads what S3 tells the queue about new objects. Pure. */
import { EVENT_OBJECT_SUFFIX, EVENTS_PREFIX } from '../../lib/contract/lakeLayout';

/**
 * What a message turned out to be.
 * - `objects`: new objects to load.
 * - `ignored`: about nothing to load, and never will be; it may be deleted.
 * - `malformed`: no notification of S3 at all. Nobody knows what it was meant to say, so it is left to the queue's
 *   redrive policy and ends among the dead letters, where somebody can look at it.
 */
export type Notification =
  | { readonly fate: 'objects'; readonly keys: readonly string[] }
  | { readonly fate: 'ignored'; readonly reason: string }
  | { readonly fate: 'malformed'; readonly reason: string };

/**
 * What a message's body says.
 * @param bucketName the lake's bucket; news of other buckets is ignored
 */
export function readNotification(body: string, bucketName: string): Notification {
  const message = parseJson(body);
  if (!isObject(message)) return { fate: 'malformed', reason: 'the body is no JSON object' };
  if (message.Event === 's3:TestEvent') return { fate: 'ignored', reason: 's3:TestEvent' };
  if (!Array.isArray(message.Records) || message.Records.length === 0) {
    return { fate: 'malformed', reason: 'the body has no Records' };
  }
  const keys = new Set<string>();
  const ignored = new Set<string>();
  for (const record of message.Records) {
    const read = readRecord(record, bucketName);
    if ('malformed' in read) return { fate: 'malformed', reason: read.malformed };
    if ('ignored' in read) ignored.add(read.ignored);
    else keys.add(read.key);
  }
  if (keys.size === 0) return { fate: 'ignored', reason: [...ignored].join(', ') };
  return { fate: 'objects', keys: [...keys] };
}

type RecordReading = { readonly key: string } | { readonly ignored: string } | { readonly malformed: string };

function readRecord(record: unknown, bucketName: string): RecordReading {
  if (!isObject(record) || typeof record.eventName !== 'string') {
    return { malformed: 'a record has no eventName' };
  }
  if (!record.eventName.startsWith('ObjectCreated:')) return { ignored: `event ${record.eventName}` };
  const s3 = isObject(record.s3) ? record.s3 : {};
  const bucket = isObject(s3.bucket) ? s3.bucket.name : undefined;
  const encodedKey = isObject(s3.object) ? s3.object.key : undefined;
  if (typeof bucket !== 'string' || typeof encodedKey !== 'string') {
    return { malformed: 'a record names no bucket or no object' };
  }
  if (bucket !== bucketName) return { ignored: 'another bucket' };
  const key = decodeKey(encodedKey);
  if (key === undefined) return { malformed: 'an object key is not URL-encoded' };
  if (!key.startsWith(EVENTS_PREFIX)) return { ignored: 'another prefix' };
  if (!key.endsWith(EVENT_OBJECT_SUFFIX)) return { ignored: `not named *${EVENT_OBJECT_SUFFIX}` };
  return { key };
}

/** Keys in notifications are encoded like form data: a blank is a plus sign. */
function decodeKey(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
