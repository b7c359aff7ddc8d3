/** Objects of a bucket that a replay reads: listed by partition, archived ones told apart, read line by line. */
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  type ObjectStorageClass,
  type S3Client,
} from '@aws-sdk/client-s3';
import { listPages } from '../../lambda/shared/listing';
import { hourPartition, partitionHour } from '../../lib/contract/lakeLayout';
import { type Line, linesOf } from '../send/lines';

/** Arrival hours, epoch milliseconds; undefined is unbounded. */
export interface HourRange {
  readonly fromMillis?: number;
  /** Not included. */
  readonly toMillis?: number;
}

/** An object as a listing shows it. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  readonly storageClass: ObjectStorageClass | undefined;
}

/** A bucket. */
export interface Store {
  readonly s3: S3Client;
  readonly bucketName: string;
}

/** Which objects below a prefix. */
export interface Selection extends HourRange {
  readonly prefix: string;
  /** Leaves out what was stored later: what a replay itself brings about must not be replayed by it. */
  readonly storedBeforeMillis?: number;
  /** Leaves out this key and what sorts before it. */
  readonly after?: string;
}

/** Objects of these classes cannot be read before they are restored. */
const ARCHIVE_CLASSES: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** Selected objects in the order of their keys, which below a prefix of partitions is that of their hours. */
export async function* listStored(store: Store, selection: Selection): AsyncGenerator<StoredObject, void> {
  const { prefix, fromMillis, toMillis, storedBeforeMillis, after } = selection;
  const firstKey = fromMillis === undefined ? undefined : `${prefix}${hourPartition(fromMillis)}`;
  const StartAfter = [firstKey, after]
    .flatMap((key) => key ?? [])
    .sort()
    .at(-1);
  const pages = listPages(store.s3, { Bucket: store.bucketName, Prefix: prefix, StartAfter });
  for await (const { Contents = [] } of pages) {
    for (const { Key = '', Size = 0, LastModified, StorageClass } of Contents) {
      const hour = partitionHour(Key);
      if (toMillis !== undefined && hour !== undefined && hour >= toMillis) return;
      const isLater = storedBeforeMillis !== undefined && (LastModified?.getTime() ?? 0) > storedBeforeMillis;
      if (!isLater && Size > 0) yield { key: Key, bytes: Size, storageClass: StorageClass };
    }
  }
}

/** Whether an object has to be restored before anybody can read it; one that is restored at present has not. */
export async function isArchived(store: Store, { key, storageClass }: StoredObject): Promise<boolean> {
  if (storageClass === undefined || !ARCHIVE_CLASSES.has(storageClass)) return false;
  const { Restore } = await store.s3.send(new HeadObjectCommand({ Bucket: store.bucketName, Key: key }));
  return Restore?.includes('ongoing-request="false"') !== true;
}

/**
 * Lines of an object, gzipped or not.
 * @throws InputError when it cannot be decompressed to its end
 */
export async function* objectLines(store: Store, key: string): AsyncGenerator<Line, void> {
  const { Body } = await store.s3.send(new GetObjectCommand({ Bucket: store.bucketName, Key: key }));
  if (!(Body instanceof Readable)) throw new Error(`S3 gave no content for ${key}`);
  for await (const lines of linesOf(Body, key)) yield* lines;
}
