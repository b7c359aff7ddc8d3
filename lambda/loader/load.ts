/** Loads one batch of objects in one transaction, and tells what came of it. */
import { randomUUID } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import {
  type Clock,
  type DataApi,
  jitter,
  type ResultRow,
  StatementFailedError,
  StatementTimeoutError,
} from '../shared/dataApi';
import type { LakeObject } from './lakeObject';
import { manifestKey, manifestText } from './manifest';
import { loadStatements } from './sql';

/** Statements of loads carry this name, so that a later run can find one that still runs. */
export const LOAD_STATEMENT_PREFIX = 'clickstream-load-';

/** What a load needs besides its objects. */
export interface LoadTools {
  readonly s3: S3Client;
  readonly dataApi: DataApi;
  readonly clock: Clock;
  readonly bucketName: string;
  /** Role COPY reads the lake with. */
  readonly copyRoleArn: string;
  /** Hours before and after the batch's own span in which duplicates are looked for. */
  readonly lookBackHours: number;
}

/**
 * How a load ended.
 * - `loaded`: committed, with its counts.
 * - `failed`: rolled back; nothing of it is in the warehouse.
 * - `running`: not ended by the deadline; it may yet commit.
 */
export type LoadOutcome =
  | {
      readonly fate: 'loaded';
      readonly batchId: string;
      /** What the footers announced. */
      readonly rowsExpected: number;
      readonly rowsStaged: number;
      readonly rowsNew: number;
      readonly rowsDuplicate: number;
    }
  | { readonly fate: 'failed'; readonly error: StatementFailedError }
  | { readonly fate: 'running'; readonly error: StatementTimeoutError };

/** Times a load is submitted when other transactions are in its way. */
const CONFLICT_ATTEMPTS = 4;
const CONFLICT_PAUSE_MILLIS = 2_000;

/**
 * Writes the manifest, submits the load, follows it to its end, reads its row of the ledger. Safe to repeat at any
 * point: a load that committed unseen makes the next one of the same objects find only duplicates.
 * @param deadlineMillis when to stop waiting, epoch milliseconds
 */
export async function loadBatch(
  tools: LoadTools,
  objects: readonly LakeObject[],
  deadlineMillis: number,
): Promise<LoadOutcome> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await submitAndFollow(tools, objects, deadlineMillis);
    const pause = jitter(CONFLICT_PAUSE_MILLIS * attempt);
    const isWorthRepeating =
      outcome.fate === 'failed' && outcome.error.isConflict && attempt < CONFLICT_ATTEMPTS;
    if (!isWorthRepeating || tools.clock.now() + pause > deadlineMillis) return outcome;
    await tools.clock.sleep(pause);
  }
}

async function submitAndFollow(
  tools: LoadTools,
  objects: readonly LakeObject[],
  deadlineMillis: number,
): Promise<LoadOutcome> {
  const { s3, dataApi, bucketName, copyRoleArn, lookBackHours } = tools;
  const batchId = randomUUID();
  const startedAtMillis = tools.clock.now();
  const key = manifestKey(batchId, startedAtMillis);
  const statements = loadStatements({
    batchId,
    startedAtMillis,
    bucketName,
    copyRoleArn,
    manifestKey: key,
    objects,
    lookBackHours,
  });
  await s3.send(
    new PutObjectCommand({
      Bucket: bucketName,
      Key: key,
      Body: manifestText(bucketName, objects),
      ContentType: 'application/json',
    }),
  );
  // The token makes the SDK's own retry of this one request safe; a later load of the same objects has another.
  const id = await dataApi.submit(statements, `${LOAD_STATEMENT_PREFIX}${batchId}`, batchId);
  try {
    await dataApi.follow(id, deadlineMillis);
  } catch (error) {
    if (error instanceof StatementFailedError) return { fate: 'failed', error };
    if (error instanceof StatementTimeoutError) return { fate: 'running', error };
    throw error;
  }
  const [row] = await dataApi.rows(id, statements.length - 1);
  return {
    fate: 'loaded',
    batchId,
    rowsExpected: objects.reduce((total, { rows }) => total + rows, 0),
    rowsStaged: count(row, 'rows_staged'),
    rowsNew: count(row, 'rows_new'),
    rowsDuplicate: count(row, 'rows_duplicate'),
  };
}

function count(row: ResultRow | undefined, name: string): number {
  const value = row?.[name];
  if (typeof value !== 'number') throw new Error(`The ledger's row gives no number for ${name}: ${value}`);
  return value;
}
