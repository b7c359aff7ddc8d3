/** Conditional requests and ranges (RFC 9110, as S3 reads them). */
import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../http/awsError';
import { noSuchKey, notImplemented, preconditionFailed } from './errors';
import type { StoredObject } from './objectIndex';
import { header } from './upload';

/** First and last byte, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Checks If-None-Match and If-Match of a write.
 * @throws AwsError PreconditionFailed, NoSuchKey, NotImplemented
 */
export function checkWrite(
  headers: IncomingHttpHeaders,
  key: string,
  present: StoredObject | undefined,
): void {
  const ifNoneMatch = header(headers, 'if-none-match');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw notImplemented(`If-None-Match: ${ifNoneMatch} on a write, S3 allows only *`);
  }
  if (ifNoneMatch === '*' && present) throw preconditionFailed('If-None-Match');
  const ifMatch = header(headers, 'if-match');
  if (ifMatch === undefined) return;
  if (!present) throw noSuchKey(key);
  if (!namesTag(ifMatch, present.eTag)) throw preconditionFailed('If-Match');
}

/**
 * Checks x-amz-copy-source-if-match of a copy.
 * @throws AwsError PreconditionFailed
 */
export function checkCopySource(headers: IncomingHttpHeaders, source: StoredObject): void {
  const ifMatch = header(headers, 'x-amz-copy-source-if-match');
  if (ifMatch !== undefined && !namesTag(ifMatch, source.eTag)) {
    throw preconditionFailed('x-amz-copy-source-If-Match');
  }
}

/**
 * Checks the conditions of a read.
 * @returns false when the client's copy is still good (304)
 * @throws AwsError PreconditionFailed
 */
export function checkRead(headers: IncomingHttpHeaders, object: StoredObject): boolean {
  const ifMatch = header(headers, 'if-match');
  const unmodifiedSince = timeOf(headers, 'if-unmodified-since');
  if (ifMatch !== undefined) {
    if (!namesTag(ifMatch, object.eTag)) throw preconditionFailed('If-Match');
  } else if (unmodifiedSince !== undefined && object.lastModifiedMillis > unmodifiedSince) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  const ifNoneMatch = header(headers, 'if-none-match');
  if (ifNoneMatch !== undefined) return !namesTag(ifNoneMatch, object.eTag);
  const modifiedSince = timeOf(headers, 'if-modified-since');
  return modifiedSince === undefined || object.lastModifiedMillis > modifiedSince;
}

/**
 * The range a request asks for; undefined for the whole object. Ranges that are not understood are passed over.
 * @throws AwsError InvalidRange (416) when no byte of the object is in it
 */
export function requestedRange(rangeHeader: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(rangeHeader ?? '');
  if (!match) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  const range =
    first === ''
      ? { start: Math.max(0, size - Number(last)), end: size - 1 }
      : { start: Number(first), end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (range.start > range.end) {
    throw new AwsError(
      'InvalidRange',
      'The requested range is not satisfiable',
      416,
      { RangeRequested: rangeHeader ?? '', ActualObjectSize: String(size) },
      { 'content-range': `bytes */${size}` },
    );
  }
  return range;
}

function namesTag(list: string, eTag: string): boolean {
  return list.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^"|"$/g, '') === eTag);
}

function timeOf(headers: IncomingHttpHeaders, name: string): number | undefined {
  const millis = Date.parse(header(headers, name) ?? '');
  return Number.isNaN(millis) ? undefined : millis;
}
