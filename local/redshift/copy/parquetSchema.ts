/** Holds the columns of a Parquet file against those of a table, by position, as COPY does. */
import { RedshiftError } from '../redshiftError';
import type { Column, Session } from '../session';
import { stringLiteral } from '../sql/lexer';
import type { CopyFile } from './manifest';

/** A column of a Parquet file. */
export interface ParquetColumn {
  readonly name: string;
  /** Physical type, such as BYTE_ARRAY. */
  readonly type: string;
  /** Logical or converted type, or empty. */
  readonly logicalType: string;
}

/** Which Parquet types COPY takes for a column of DuckDB's type. */
const ACCEPTED: Readonly<Record<string, (column: ParquetColumn) => boolean>> = {
  VARCHAR: ({ type, logicalType }) => type === 'BYTE_ARRAY' && /^$|STRING|UTF8|JSON|ENUM/i.test(logicalType),
  BOOLEAN: ({ type }) => type === 'BOOLEAN',
  SMALLINT: ({ type, logicalType }) => type === 'INT32' && !/DATE|TIME|DECIMAL/i.test(logicalType),
  INTEGER: ({ type, logicalType }) => type === 'INT32' && !/DATE|TIME|DECIMAL/i.test(logicalType),
  BIGINT: ({ type, logicalType }) => type === 'INT64' && !/TIME|DECIMAL/i.test(logicalType),
  FLOAT: ({ type }) => type === 'FLOAT',
  DOUBLE: ({ type }) => type === 'DOUBLE',
  DATE: ({ type, logicalType }) => type === 'INT32' && /DATE/i.test(logicalType),
  // Firehose writes INT96; what DuckDB writes in its place carries a TIMESTAMP annotation.
  TIMESTAMP: ({ type, logicalType }) =>
    type === 'INT96' || (type === 'INT64' && /TIMESTAMP/i.test(logicalType)),
  DECIMAL: ({ logicalType }) => /DECIMAL/i.test(logicalType),
};

/** @throws RedshiftError when the file is no Parquet file or has nested columns */
export async function readParquetColumns(session: Session, file: CopyFile): Promise<ParquetColumn[]> {
  let found: Record<string, unknown>[];
  try {
    found = await session.rows(`SELECT name, type, num_children, repetition_type,
      coalesce(logical_type, converted_type, '') AS logical FROM parquet_schema(${stringLiteral(file.path)})`);
  } catch (error) {
    const [reason] = String(error)
      .replace(/^Error: /, '')
      .split('\n');
    throw scanError(`File '${file.url}' is not a readable Parquet file: ${reason}`);
  }
  const [, ...columns] = found;
  const nested = columns.find((column) => Number(column.num_children ?? 0) > 0);
  if (nested)
    throw scanError(`File '${file.url}' has the nested column ${nested.name}, which this COPY does not take`);
  return columns.map((column) => ({
    name: String(column.name),
    type: String(column.type),
    logicalType: String(column.logical),
  }));
}

/**
 * @param fillRecord the file may lack trailing columns
 * @throws RedshiftError when the number of columns or the type of one does not fit
 */
export function requireMatch(
  file: CopyFile,
  fileColumns: readonly ParquetColumn[],
  tableColumns: readonly Column[],
  fillRecord: boolean,
): void {
  const isMatch = fillRecord
    ? fileColumns.length <= tableColumns.length
    : fileColumns.length === tableColumns.length;
  if (!isMatch) {
    throw scanError(
      `Unmatched number of columns between table and file. Table columns: ${tableColumns.length}, Data columns: ${fileColumns.length}, File name: ${file.url}`,
    );
  }
  fileColumns.forEach((fileColumn, index) => {
    const column = tableColumns[index];
    if (!column) return;
    const accepts = ACCEPTED[column.type.replace(/\(.*$/, '')];
    if (accepts?.(fileColumn)) return;
    throw scanError(
      `File '${file.url}' has an incompatible Parquet schema for column '${column.name}'. Column type: ${column.type}, Parquet schema: ${fileColumn.type} ${fileColumn.logicalType} ${fileColumn.name}`,
    );
  });
}

/** The words Redshift wraps a COPY failure of a columnar file in. */
export function scanError(context: string): RedshiftError {
  return new RedshiftError(
    `Spectrum Scan Error\n  Detail: error: Spectrum Scan Error, code: 15001, context: ${context}`,
  );
}
