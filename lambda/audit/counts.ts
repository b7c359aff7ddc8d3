/** Reads what the transform has left in counts/. */

import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { COUNTS_PREFIX } from '../../lib/contract/lakeLayout';
import { HOUR_MILLIS } from '../../lib/contract/units';
import { BySite } from './bySite';
import { parseHourNumber } from './hours';
import { concurrently, type Lake, listPartitions } from './lake';

/** What was counted of some hours. */
export interface Counts {
  /** Events that became rows. */
  readonly accepted: BySite;
  readonly rejected: BySite;
  /** Hours of which anything was counted, with the time the last of it was stored. Epoch milliseconds. */
  readonly lastStored: Map<number, number>;
  /** Invocations, each once. */
  invocations: number;
  /** Lines about an invocation that had been counted already. */
  repeated: number;
}

/** A line in counts/ that the transform cannot have written. */
export class CountsError extends Error {
  override readonly name = 'CountsError';
}

/** Lines land in partitions up to so much later: buffers, and a transform that is behind. */
const HOURS_LATE = 2;

const unzip = promisify(gunzip);

/**
 * Counts of hours, from their own partitions and those after them.
 * @throws CountsError when a line is none
 */
export async function readCounts(lake: Lake, hours: readonly number[], nowMillis: number): Promise<Counts> {
  const counts: Counts = {
    accepted: new BySite(),
    rejected: new BySite(),
    lastStored: new Map(),
    invocations: 0,
    repeated: 0,
  };
  const seen = new Set<string>();
  const partitions = withFollowing(hours, HOURS_LATE).filter((hour) => hour <= nowMillis);
  const objects = await listPartitions(lake, COUNTS_PREFIX, partitions);
  await concurrently(objects, async ({ key, createdAtMillis }) => {
    for (const line of await readLines(lake, key)) add(counts, seen, parse(line, key), createdAtMillis);
  });
  return counts;
}

/** Hours, and so many after each of them, each once and in order. */
export function withFollowing(hours: readonly number[], following: number): number[] {
  const all = new Set<number>();
  for (const hour of hours) for (let step = 0; step <= following; step++) all.add(hour + step * HOUR_MILLIS);
  return [...all].sort((a, b) => a - b);
}

async function readLines({ s3, bucketName }: Lake, key: string): Promise<string[]> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
  const bytes = await Body?.transformToByteArray();
  if (bytes === undefined) throw new CountsError(`${key}: S3 gave no body`);
  const text = (await unzip(bytes)).toString();
  return text.split('\n').filter((line) => line !== '');
}

interface Line {
  readonly counts_id: string;
  readonly rows: Record<string, Record<string, number>>;
  readonly rejected: Record<string, Record<string, Record<string, number>>>;
}

function parse(text: string, key: string): Line {
  let line: Partial<Line> | null;
  try {
    line = JSON.parse(text);
  } catch (cause) {
    throw new CountsError(`${key} holds a line that is no JSON: ${text.slice(0, 80)}`, { cause });
  }
  const { counts_id, rows, rejected } = line ?? {};
  if (typeof counts_id !== 'string' || typeof rows !== 'object' || typeof rejected !== 'object') {
    throw new CountsError(`${key} holds a line without counts_id, rows and rejected: ${text.slice(0, 80)}`);
  }
  return { counts_id, rows, rejected };
}

function add(counts: Counts, seen: Set<string>, line: Line, storedAtMillis: number): void {
  if (seen.has(line.counts_id)) {
    counts.repeated++;
    return;
  }
  seen.add(line.counts_id);
  counts.invocations++;
  const into = (table: BySite, hours: Record<string, Record<string, number>>) => {
    for (const [hourNumber, sites] of Object.entries(hours)) {
      const hour = parseHourNumber(hourNumber);
      counts.lastStored.set(hour, Math.max(counts.lastStored.get(hour) ?? 0, storedAtMillis));
      for (const [siteId, events] of Object.entries(sites)) table.add(hour, siteId, events);
    }
  };
  into(counts.accepted, line.rows);
  for (const hours of Object.values(line.rejected)) into(counts.rejected, hours);
}
