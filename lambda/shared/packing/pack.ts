/** Packs events into Kinesis records: NDJSON, gzipped, within every limit. */

import { promisify } from 'node:util';
import { gunzipSync, gzip as gzipCallback } from 'node:zlib';
import { KINESIS_RECORD_BYTES } from '../../../lib/contract/limits';
import { messageOf } from '../../../lib/contract/words';
import { PARTITION_KEY_BYTES, recordKeys } from './recordKeys';
import type { PackedEntry, PackOptions, PackResult, RecordKey, UnsendableEvent } from './types';

/** zlib's default level 6: level 9 gains 5 percent for nearly twice the time, level 1 loses a fifth. */
const gzip = promisify(gzipCallback);

/** Kinesis counts the partition key as part of the record. */
const MAX_DATA_BYTES = KINESIS_RECORD_BYTES - PARTITION_KEY_BYTES;
/** Packs that may be compressing, in libuv's threads, while events are still being read. */
const PACKS_AHEAD = 4;
/** First two bytes of a gzip stream (RFC 1952). */
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** An entry that has no key yet. */
type Pack = Omit<PackedEntry, keyof RecordKey>;

/** An event to be packed: an object, or the JSON text of one, on one line. */
export type PackInput = string | object;

/**
 * Packs events in order. Holds a few packs in memory, whatever the number of events. Every event comes out exactly
 * once: in an entry, or as unsendable.
 * @param events objects, or ready JSON lines, which are passed on as they are (a line end is not needed)
 * @param options an environment's `packing` settings fit
 * @param keys `recordKeys` from a fixed start makes the result repeatable; by default the start is random
 */
export async function* packEvents(
  events: Iterable<PackInput> | AsyncIterable<PackInput>,
  options: PackOptions,
  keys: Generator<RecordKey, never> = recordKeys(),
): AsyncGenerator<PackResult, void> {
  const ahead: Promise<(Pack | UnsendableEvent)[]>[] = [];
  const next = async () =>
    ((await ahead.shift()) ?? []).map(
      (result): PackResult => (result.kind === 'entry' ? { ...result, ...keys.next().value } : result),
    );
  for await (const gathered of gather(events, options)) {
    ahead.push(Array.isArray(gathered) ? encode(gathered, options) : Promise.resolve([gathered]));
    if (ahead.length > PACKS_AHEAD) yield* await next();
  }
  while (ahead.length > 0) yield* await next();
}

/** The NDJSON an entry carries: what to write to a file when it could not be sent. */
export function expandEntry(entry: PackedEntry): string {
  const isGzip = entry.data[0] === GZIP_MAGIC[0] && entry.data[1] === GZIP_MAGIC[1];
  return (isGzip ? gunzipSync(entry.data) : Buffer.from(entry.data)).toString('utf8');
}

/** Gathers lines until a pack is full. */
async function* gather(
  events: Iterable<PackInput> | AsyncIterable<PackInput>,
  options: PackOptions,
): AsyncGenerator<string[] | UnsendableEvent, void> {
  const dataLimit = options.compression === 'none' ? MAX_DATA_BYTES : Number.POSITIVE_INFINITY;
  const hardLimit = Math.min(options.maxExpandedBytes, dataLimit);
  const target = Math.min(options.packBytes, hardLimit);
  let lines: string[] = [];
  let bytes = 0;
  for await (const event of events) {
    const line = toLine(event);
    if (typeof line !== 'string') {
      yield line;
      continue;
    }
    const lineBytes = Buffer.byteLength(line) + 1;
    if (lineBytes > hardLimit) {
      yield tooLarge(line, `${lineBytes} bytes with its line end`, hardLimit);
      continue;
    }
    if (lines.length > 0 && bytes + lineBytes > target) {
      yield lines;
      lines = [];
      bytes = 0;
    }
    lines.push(line);
    bytes += lineBytes;
  }
  if (lines.length > 0) yield lines;
}

function toLine(event: PackInput): string | UnsendableEvent {
  if (typeof event === 'string') {
    const line = event.endsWith('\n') ? event.slice(0, event.endsWith('\r\n') ? -2 : -1) : event;
    if (line.trim() === '') return notOneLine(line, 'is empty');
    return line.includes('\n') ? notOneLine(line, 'holds a line break') : line;
  }
  try {
    const line: string | undefined = JSON.stringify(event);
    return line ?? notSerializable(event, 'JSON.stringify gives undefined');
  } catch (error) {
    return notSerializable(event, messageOf(error));
  }
}

/** Compresses lines into one pack, or into more when what comes out is still too large for a record. */
async function encode(lines: string[], options: PackOptions): Promise<(Pack | UnsendableEvent)[]> {
  const text = Buffer.from(`${lines.join('\n')}\n`);
  const data = options.compression === 'gzip' ? await gzip(text) : text;
  if (data.length <= MAX_DATA_BYTES) {
    return [{ kind: 'entry', data, eventCount: lines.length, expandedBytes: text.length }];
  }
  const [line, ...others] = lines;
  if (line !== undefined && others.length === 0) {
    return [tooLarge(line, `${data.length} bytes compressed`, MAX_DATA_BYTES)];
  }
  const middle = lines.length >> 1;
  const first = await encode(lines.slice(0, middle), options);
  return [...first, ...(await encode(lines.slice(middle), options))];
}

function tooLarge(line: string, size: string, limitBytes: number): UnsendableEvent {
  const detail = `the event has ${size}, a record must have at most ${limitBytes}`;
  return { kind: 'unsendable', line, reason: 'too_large', detail };
}

function notOneLine(line: string, what: string): UnsendableEvent {
  const detail = `the event's text ${what}, it must be one line of JSON`;
  return { kind: 'unsendable', line, reason: 'not_one_line', detail };
}

function notSerializable(event: object, why: string): UnsendableEvent {
  const detail = `the event has no JSON form (${why}), it must be plain data`;
  return { kind: 'unsendable', line: String(event), reason: 'not_serializable', detail };
}
