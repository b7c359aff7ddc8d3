/** Reads Parquet objects from their ends, as their footers want it: one ranged GET for most. */
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { AsyncBuffer } from 'hyparquet';

/** S3 did not answer, or with an error: no access, too many requests, a connection that broke. */
export class UnavailableObjectError extends Error {
  override readonly name = 'UnavailableObjectError';
}

/** End of the object that is fetched first: the footer of some sixty columns and a few row groups fits. */
export const TAIL_BYTES = 64 * 1024;

/** An object whose end has been read. */
export interface Tail {
  /** The object as hyparquet wants it: its size, and its bytes by range, the last of them fetched already. */
  readonly file: AsyncBuffer;
  readonly eTag: string;
  readonly createdAtMillis: number;
  /** User metadata: x-amz-meta-... without that, in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads the end of an object; more of it when asked for.
 * @throws Error S3's own when it does not answer, or there is no such object (see `isMissing`)
 * @throws UnavailableObjectError when it answers without what it should
 */
export async function openTail(s3: S3Client, bucketName: string, key: string): Promise<Tail> {
  const target = { Bucket: bucketName, Key: key };
  const get = async (range: string) => {
    const answer = await s3.send(new GetObjectCommand({ ...target, Range: range }));
    const bytes = await answer.Body?.transformToByteArray();
    if (bytes === undefined) throw new UnavailableObjectError(`S3 gave no body for ${range}`);
    return { answer, bytes };
  };
  let tail: Awaited<ReturnType<typeof get>>;
  try {
    tail = await get(`bytes=-${TAIL_BYTES}`);
  } catch (error) {
    if (!isNamed(error, 'InvalidRange')) throw error;
    // An object without a byte has no range; HEAD tells the rest.
    const {
      ContentLength,
      ETag = '',
      LastModified,
      Metadata = {},
    } = await s3.send(new HeadObjectCommand(target));
    if (ContentLength !== 0) throw error;
    const file = { byteLength: 0, slice: () => new ArrayBuffer(0) };
    return { file, eTag: ETag, createdAtMillis: epochMillis(LastModified), metadata: Metadata };
  }
  const { ContentRange, ETag = '', LastModified, Metadata = {} } = tail.answer;
  const byteLength = Number(ContentRange?.split('/')[1]);
  if (!(byteLength > 0)) {
    throw new UnavailableObjectError(`S3 gave no size: Content-Range is "${ContentRange}"`);
  }
  const tailStart = byteLength - tail.bytes.byteLength;
  const slice = async (start: number, end = byteLength) => {
    if (start >= tailStart) return arrayBuffer(tail.bytes.subarray(start - tailStart, end - tailStart));
    try {
      return arrayBuffer((await get(`bytes=${start}-${end - 1}`)).bytes);
    } catch (error) {
      throw new UnavailableObjectError(`S3 did not give bytes ${start}-${end - 1}: ${error}`, {
        cause: error,
      });
    }
  };
  return {
    file: { byteLength, slice },
    eTag: ETag,
    createdAtMillis: epochMillis(LastModified),
    metadata: Metadata,
  };
}

function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function epochMillis(time: Date | undefined): number {
  return time?.getTime() ?? 0;
}

/** Whether S3 says that there is no such object. */
export function isMissing(error: unknown): boolean {
  return isNamed(error, 'NoSuchKey', 'NotFound');
}

function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
