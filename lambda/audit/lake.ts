/** What lies in the lake, by partition: the audit never lists the whole bucket. */
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { ERRORS_PREFIX, hourPartition } from '../../lib/contract/lakeLayout';
import { listPages } from '../shared/listing';

/** The lake's bucket. */
export interface Lake {
  readonly s3: S3Client;
  readonly bucketName: string;
}

/** An object as a listing shows it. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  /** When S3 stored it, epoch milliseconds. */
  readonly createdAtMillis: number;
}

/** Requests under way at once. */
export const CONCURRENCY = 32;

/**
 * Objects below a prefix in the partitions of some hours, in order.
 * @param prefix such as "events/"
 */
export async function listPartitions(
  lake: Lake,
  prefix: string,
  hours: readonly number[],
): Promise<ListedObject[]> {
  const pages = await concurrently(hours, (hour) => listPrefix(lake, `${prefix}${hourPartition(hour)}`));
  return pages.flat();
}

/** Every object whose key starts so. */
export async function listPrefix({ s3, bucketName }: Lake, prefix: string): Promise<ListedObject[]> {
  const objects: ListedObject[] = [];
  for await (const { Contents = [] } of listPages(s3, { Bucket: bucketName, Prefix: prefix })) {
    for (const { Key = '', Size = 0, LastModified } of Contents) {
      objects.push({ key: Key, bytes: Size, createdAtMillis: LastModified?.getTime() ?? 0 });
    }
  }
  return objects;
}

/** Types of errors that delivery streams have written, such as "format-conversion-failed". */
export async function errorTypes({ s3, bucketName }: Lake): Promise<string[]> {
  const page = await s3.send(
    new ListObjectsV2Command({ Bucket: bucketName, Prefix: ERRORS_PREFIX, Delimiter: '/' }),
  );
  return (page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix.slice(ERRORS_PREFIX.length, -1));
}

/** Does something for each of many, some at a time; the results in order. */
export async function concurrently<T, R>(all: readonly T[], one: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = all.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await one(item);
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, all.length) }, work));
  return results;
}
