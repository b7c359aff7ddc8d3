/** Finds the hour partitions of the lake by listing prefixes, level by level; no object is listed. */
import type { S3Client } from '@aws-sdk/client-s3';
import { listPages } from '../../lambda/shared/listing';
import { EVENTS_PREFIX, PARTITION_KEYS } from '../../lib/contract/lakeLayout';

/** A span of hours as `yyyymmddhh` text; both ends are inside. Shorter text stands for all that begins so. */
export interface HourRange {
  readonly from?: string;
  readonly to?: string;
}

/**
 * Prefixes of the partitions that hold objects, in order, each ending with a slash.
 * @param range only partitions in it; whole years, months and days outside are not even listed
 */
export async function* listPartitions(
  s3: S3Client,
  bucketName: string,
  range: HourRange = {},
): AsyncGenerator<string> {
  yield* descend(s3, bucketName, EVENTS_PREFIX, '', range);
}

async function* descend(
  s3: S3Client,
  bucketName: string,
  prefix: string,
  digits: string,
  range: HourRange,
): AsyncGenerator<string> {
  const key = PARTITION_KEYS[levelOf(prefix)];
  if (key === undefined) {
    yield prefix;
    return;
  }
  for await (const child of childPrefixes(s3, bucketName, prefix)) {
    const value = new RegExp(`^${key}=(\\d+)/$`).exec(child.slice(prefix.length))?.[1];
    if (value === undefined) continue;
    const known = digits + value;
    if (isInRange(known, range)) yield* descend(s3, bucketName, child, known, range);
  }
}

function levelOf(prefix: string): number {
  return prefix.slice(EVENTS_PREFIX.length).split('/').length - 1;
}

/** Compared by as many digits as both have, so that a day is entered when any of its hours may be inside. */
export function isInRange(digits: string, { from, to }: HourRange): boolean {
  const isBefore = from !== undefined && digits < from.slice(0, digits.length);
  const isAfter = to !== undefined && digits.slice(0, to.length) > to;
  return !isBefore && !isAfter;
}

async function* childPrefixes(s3: S3Client, Bucket: string, Prefix: string): AsyncGenerator<string> {
  for await (const { CommonPrefixes = [] } of listPages(s3, { Bucket, Prefix, Delimiter: '/' })) {
    for (const { Prefix: child } of CommonPrefixes) if (child !== undefined) yield child;
  }
}
