/** Finds the rows of people in a Parquet file, reading as little of it as it can. */
import type { AsyncBuffer, ColumnMetaData, FileMetaData } from 'hyparquet';
import type { RowSelection } from './rewrite';
import { readStoredColumns, type StoredColumn } from './values';

/** Columns that decide whose a row is. */
export interface OwnerColumns {
  readonly visitor_id?: string | undefined;
  readonly user_id?: string | undefined;
  readonly site_id?: string | undefined;
}

/** Whose rows are looked for. */
export interface RowOwner {
  /** Identifiers as they are stored, by column: a row can only be theirs when one of these columns holds one. */
  readonly identifiers: ReadonlyMap<'visitor_id' | 'user_id', ReadonlySet<string>>;
  /** Whether a row is theirs. */
  owns(row: OwnerColumns): boolean;
}

const COLUMNS = ['visitor_id', 'user_id', 'site_id'] as const;

/**
 * Rows that are theirs. Row groups whose statistics rule them out are not read; of the others first the identifying
 * columns, and the site only where one of the identifiers was found.
 * @throws UnreadableParquetError
 */
export async function findRows(
  file: AsyncBuffer,
  metadata: FileMetaData,
  owner: RowOwner,
): Promise<RowSelection> {
  const found = new Map<number, ReadonlySet<number>>();
  const present = new Set(metadata.schema.map(({ name }) => name));
  for (const [index, group] of metadata.row_groups.entries()) {
    const candidates = [...owner.identifiers].filter(
      ([column, ids]) =>
        present.has(column) &&
        ids.size > 0 &&
        mayHold(
          group.columns.map(({ meta_data }) => meta_data),
          column,
          ids,
        ),
    );
    if (candidates.length === 0) continue;
    const searched = await readText(
      file,
      metadata,
      index,
      candidates.map(([column]) => column),
    );
    const isHit = candidates.some(([column, ids]) =>
      searched[column]?.some((id) => id !== undefined && ids.has(id)),
    );
    if (!isHit) continue;
    const missing = COLUMNS.filter((column) => present.has(column) && searched[column] === undefined);
    const columns = { ...searched, ...(await readText(file, metadata, index, missing)) };
    const rows = new Set<number>();
    for (let row = 0; row < Number(group.num_rows); row++) {
      const isTheirs = owner.owns({
        visitor_id: columns.visitor_id?.[row],
        user_id: columns.user_id?.[row],
        site_id: columns.site_id?.[row],
      });
      if (isTheirs) rows.add(row);
    }
    if (rows.size > 0) found.set(index, rows);
  }
  return found;
}

/** False when the column's bounds leave out every identifier. A bound that was cut is still a bound. */
function mayHold(
  chunks: readonly (ColumnMetaData | undefined)[],
  column: string,
  ids: ReadonlySet<string>,
): boolean {
  const { min_value: min, max_value: max } =
    chunks.find((chunk) => chunk?.path_in_schema.join('.') === column)?.statistics ?? {};
  // A bound cut within a character has been decoded to something else, and is no bound any more.
  if (typeof min !== 'string' || typeof max !== 'string' || min.includes('\ufffd')) return true;
  const [least, most] = [Buffer.from(min), Buffer.from(max)];
  return [...ids].some((id) => {
    const bytes = Buffer.from(id);
    return (
      Buffer.compare(bytes, least) >= 0 && (Buffer.compare(bytes, most) <= 0 || bytes.indexOf(most) === 0)
    );
  });
}

type TextColumns = { [C in (typeof COLUMNS)[number]]?: (string | undefined)[] };

async function readText(
  file: AsyncBuffer,
  metadata: FileMetaData,
  index: number,
  columns: readonly (typeof COLUMNS)[number][],
): Promise<TextColumns> {
  if (columns.length === 0) return {};
  const stored = await readStoredColumns(file, metadata, index, columns);
  return Object.fromEntries([...stored].map(([name, values]) => [name, toText(values)]));
}

function toText(values: StoredColumn): (string | undefined)[] {
  return Array.from(values, (value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : undefined,
  );
}
