/** What a Parquet object's footer tells: whether COPY can take it, its rows, and its span of time. Pure. */
import type { ColumnMetaData, FileMetaData, ParquetType } from 'hyparquet';
import { type ColumnType, EVENT_COLUMNS } from '../../lib/event/columns';
import { type HourSpan, hourMillis } from '../shared/timeWindows';

/** An object COPY can load. */
export interface LakeObject {
  readonly key: string;
  /** Of the content that was looked at: tells whether somebody has replaced the object since. */
  readonly eTag: string;
  /** Exact size: COPY refuses a Parquet object whose manifest entry is off by a byte. */
  readonly bytes: number;
  /** Rows the footer announces. */
  readonly rows: number;
  /** Columns it has: the first so many of the event's. Files from before a column was appended have fewer. */
  readonly columnCount: number;
  /** When S3 stored it, epoch milliseconds. */
  readonly createdAtMillis: number;
  /** Hours of `received_at` in it; undefined when it has no rows. */
  readonly hours: HourSpan | undefined;
}

/**
 * What can be wrong with an object that is looked at; `failures.ts` names in the same way what Redshift finds. One with
 * `unknown_columns` behind the event's own is of a later release, or of nobody's.
 */
export type UnreadableReason =
  | 'not_parquet'
  | 'wrong_columns'
  | 'unknown_columns'
  | 'required_value_missing'
  | 'wrong_hours';

/** COPY could not load the object, and would fail everything that is loaded with it. */
export class UnreadableObjectError extends Error {
  override readonly name = 'UnreadableObjectError';

  constructor(
    readonly reason: UnreadableReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Column whose statistics give the span of time. */
export const HOUR_COLUMN = 'received_hour';

/** Physical Parquet types COPY takes for a column. Firehose writes timestamps as INT96. */
const PHYSICAL_TYPES: Record<ColumnType, readonly ParquetType[]> = {
  string: ['BYTE_ARRAY'],
  json: ['BYTE_ARRAY'],
  timestamp: ['INT96', 'INT64'],
  boolean: ['BOOLEAN'],
  int: ['INT32'],
  bigint: ['INT64'],
  double: ['DOUBLE'],
};

/**
 * Checks that a file's columns are the event's, in order: COPY maps them by position, and would silently put one
 * into another where the types happen to fit.
 * @returns how many columns it has
 * @throws UnreadableObjectError naming the first column that differs
 */
export function checkColumns(metadata: FileMetaData): number {
  const leaves = metadata.schema.filter((element) => element.num_children === undefined && element.type);
  for (const [index, leaf] of leaves.entries()) {
    const column = EVENT_COLUMNS[index];
    if (column === undefined) {
      throw new UnreadableObjectError(
        'unknown_columns',
        `it has ${leaves.length} columns, the event has ${EVENT_COLUMNS.length}; the first unknown is ${leaf.name}`,
      );
    }
    const types = PHYSICAL_TYPES[column.type];
    if (leaf.name !== column.name || leaf.type === undefined || !types.includes(leaf.type)) {
      throw new UnreadableObjectError(
        'wrong_columns',
        `column ${index + 1} is ${leaf.name} ${leaf.type}, it must be ${column.name} ${types.join(' or ')}`,
      );
    }
  }
  const missing = EVENT_COLUMNS.slice(leaves.length).find((column) => !column.nullable);
  if (missing !== undefined) {
    throw new UnreadableObjectError('wrong_columns', `it has no column ${missing.name}`);
  }
  return leaves.length;
}

/**
 * Checks that columns that must hold a value do, as far as the statistics tell: a single NULL would fail the insert
 * of the whole batch.
 * @throws UnreadableObjectError naming the column
 */
export function checkRequiredValues(metadata: FileMetaData): void {
  const required = new Set<string>(
    EVENT_COLUMNS.filter((column) => !column.nullable).map((column) => column.name),
  );
  for (const column of columnChunks(metadata)) {
    const name = column.path_in_schema.join('.');
    const nulls = column.statistics?.null_count ?? 0n;
    if (nulls > 0n && required.has(name)) {
      throw new UnreadableObjectError(
        'required_value_missing',
        `column ${name} is NULL in ${nulls} rows and must never be`,
      );
    }
  }
}

/**
 * Hours the rows span, from the statistics of every row group; undefined when one has none.
 * @throws UnreadableObjectError when a bound is no hour
 */
export function hoursFromStatistics(metadata: FileMetaData): HourSpan | undefined {
  const bounds: unknown[] = [];
  for (const column of columnChunks(metadata)) {
    if (column.path_in_schema.join('.') !== HOUR_COLUMN) continue;
    const { statistics } = column;
    bounds.push(statistics?.min_value ?? statistics?.min, statistics?.max_value ?? statistics?.max);
  }
  return bounds.includes(undefined) ? undefined : hourSpan(bounds);
}

/**
 * Span of hours given as `yyyymmddhh`; undefined when there are none.
 * @throws UnreadableObjectError when one is no hour
 */
export function hourSpan(hours: readonly unknown[]): HourSpan | undefined {
  let span: HourSpan | undefined;
  for (const value of hours) {
    const hour = Number(value);
    checkHour(hour);
    span = { fromHour: Math.min(span?.fromHour ?? hour, hour), toHour: Math.max(span?.toHour ?? hour, hour) };
  }
  return span;
}

function checkHour(hour: number): void {
  try {
    hourMillis(hour);
  } catch (error) {
    throw new UnreadableObjectError('wrong_hours', `column ${HOUR_COLUMN} is wrong: ${error}`, {
      cause: error,
    });
  }
}

function columnChunks(metadata: FileMetaData): ColumnMetaData[] {
  return metadata.row_groups
    .filter((group) => group.num_rows > 0n)
    .flatMap((group) => group.columns.flatMap((column) => column.meta_data ?? []));
}
