/** Opens a Kinesis record: tells by its first bytes what it is, and expands it within bounds. */

import { isAscii, isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { messageOf } from '../../lib/contract/words';
import type { Rejection } from '../../lib/event/rejections';

/** First two bytes of a gzip stream (RFC 1952). */
const GZIP_MAGIC = [0x1f, 0x8b] as const;
const LINE_FEED = 0x0a;
const SPACE = 0x20;
const BYTE_ORDER_MARK = '\ufeff';

/** zlib grows its output by this much at a time: a pack in two or three steps. */
const GUNZIP_CHUNK_BYTES = 256 * 1024;

/** A line of a record; bytes when it is not UTF-8. */
export type Line = string | Buffer;

export type OpenedRecord =
  | { readonly kind: 'opened'; readonly lines: readonly Line[] }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/**
 * Opens a record: gzip (of one or more members) or plain, UTF-8 text with or without a byte order mark, one event a
 * line, or one event over several lines. Blank lines are no events.
 * @param maxExpandedBytes a record that has more bytes once expanded is rejected
 */
export function openRecord(data: Buffer, maxExpandedBytes: number): OpenedRecord {
  let bytes = data;
  if (data[0] === GZIP_MAGIC[0] && data[1] === GZIP_MAGIC[1]) {
    const expanded = expand(data, maxExpandedBytes);
    if (!Buffer.isBuffer(expanded)) return { kind: 'rejected', rejection: expanded };
    bytes = expanded;
  } else if (data.length > maxExpandedBytes) {
    return rejected(
      'expands_past_limit',
      `the record has ${data.length} bytes, it may have ${maxExpandedBytes}`,
    );
  }
  const lines = isUtf8(bytes) ? textLines(bytes) : mixedLines(bytes);
  if (lines === undefined) {
    return rejected(
      'not_utf8',
      `none of its lines is UTF-8 text; the bytes start ${bytes.toString('hex', 0, 16)}`,
    );
  }
  return lines.length === 0
    ? rejected('empty_record', `its ${data.length} bytes hold no event, there must be at least one`)
    : { kind: 'opened', lines };
}

function rejected(reason: Rejection['reason'], detail: string): OpenedRecord {
  return { kind: 'rejected', rejection: { reason, detail } };
}

function expand(data: Buffer, maxExpandedBytes: number): Buffer | Rejection {
  try {
    return gunzipSync(data, { maxOutputLength: maxExpandedBytes, chunkSize: GUNZIP_CHUNK_BYTES });
  } catch (error) {
    if (isTooLarge(error)) {
      const detail = `the record's ${data.length} bytes expand to more than the ${maxExpandedBytes} bytes allowed`;
      return { reason: 'expands_past_limit', detail };
    }
    const why = messageOf(error);
    return { reason: 'bad_gzip', detail: `${data.length} bytes of gzip do not decompress: ${why}` };
  }
}

/** zlib's refusal to go on; its class differs between realms, so it is told by its code. */
function isTooLarge(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
  );
}

/** Lines of bytes that are UTF-8; one when they are one event over several lines. */
function textLines(bytes: Buffer): string[] {
  const lines = splitLines(bytes);
  if (lines[0]?.startsWith(BYTE_ORDER_MARK)) lines[0] = lines[0].slice(1);
  const events = lines.filter((line) => !isBlank(line));
  return events.length > 1 && isOneObject(lines, events) ? [lines.join('\n')] : events;
}

/** ASCII is decoded at once. In other text each line by itself, because most lines are ASCII still and decode faster so. */
function splitLines(bytes: Buffer): string[] {
  if (isAscii(bytes)) return bytes.toString('latin1').split('\n');
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed;
    lines.push(bytes.toString('utf8', start, end));
    start = end + 1;
  }
  return lines;
}

function isBlank(line: string): boolean {
  return !(line.charCodeAt(0) > SPACE) && line.trim() === '';
}

/** Whether the lines are those of one pretty-printed object, which is so when the first is no JSON by itself. */
function isOneObject(lines: readonly string[], [first = '']: readonly string[]): boolean {
  return first.trimStart().startsWith('{') && !isJson(first) && isJson(lines.join('\n'));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Lines of bytes of which some are not UTF-8. They are told apart, so that one line in another encoding does not
 * take its neighbours along; undefined when no line is JSON, which means that it never was text.
 */
function mixedLines(bytes: Buffer): Line[] | undefined {
  const lines: Line[] = [];
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed;
    const line = bytes.subarray(start, end);
    if (!isUtf8(line)) lines.push(line);
    else lines.push(...textLines(line));
    start = end + 1;
  }
  return lines.some((line) => typeof line === 'string' && isJson(line)) ? lines : undefined;
}
