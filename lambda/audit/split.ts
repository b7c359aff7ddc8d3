/** How the rows of an object divide by arrival hour and site: two columns of it are read, no more. */
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { ColumnName } from '../../lib/event/columns';
import { isMissing, openTail, TAIL_BYTES } from '../shared/objectTail';
import { BySite } from './bySite';
import { hourOf } from './hours';
import type { Lake } from './lake';

/**
 * - `split`: its rows by hour and site.
 * - `unsplit`: nobody knows which sites they belong to; `rows` is what the footer announces, if it can be read.
 * - `missing`: there is no such object any more.
 */
export type Split =
  | { readonly kind: 'split'; readonly rows: BySite }
  | { readonly kind: 'unsplit'; readonly rows: number | undefined }
  | { readonly kind: 'missing' };

const COLUMNS = ['site_id', 'arrived_at'] as const satisfies readonly ColumnName[];

/**
 * Divides the rows of an object.
 * @throws Error S3's own, when it does not answer
 */
export async function splitObject({ s3, bucketName }: Lake, key: string): Promise<Split> {
  let tail: Awaited<ReturnType<typeof openTail>>;
  try {
    tail = await openTail(s3, bucketName, key);
  } catch (error) {
    if (isMissing(error)) return { kind: 'missing' };
    throw error;
  }
  let announced: number | undefined;
  try {
    const metadata = await parquetMetadataAsync(tail.file, { initialFetchSize: TAIL_BYTES });
    announced = Number(metadata.num_rows);
    const rows = new BySite();
    for (const row of await parquetReadObjects({ file: tail.file, metadata, columns: [...COLUMNS] })) {
      const arrived = row.arrived_at;
      if (!(arrived instanceof Date) || typeof row.site_id !== 'string') {
        return { kind: 'unsplit', rows: announced };
      }
      rows.add(hourOf(arrived.getTime()), row.site_id, 1);
    }
    return { kind: 'split', rows };
  } catch {
    // Broken, or S3 failed half-way: the audit says that it could not be read, and the next one tries again.
    return { kind: 'unsplit', rows: announced };
  }
}
