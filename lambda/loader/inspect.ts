/** Looks at objects in the lake before they are loaded: one ranged GET for the footer of each. */

import type { S3Client } from '@aws-sdk/client-s3';
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { LOADED_INTO_METADATA } from '../../lib/contract/lakeLayout';
import { messageOf } from '../../lib/contract/words';
import { isMissing, openTail, TAIL_BYTES, type Tail, UnavailableObjectError } from '../shared/objectTail';
import type { HourSpan } from '../shared/timeWindows';
import {
  checkColumns,
  checkRequiredValues,
  HOUR_COLUMN,
  hourSpan,
  hoursFromStatistics,
  type LakeObject,
  UnreadableObjectError,
} from './lakeObject';
import type { BrokenObject } from './quarantine';

/**
 * What became of an object that was notified.
 * - `loadable`: COPY can take it.
 * - `vanished`: it is not there any more. S3 is consistent, so somebody deleted it; there is nothing to load.
 * - `loaded`: it was rewritten, to erase somebody, when the warehouse had its rows already; there is nothing to load.
 * - `broken`: COPY could not take it and it would take its batch along, now and for ever.
 * - `unavailable`: S3 did not hand it out. That says nothing about the object.
 */
export type ObjectFate =
  | { readonly fate: 'loadable'; readonly object: LakeObject }
  | { readonly fate: 'vanished'; readonly key: string }
  | { readonly fate: 'loaded'; readonly key: string }
  | { readonly fate: 'broken'; readonly object: BrokenObject }
  | { readonly fate: 'unavailable'; readonly key: string; readonly reason: string };

/** Objects looked at at once. */
const CONCURRENCY = 16;

/**
 * The fate of each object, in the order of `keys`.
 * @param clusterIdentifier the warehouse that is loaded
 */
export async function inspectObjects(
  s3: S3Client,
  bucketName: string,
  keys: readonly string[],
  clusterIdentifier?: string,
): Promise<ObjectFate[]> {
  const fates: ObjectFate[] = [];
  const queue = keys.entries();
  const work = async () => {
    for (const [index, key] of queue)
      fates[index] = await inspectObject(s3, bucketName, key, clusterIdentifier);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return fates;
}

async function inspectObject(
  s3: S3Client,
  bucketName: string,
  key: string,
  clusterIdentifier: string | undefined,
): Promise<ObjectFate> {
  try {
    const tail = await openTail(s3, bucketName, key);
    const loadedInto = tail.metadata[LOADED_INTO_METADATA];
    if (loadedInto !== undefined && loadedInto === clusterIdentifier) return { fate: 'loaded', key };
    return await inspectTail(key, tail);
  } catch (error) {
    if (isMissing(error)) return { fate: 'vanished', key };
    // Whatever it is, it concerns this object only: the others must not wait for it.
    return { fate: 'unavailable', key, reason: `${error}` };
  }
}

/** @throws UnavailableObjectError when S3 fails on the way */
async function inspectTail(key: string, { file, eTag, createdAtMillis }: Tail): Promise<ObjectFate> {
  const bytes = file.byteLength;
  let rows: number | undefined;
  try {
    const metadata = await readMetadata(file);
    rows = Number(metadata.num_rows);
    const columnCount = checkColumns(metadata);
    checkRequiredValues(metadata);
    const hours = hoursFromStatistics(metadata) ?? (await hoursFromRows(file, metadata));
    return { fate: 'loadable', object: { key, eTag, bytes, rows, columnCount, createdAtMillis, hours } };
  } catch (error) {
    if (!(error instanceof UnreadableObjectError)) throw error;
    const { reason, message } = error;
    return { fate: 'broken', object: { key, eTag, bytes, rows, reason, detail: message } };
  }
}

async function readMetadata(file: AsyncBuffer): Promise<FileMetaData> {
  try {
    return await parquetMetadataAsync(file, { initialFetchSize: TAIL_BYTES });
  } catch (error) {
    throw unreadable('it is no Parquet file', error);
  }
}

/** Some writers leave statistics out; then the column itself, an integer, is small enough to read. */
async function hoursFromRows(file: AsyncBuffer, metadata: FileMetaData): Promise<HourSpan | undefined> {
  let rows: Record<string, unknown>[];
  try {
    rows = await parquetReadObjects({ file, metadata, columns: [HOUR_COLUMN] });
  } catch (error) {
    throw unreadable(`column ${HOUR_COLUMN} cannot be read`, error);
  }
  return hourSpan([...new Set(rows.map((row) => row[HOUR_COLUMN]))]);
}

/** What the reader of Parquet failed of: the object's bytes, unless S3 did not hand them out. */
function unreadable(what: string, error: unknown): Error {
  if (error instanceof UnavailableObjectError) return error;
  const why = messageOf(error);
  return new UnreadableObjectError('not_parquet', `${what}: ${why}`, { cause: error });
}
