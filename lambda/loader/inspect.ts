/** Looks at objects in the lake before they are loaded: one ranged GET for the footer of each. */
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import {
  checkColumns,
  checkRequiredValues,
  HOUR_COLUMN,
  hourSpan,
  hoursFromStatistics,
  type LakeObject,
  UnreadableObjectError,
} from './lakeObject';
import type { HourSpan } from './windows';

/**
 * What became of an object that was notified.
 * - `loadable`: COPY can take it.
 * - `vanished`: it is not there any more. S3 is consistent, so somebody deleted it; there is nothing to load.
 * - `unreadable`: COPY could not take it and it would take its batch along, or it cannot be looked at.
 */
export type ObjectFate =
  | { readonly fate: 'loadable'; readonly object: LakeObject }
  | { readonly fate: 'vanished'; readonly key: string }
  | { readonly fate: 'unreadable'; readonly key: string; readonly reason: string };

/** Objects looked at at once. */
const CONCURRENCY = 16;

/** End of the object that is fetched first: the footer of some sixty columns and a few row groups fits. */
const TAIL_BYTES = 64 * 1024;

/** The fate of each object, in the order of `keys`. */
export async function inspectObjects(
  s3: S3Client,
  bucketName: string,
  keys: readonly string[],
): Promise<ObjectFate[]> {
  const fates: ObjectFate[] = [];
  const queue = keys.entries();
  const work = async () => {
    for (const [index, key] of queue) fates[index] = await inspectObject(s3, bucketName, key);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return fates;
}

async function inspectObject(s3: S3Client, bucketName: string, key: string): Promise<ObjectFate> {
  try {
    const { file, createdAtMillis } = await openTail(s3, bucketName, key);
    const metadata = await readMetadata(file);
    const columnCount = checkColumns(metadata);
    checkRequiredValues(metadata);
    const hours = hoursFromStatistics(metadata) ?? (await hoursFromRows(file, metadata));
    const rows = Number(metadata.num_rows);
    return {
      fate: 'loadable',
      object: { key, bytes: file.byteLength, rows, columnCount, createdAtMillis, hours },
    };
  } catch (error) {
    const name = error instanceof Error ? error.name : undefined;
    if (name === 'NoSuchKey' || name === 'NotFound') return { fate: 'vanished', key };
    // Whatever it is, it concerns this object only: the others must not wait for it.
    const reason = error instanceof UnreadableObjectError ? error.message : `cannot be read: ${error}`;
    return { fate: 'unreadable', key, reason };
  }
}

async function readMetadata(file: AsyncBuffer): Promise<FileMetaData> {
  try {
    return await parquetMetadataAsync(file, { initialFetchSize: TAIL_BYTES });
  } catch (error) {
    throw new UnreadableObjectError(
      `it is no Parquet file: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  }
}

/** Some writers leave statistics out; then the column itself, an integer, is small enough to read. */
async function hoursFromRows(file: AsyncBuffer, metadata: FileMetaData): Promise<HourSpan | undefined> {
  const rows = await parquetReadObjects({ file, metadata, columns: [HOUR_COLUMN] });
  return hourSpan([...new Set(rows.map((row) => row[HOUR_COLUMN]))]);
}

/** An object as hyparquet wants it: its size, and its bytes by range, the last of them fetched already. */
async function openTail(s3: S3Client, bucketName: string, key: string) {
  const get = async (range: string) => {
    const answer = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key: key, Range: range }));
    const bytes = await answer.Body?.transformToByteArray();
    if (bytes === undefined) throw new UnreadableObjectError(`S3 gave no body for ${range}`);
    return { answer, bytes };
  };
  const tail = await get(`bytes=-${TAIL_BYTES}`);
  const byteLength = Number(tail.answer.ContentRange?.split('/')[1]);
  if (!(byteLength > 0)) {
    throw new UnreadableObjectError(`S3 gave no size: Content-Range is "${tail.answer.ContentRange}"`);
  }
  const tailStart = byteLength - tail.bytes.byteLength;
  const file: AsyncBuffer = {
    byteLength,
    slice: async (start, end = byteLength) => {
      const bytes =
        start >= tailStart
          ? tail.bytes.subarray(start - tailStart, end - tailStart)
          : (await get(`bytes=${start}-${end - 1}`)).bytes;
      return new Uint8Array(bytes).buffer;
    },
  };
  return { file, createdAtMillis: (tail.answer.LastModified ?? new Date(0)).getTime() };
}
