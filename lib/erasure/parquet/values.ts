/**
 * Parquet values as they are stored, not as what they mean: what is read and written again must be the same to the
 * bit, whatever type the schema gives it.
 */
import { type AsyncBuffer, type FileMetaData, parquetRead } from 'hyparquet';

/**
 * A stored value: bytes for BYTE_ARRAY, a bigint for INT64, nanoseconds since the epoch as a bigint for INT96.
 * Null or undefined is NULL.
 */
export type StoredValue = boolean | number | bigint | Uint8Array | null | undefined;

/** Values of a column, by row. */
export type StoredColumn = ArrayLike<StoredValue>;

/** The file cannot be read as Parquet, or in a form that is not understood here. */
export class UnreadableParquetError extends Error {
  override readonly name = 'UnreadableParquetError';
}

/**
 * Columns of one row group, by name.
 * @param columns names; undefined reads all
 * @throws UnreadableParquetError
 */
export async function readStoredColumns(
  file: AsyncBuffer,
  metadata: FileMetaData,
  groupIndex: number,
  columns?: readonly string[],
): Promise<Map<string, StoredColumn>> {
  const before = metadata.row_groups.slice(0, groupIndex);
  const rowStart = before.reduce((total, group) => total + Number(group.num_rows), 0);
  const rowCount = Number(metadata.row_groups[groupIndex]?.num_rows ?? 0n);
  const chunks = new Map<string, { start: number; data: ArrayLike<unknown> }[]>();
  try {
    await parquetRead({
      file,
      metadata: withoutMeaning(metadata),
      rowStart,
      rowEnd: rowStart + rowCount,
      ...(columns === undefined ? {} : { columns: [...columns] }),
      utf8: false,
      parsers: { timestampFromNanoseconds: (nanos) => nanos },
      onChunk: ({ columnName, columnData, rowStart: start }) => {
        const parts = chunks.get(columnName) ?? [];
        parts.push({ start: start - rowStart, data: columnData });
        chunks.set(columnName, parts);
      },
    });
  } catch (cause) {
    throw new UnreadableParquetError(`row group ${groupIndex + 1} cannot be read: ${cause}`, { cause });
  }
  const names = columns ?? leafNames(metadata);
  return new Map(names.map((name) => [name, join(name, chunks.get(name) ?? [], rowCount)]));
}

function join(
  name: string,
  parts: readonly { start: number; data: ArrayLike<unknown> }[],
  rowCount: number,
): StoredColumn {
  const values: StoredValue[] = new Array(rowCount);
  let count = 0;
  for (const { start, data } of parts) {
    count += data.length;
    for (let i = 0; i < data.length; i++) values[start + i] = storedValue(name, data[i]);
  }
  if (count !== rowCount) {
    throw new UnreadableParquetError(`column ${name} has ${count} values in a row group of ${rowCount} rows`);
  }
  return values;
}

function storedValue(name: string, value: unknown): StoredValue {
  switch (typeof value) {
    case 'boolean':
    case 'number':
    case 'bigint':
    case 'undefined':
      return value;
    default:
      if (value === null || value instanceof Uint8Array) return value;
      throw new UnreadableParquetError(
        `column ${name} holds lists or structures; only flat columns are understood`,
      );
  }
}

/** Names of the columns, in file order. */
export function leafNames(metadata: FileMetaData): string[] {
  return metadata.schema.slice(1).map(({ name }) => name);
}

/** The metadata without what would make the reader turn stored values into dates, text or decimals. */
function withoutMeaning(metadata: FileMetaData): FileMetaData {
  return {
    ...metadata,
    schema: metadata.schema.map(
      ({ converted_type: _converted, logical_type: _logical, ...element }) => element,
    ),
  };
}
