/**
 * Moves objects that cannot be loaded aside, so that they hold nobody up and nobody forgets them.
 *
 * Ledger row, copy, deletion, in this order: whatever lies in quarantine is in the ledger. Right to be cut off anywhere
 * and run again: there is one open row for a key, a copy overwrites itself, and both copy and deletion are bound to
 * the content that was found broken, so that what somebody has put in its place meanwhile is never touched. A copy with
 * other content is overwritten, too, and its row says so.
 */
import { randomUUID } from 'node:crypto';
import { CopyObjectCommand, DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Clock, DataApi } from '../shared/dataApi';
import { isMissing } from '../shared/objectTail';
import { closeStatements, OBJECTS_PER_LEDGER_BATCH, openStatements, quarantineKey } from './quarantineLedger';

/** An object COPY will never load. */
export interface BrokenObject {
  readonly key: string;
  /** Of the content that was found broken. */
  readonly eTag: string;
  readonly bytes: number;
  /** Rows its footer announces; undefined when it could not be read. */
  readonly rows: number | undefined;
  /** Short lower-case name of what is wrong. */
  readonly reason: string;
  /** In the words of whoever found it. */
  readonly detail: string;
}

/** What moving needs. */
export interface QuarantineTools {
  readonly s3: S3Client;
  readonly dataApi: DataApi;
  readonly clock: Clock;
  readonly bucketName: string;
}

/**
 * What became of an object.
 * - `moved`: it is in quarantine.
 * - `gone`: it was there no more.
 * - `replaced`: there is something else under its key now, which has a notification of its own.
 * - `left`: it could not be moved, or time was up; a later run will.
 */
export type MoveFate =
  | { readonly fate: 'moved' | 'gone' | 'replaced'; readonly object: BrokenObject }
  | { readonly fate: 'left'; readonly object: BrokenObject; readonly reason: string };

const STATEMENT_NAME = 'clickstream-quarantine';

/** Objects moved at once. */
const CONCURRENCY = 16;

/**
 * Moves objects into quarantine; the fate of each, in order.
 * @param deadlineMillis when to have ended, epoch milliseconds
 */
export async function moveToQuarantine(
  tools: QuarantineTools,
  objects: readonly BrokenObject[],
  deadlineMillis: number,
): Promise<MoveFate[]> {
  const fates: MoveFate[] = [];
  for (let start = 0; start < objects.length; start += OBJECTS_PER_LEDGER_BATCH) {
    const some = objects.slice(start, start + OBJECTS_PER_LEDGER_BATCH);
    fates.push(...(await moveSome(tools, some, deadlineMillis)));
  }
  return fates;
}

async function moveSome(
  tools: QuarantineTools,
  objects: readonly BrokenObject[],
  deadlineMillis: number,
): Promise<MoveFate[]> {
  if (tools.clock.now() >= deadlineMillis) return leave(objects, 'no time is left');
  try {
    await write(tools, openStatements(objects, tools.clock.now()), deadlineMillis);
  } catch (error) {
    return leave(objects, `the ledger cannot be written: ${error}`);
  }
  const fates: MoveFate[] = [];
  const queue = objects.entries();
  const work = async () => {
    for (const [index, object] of queue) fates[index] = await move(tools, object);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  const unmoved = fates.filter(({ fate }) => fate === 'gone' || fate === 'replaced');
  if (unmoved.length === 0) return fates;
  const keys = unmoved.map(({ object }) => object.key);
  try {
    await write(tools, closeStatements(keys, 'not_moved'), deadlineMillis);
  } catch (error) {
    const reason = `it was not moved, and the ledger cannot be told: ${error}`;
    return fates.map((fate) =>
      unmoved.includes(fate) ? { fate: 'left', object: fate.object, reason } : fate,
    );
  }
  return fates;
}

async function move({ s3, bucketName }: QuarantineTools, object: BrokenObject): Promise<MoveFate> {
  const { key, eTag, reason } = object;
  try {
    await s3.send(
      new CopyObjectCommand({
        Bucket: bucketName,
        Key: quarantineKey(key),
        CopySource: [bucketName, ...key.split('/')].map(encodeURIComponent).join('/'),
        CopySourceIfMatch: eTag,
        MetadataDirective: 'REPLACE',
        Metadata: { reason },
      }),
    );
  } catch (error) {
    if (isMissing(error)) return { fate: 'gone', object };
    if (isOtherContent(error)) return { fate: 'replaced', object };
    return { fate: 'left', object, reason: `it cannot be copied: ${error}` };
  }
  try {
    await s3.send(new DeleteObjectCommand({ Bucket: bucketName, Key: key, IfMatch: eTag }));
  } catch (error) {
    // Gone or replaced since it was copied: what was broken is in quarantine all the same.
    if (!isMissing(error) && !isOtherContent(error)) {
      return { fate: 'left', object, reason: `it cannot be deleted: ${error}` };
    }
  }
  return { fate: 'moved', object };
}

async function write(
  { dataApi }: QuarantineTools,
  statements: readonly string[],
  deadlineMillis: number,
): Promise<void> {
  const id = await dataApi.submit(statements, STATEMENT_NAME, randomUUID());
  await dataApi.follow(id, deadlineMillis);
}

function leave(objects: readonly BrokenObject[], reason: string): MoveFate[] {
  return objects.map((object) => ({ fate: 'left', object, reason }));
}

/** Whether S3 says that the object is no more the one that was meant. */
function isOtherContent(error: unknown): boolean {
  return error instanceof Error && error.name === 'PreconditionFailed';
}
