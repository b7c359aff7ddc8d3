/** Takes a request's body to a file, verifying everything the client said about it. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AwsError } from '../http/awsError';
import { decodeAwsChunked, incompleteBody } from './awsChunked';
import { BodyDigest, type Checksum, type ChecksumAlgorithm, parseAlgorithm } from './checksums';

/** S3: bytes of one PUT, 5 GiB. */
const MAX_PUT_BYTES = 5 * 1024 ** 3;
const CHECKSUM_HEADER = 'x-amz-checksum-';
/** Headers of that form that hold no checksum. */
const NOT_CHECKSUMS = new Set(['x-amz-checksum-algorithm', 'x-amz-checksum-mode', 'x-amz-checksum-type']);

export interface ReceivedBody {
  readonly bytes: number;
  /** Hex. */
  readonly md5: string;
  readonly checksum: Checksum | undefined;
}

/** What the client says the body is. */
interface Announcement {
  readonly bytes: number;
  readonly isChunked: boolean;
  readonly md5: string | undefined;
  readonly sha256Hex: string | undefined;
  /** Undefined `value` comes as a trailer. */
  readonly checksum:
    | { readonly algorithm: ChecksumAlgorithm; readonly value: string | undefined }
    | undefined;
}

/**
 * Writes the body to `file`.
 * @throws AwsError when length, Content-MD5, SHA-256 or checksum do not match; the file is gone then
 */
export async function receiveBody(request: IncomingMessage, file: string): Promise<ReceivedBody> {
  const announced = readAnnouncement(request.headers);
  const trailers = new Map<string, string>();
  const digest = new BodyDigest(announced.checksum?.algorithm, announced.sha256Hex !== undefined);
  try {
    const body = announced.isChunked
      ? decodeAwsChunked(request, (name, value) => trailers.set(name, value))
      : (request as AsyncIterable<Buffer>);
    await pipeline(digesting(body, digest), createWriteStream(file, { highWaterMark: 1024 * 1024 }));
    return verify(announced, digest, trailers);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

async function* digesting(source: AsyncIterable<Buffer>, digest: BodyDigest): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    digest.update(chunk);
    yield chunk;
  }
}

function readAnnouncement(headers: IncomingHttpHeaders): Announcement {
  const sha256 = header(headers, 'x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  const isChunked = sha256.startsWith('STREAMING-');
  const length = header(headers, isChunked ? 'x-amz-decoded-content-length' : 'content-length');
  if (length === undefined) {
    throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
  }
  const bytes = Number(length);
  if (bytes > MAX_PUT_BYTES) {
    throw new AwsError(
      'EntityTooLarge',
      `Your proposed upload of ${bytes} bytes exceeds the maximum allowed size of ${MAX_PUT_BYTES}`,
    );
  }
  return {
    bytes,
    isChunked,
    md5: header(headers, 'content-md5'),
    sha256Hex: /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined,
    checksum: announcedChecksum(headers),
  };
}

function announcedChecksum(headers: IncomingHttpHeaders): Announcement['checksum'] {
  const names = Object.keys(headers).filter(
    (name) => name.startsWith(CHECKSUM_HEADER) && !NOT_CHECKSUMS.has(name),
  );
  if (names.length > 1) {
    throw new AwsError(
      'InvalidRequest',
      `Expecting a single x-amz-checksum- header, not ${names.join(' and ')}.`,
    );
  }
  const [name] = names;
  if (name !== undefined) {
    return { algorithm: parseAlgorithm(name.slice(CHECKSUM_HEADER.length)), value: header(headers, name) };
  }
  const trailer = header(headers, 'x-amz-trailer');
  if (trailer?.startsWith(CHECKSUM_HEADER)) {
    return { algorithm: parseAlgorithm(trailer.slice(CHECKSUM_HEADER.length)), value: undefined };
  }
  const sdkAlgorithm = header(headers, 'x-amz-sdk-checksum-algorithm');
  if (sdkAlgorithm !== undefined) {
    throw new AwsError(
      'InvalidRequest',
      `x-amz-sdk-checksum-algorithm specified (${sdkAlgorithm}), but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.`,
    );
  }
  return undefined;
}

function verify(
  announced: Announcement,
  digest: BodyDigest,
  trailers: ReadonlyMap<string, string>,
): ReceivedBody {
  const { md5, sha256Hex, checksum } = digest.finish();
  if (digest.bytes !== announced.bytes) throw incompleteBody();
  if (announced.md5 !== undefined) verifyMd5(announced.md5, md5);
  if (announced.sha256Hex !== undefined && announced.sha256Hex !== sha256Hex) {
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  if (announced.checksum && checksum) {
    const expected = announced.checksum.value ?? trailers.get(`${CHECKSUM_HEADER}${checksum.algorithm}`);
    if (expected === undefined) {
      throw new AwsError(
        'MalformedTrailerError',
        `The trailer ${CHECKSUM_HEADER}${checksum.algorithm} is missing.`,
      );
    }
    if (expected !== checksum.value) {
      throw new AwsError(
        'BadDigest',
        `The ${checksum.algorithm.toUpperCase()} you specified did not match the calculated checksum: ${expected} is not ${checksum.value}.`,
      );
    }
  }
  return { bytes: digest.bytes, md5: md5.toString('hex'), checksum };
}

function verifyMd5(announced: string, md5: Buffer): void {
  if (Buffer.from(announced, 'base64').length !== md5.length) {
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  }
  if (announced !== md5.toString('base64')) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
}

/** A request header's value. */
export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Headers that tell an object’s checksum. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return {
    [`${CHECKSUM_HEADER}${checksum.algorithm}`]: checksum.value,
    'x-amz-checksum-type': 'FULL_OBJECT',
  };
}
