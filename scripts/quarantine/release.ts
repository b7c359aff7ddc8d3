/**
 * Takes objects out of quarantine: back into the lake, or away.
 *
 * Right to be cut off anywhere and run again. Retrying copies the object back, closes its row, deletes the copy; the
 * object in the lake says what it was copied from, so a second try knows its own work. The loader may well find the
 * object broken again in between: then the row has a new time and stays open.
 */
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import type { DataApi } from '../../lambda/shared/dataApi';
import { isMissing } from '../../lambda/shared/objectTail';
import type { Target } from '../target/target';
import { close, type LedgerRow } from './ledger';

/** What became of one object. */
export interface ReleaseResult {
  readonly key: string;
  readonly outcome: 'retried' | 'dropped' | 'failed';
  readonly note: string;
}

/** Where objects and ledger are. */
export type ReleaseTools = Pick<Target, 's3' | 'bucketName'> & { readonly dataApi: DataApi };

/** Metadata of an object that was put back: the ETag of what it was copied from. */
const COPIED_FROM = 'quarantine-etag';

/** Puts an object back to where it was: S3 tells the loader of it as of a new one. */
export async function retry(tools: ReleaseTools, row: LedgerRow): Promise<ReleaseResult> {
  const failed = (note: string) => ({ key: row.key, outcome: 'failed' as const, note });
  const copy = await head(tools, row.quarantineKey);
  const original = await head(tools, row.key);
  if (copy === undefined) {
    if (original === undefined) return failed('it is neither in quarantine nor in the lake; drop it');
    await close(tools.dataApi, row, 'retried');
    return { key: row.key, outcome: 'retried', note: 'was in the lake already' };
  }
  if (original !== undefined && original.Metadata?.[COPIED_FROM] !== bare(copy.ETag)) {
    return failed('the lake has another object under this key: drop this one, or move the other away');
  }
  if (original === undefined) await putBack(tools, row, copy);
  const isClosed = await close(tools.dataApi, row, 'retried');
  if (!isClosed) return failed('it was loaded at once, and is in quarantine again');
  await remove(tools, row, copy);
  return { key: row.key, outcome: 'retried', note: 'the next load takes it' };
}

/** Deletes an object for good. A versioned bucket keeps the old version for some time. */
export async function drop(tools: ReleaseTools, row: LedgerRow): Promise<ReleaseResult> {
  const copy = await head(tools, row.quarantineKey);
  if (copy !== undefined) await remove(tools, row, copy);
  if (!(await close(tools.dataApi, row, 'dropped'))) {
    return { key: row.key, outcome: 'failed', note: 'it came into quarantine again meanwhile' };
  }
  return { key: row.key, outcome: 'dropped', note: copy === undefined ? 'was gone already' : '' };
}

async function putBack(
  { s3, bucketName }: ReleaseTools,
  { key, quarantineKey }: LedgerRow,
  copy: HeadObjectCommandOutput,
): Promise<void> {
  await s3.send(
    new CopyObjectCommand({
      Bucket: bucketName,
      Key: key,
      CopySource: [bucketName, ...quarantineKey.split('/')].map(encodeURIComponent).join('/'),
      CopySourceIfMatch: copy.ETag,
      IfNoneMatch: '*',
      MetadataDirective: 'REPLACE',
      Metadata: { [COPIED_FROM]: bare(copy.ETag) },
    }),
  );
}

/** Deletes what was looked at, and nothing that has taken its place since. */
async function remove(
  { s3, bucketName }: ReleaseTools,
  { quarantineKey }: LedgerRow,
  { ETag }: HeadObjectCommandOutput,
): Promise<void> {
  try {
    await s3.send(new DeleteObjectCommand({ Bucket: bucketName, Key: quarantineKey, IfMatch: ETag }));
  } catch (error) {
    const isOtherContent = error instanceof Error && error.name === 'PreconditionFailed';
    if (!isMissing(error) && !isOtherContent) throw error;
  }
}

async function head(
  { s3, bucketName }: ReleaseTools,
  key: string,
): Promise<HeadObjectCommandOutput | undefined> {
  try {
    return await s3.send(new HeadObjectCommand({ Bucket: bucketName, Key: key }));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** An ETag without its quotes, which metadata would not keep. */
function bare(eTag: string | undefined): string {
  return (eTag ?? '').replaceAll('"', '');
}
