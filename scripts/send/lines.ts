/** Reads text line by line in constant memory, from files or standard input, gzipped or not. */
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { isNativeError } from 'node:util/types';
import { createGunzip } from 'node:zlib';

/** A line of a source. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Without its line end. Bytes that are no UTF-8 have become U+FFFD. */
  readonly text: string;
  /** True when the line passed MAX_LINE_CHARACTERS; `text` is then only its beginning. */
  readonly isTooLong: boolean;
}

/** A longer line could not be held in constant memory, and no record could carry it (10 MiB expanded at most). */
export const MAX_LINE_CHARACTERS = 10 * 1024 * 1024;
/** Characters kept of a line that is too long. */
const KEPT_CHARACTERS = 1_000;
const READ_BYTES = 256 * 1024;

/** Standard input as a file name. */
export const STDIN = '-';

/** A source could not be read to its end. Lines before have been given; an incomplete last line has not. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/**
 * Reads a file's lines, a batch per chunk read. Gzip is told by its first bytes, whatever the name.
 * @param file path, or "-" for standard input
 * @param onBytes told how many bytes were read, before decompression
 * @throws InputError when reading or decompressing fails
 */
export async function* readLines(
  file: string,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<Line[], void> {
  const input = file === STDIN ? process.stdin : createReadStream(file, { highWaterMark: READ_BYTES });
  yield* linesOf(countBytes(input, onBytes), file === STDIN ? 'standard input' : file);
}

/**
 * Lines of bytes, a batch per chunk. Gzip is told by its first bytes.
 * @param name of where the bytes come from, for the error
 * @throws InputError when reading or decompressing fails
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Line[], void> {
  try {
    yield* splitLines(decompress(chunks));
  } catch (error) {
    const reason = isNativeError(error) ? error.message : String(error);
    throw new InputError(`${name} could not be read to its end: ${reason}`, { cause: error });
  }
}

async function* countBytes(input: Readable, onBytes: (bytes: number) => void): AsyncGenerator<Buffer, void> {
  for await (const chunk of input) {
    onBytes(chunk.length);
    yield chunk;
  }
}

/** Passes bytes on, expanded when they begin like gzip (concatenated members allowed). */
async function* decompress(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const chunks = iterate(source);
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  async function* whole() {
    yield head;
    yield* chunks;
  }
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  // The callback silences pipeline: an error also ends the iteration over its last stream.
  yield* isGzip
    ? pipeline(Readable.from(whole()), createGunzip({ chunkSize: READ_BYTES }), () => {})
    : whole();
}

async function* iterate(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  yield* chunks;
}

/** Splits bytes into lines. The last line needs no line end; a carriage return before one belongs to it. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line[], void> {
  const decoder = new StringDecoder('utf8');
  let number = 0;
  let rest = '';
  let isTooLong = false;
  const toLine = (text: string): Line => {
    number += 1;
    const start = number === 1 && text.startsWith('\uFEFF') ? 1 : 0;
    const line = { number, text: text.slice(start, text.endsWith('\r') ? -1 : undefined), isTooLong };
    isTooLong = false;
    return line;
  };
  for await (const chunk of chunks) {
    const pieces = decoder.write(chunk).split('\n');
    pieces[0] = rest + pieces[0];
    rest = pieces.pop() ?? '';
    const lines = pieces.map(toLine);
    if (lines.length > 0) yield lines;
    if (rest.length > MAX_LINE_CHARACTERS) {
      isTooLong = true;
      rest = rest.slice(0, KEPT_CHARACTERS);
    } else if (isTooLong) {
      rest = rest.slice(0, KEPT_CHARACTERS);
    }
  }
  rest += decoder.end();
  if (rest !== '' || isTooLong) yield [toLine(rest)];
}
