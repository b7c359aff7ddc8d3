/**
 * Decodes the aws-chunked content encoding, in which the SDK sends bodies whose checksum follows as a trailer:
 * `<hex size>[;chunk-signature=...]\r\n<bytes>\r\n`, a chunk of size 0, then `name:value\r\n` lines.
 */
import { AwsError } from '../http/awsError';

const LINE_END = Buffer.from('\r\n');
/** Longest chunk header or trailer line; a signature is 64 digits. */
const MAX_LINE_BYTES = 8_192;

/**
 * The decoded bytes of a body.
 * @param onTrailer called with the lower-case name and the value of each trailer, before the end
 * @throws AwsError IncompleteBody when the body ends early, InvalidChunkSizeError when a size is no number
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  onTrailer: (name: string, value: string) => void,
): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0);
  /** Bytes of the present chunk still to come; undefined while its header is awaited. */
  let chunkLeft: number | undefined;
  let isInTrailers = false;

  for await (const bytes of source) {
    pending = pending.length > 0 ? Buffer.concat([pending, bytes]) : bytes;
    while (pending.length > 0) {
      if (chunkLeft !== undefined && chunkLeft > 0) {
        const part = pending.subarray(0, chunkLeft);
        pending = pending.subarray(part.length);
        chunkLeft -= part.length;
        yield part;
        continue;
      }
      const end = pending.indexOf(LINE_END);
      if (end < 0) {
        if (pending.length > MAX_LINE_BYTES) throw invalidChunk(pending.toString('latin1', 0, 80));
        break;
      }
      const line = pending.toString('latin1', 0, end);
      pending = pending.subarray(end + LINE_END.length);
      if (isInTrailers) {
        const colon = line.indexOf(':');
        if (colon > 0) onTrailer(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
      } else if (chunkLeft === 0) {
        if (line !== '') throw invalidChunk(line);
        chunkLeft = undefined;
      } else {
        chunkLeft = chunkSize(line);
        isInTrailers = chunkLeft === 0;
      }
    }
  }
  if (!isInTrailers) throw incompleteBody();
}

/** The error for a body shorter than announced. */
export function incompleteBody(): AwsError {
  return new AwsError(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );
}

function chunkSize(line: string): number {
  const digits = line.split(';', 1)[0] ?? '';
  if (!/^[0-9a-f]{1,12}$/i.test(digits)) throw invalidChunk(line);
  return Number.parseInt(digits, 16);
}

function invalidChunk(line: string): AwsError {
  return new AwsError('InvalidChunkSizeError', `"${line.slice(0, 80)}" is no chunk header of aws-chunked`);
}
