/** Fits JSON values into Hive columns as the OpenX JSON SerDe does. */

/** The value does not fit its column. */
export class SchemaMismatchError extends Error {
  override readonly name = 'SchemaMismatchError';
}

/** A value as the Parquet writer takes it. */
export type ColumnValue = string | number | boolean | null;

/** Fits one value that is neither null nor missing. */
export type ColumnReader = (value: unknown) => ColumnValue;

/** A Hive type: how its values are read, and what DuckDB calls it. */
export interface HiveType {
  readonly read: ColumnReader;
  readonly duckdb: string;
}

const TYPES: Readonly<Record<string, HiveType>> = {
  string: { read: readText, duckdb: 'VARCHAR' },
  boolean: { read: readBoolean, duckdb: 'BOOLEAN' },
  tinyint: { read: integerReader(-128, 127), duckdb: 'TINYINT' },
  smallint: { read: integerReader(-32_768, 32_767), duckdb: 'SMALLINT' },
  int: { read: integerReader(-2_147_483_648, 2_147_483_647), duckdb: 'INTEGER' },
  bigint: { read: integerReader(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER), duckdb: 'BIGINT' },
  float: { read: readNumber, duckdb: 'FLOAT' },
  double: { read: readNumber, duckdb: 'DOUBLE' },
  timestamp: { read: readTimestamp, duckdb: 'TIMESTAMP' },
};

/**
 * The Hive type of that name.
 * @throws Error when the local run does not know it
 */
export function hiveType(name: string): HiveType {
  const type = TYPES[name];
  if (type === undefined) {
    throw new Error(
      `Glue type "${name}" is not understood by the local run, only ${Object.keys(TYPES).join(', ')}`,
    );
  }
  return type;
}

function readText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object') return JSON.stringify(withLowerCaseKeys(value));
  return String(value);
}

/** The SerDe folds keys on every level, before it knows which column they are for. */
function withLowerCaseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withLowerCaseKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.toLowerCase(), withLowerCaseKeys(item)]),
  );
}

function readBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw mismatch(value);
}

function readNumber(value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw mismatch(value);
}

function integerReader(minimum: number, maximum: number): ColumnReader {
  return (value) => {
    const number = readNumber(value);
    if (Number.isInteger(number) && number >= minimum && number <= maximum) return number;
    throw mismatch(value);
  };
}

const TIMESTAMP = /^\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{1,2}:\d{1,2}(\.\d{1,9})?$/;

/** `yyyy-MM-dd HH:mm:ss[.fraction]` in UTC, or epoch seconds. ISO 8601 with a `T` or an offset does not fit. */
function readTimestamp(value: unknown): string {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value))) {
    const date = new Date(Number(value) * 1_000);
    if (Number.isNaN(date.getTime())) throw mismatch(value);
    return date.toISOString().replace('T', ' ').replace('Z', '');
  }
  if (typeof value !== 'string' || !TIMESTAMP.test(value)) {
    throw new SchemaMismatchError(
      'Data does not match the schema. Timestamp format must be yyyy-mm-dd hh:mm:ss[.fffffffff]',
    );
  }
  return value;
}

function mismatch(value: unknown): SchemaMismatchError {
  const shown = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 100);
  return new SchemaMismatchError(`Data does not match the schema. For input string: "${shown}"`);
}
