/** Writes rejected events as JSON lines for their own delivery stream. */

import { shortHash } from '../../lib/event/text';
import { formatTimestamp } from '../../lib/event/timestamps';
import type { RejectedFate } from './row';

/**
 * Most bytes of an original in one line. A Firehose record may have 1,000 KiB, and JSON writes a control character in
 * six bytes.
 */
const PART_BYTES = 160 * 1024;

/** One rejected event, or a part of one whose original is long, as it lies in `rejected/`. */
export interface RejectedLine {
  /** The same for all parts, and for the copies an invocation leaves that Firehose had to repeat. */
  readonly rejected_id: string;
  readonly reason: string;
  readonly detail: string;
  /** What came, or a part of it. Joined in the order of `part` it is whole. */
  readonly original: string;
  /** `base64` when the original is not UTF-8 text: decode each part, then join. */
  readonly encoding: 'utf8' | 'base64';
  /** Counts from 1 to `parts`. */
  readonly part: number;
  readonly parts: number;
  readonly shard_id: string | undefined;
  readonly sequence_number: string;
  /** Place of the event in its record, from 0. */
  readonly record_index: number;
  readonly arrived_at: string;
}

/** The lines of a rejected event, without line feeds. */
export function rejectedLines({ rejection, original, origin }: RejectedFate): RejectedLine[] {
  const isText = typeof original === 'string';
  const parts = splitOriginal(isText ? Buffer.from(original) : original, isText);
  const { arrivedMillis, index, sequenceNumber, shardId } = origin;
  return parts.map((part, at) => ({
    rejected_id: shortHash(`${shardId ?? ''}/${sequenceNumber}/${index}`),
    ...rejection,
    original: part.toString(isText ? 'utf8' : 'base64'),
    encoding: isText ? 'utf8' : 'base64',
    part: at + 1,
    parts: parts.length,
    shard_id: shardId,
    sequence_number: sequenceNumber,
    record_index: index,
    arrived_at: formatTimestamp(arrivedMillis),
  }));
}

/** Parts of at most `PART_BYTES`; text is cut between characters. */
export function splitOriginal(bytes: Buffer, isText: boolean): Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  do {
    let end = Math.min(start + PART_BYTES, bytes.length);
    while (isText && end < bytes.length && isContinuation(bytes[end])) end--;
    parts.push(bytes.subarray(start, end));
    start = end;
  } while (start < bytes.length);
  return parts;
}

/** Whether a byte of UTF-8 continues a character. */
function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}
