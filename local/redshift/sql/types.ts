/** Redshift's data types, their DuckDB counterparts, and their names in result metadata. */
import { NotSupportedLocallyError } from '../redshiftError';
import { type AstObject, nameOf } from './ast';

export interface RedshiftType {
  /** Name as the Data API's ColumnMetadata has it, such as int4. */
  readonly name: string;
  /** Most bytes of a varchar or char; undefined where none was given. */
  readonly maxBytes?: number;
  readonly duckDb: string;
}

/** Longest VARCHAR, in bytes (Redshift guide, "Character types"). */
const MAX_VARCHAR_BYTES = 65_535;

const simple = (name: string, duckDb: string): RedshiftType => ({ name, duckDb });

/** By the parser's name, else by the type's own name in lower case. */
const SIMPLE_TYPES: Readonly<Record<string, RedshiftType>> = {
  boolean: simple('bool', 'BOOLEAN'),
  small_int: simple('int2', 'SMALLINT'),
  int2: simple('int2', 'SMALLINT'),
  int: simple('int4', 'INTEGER'),
  int4: simple('int4', 'INTEGER'),
  big_int: simple('int8', 'BIGINT'),
  int8: simple('int8', 'BIGINT'),
  double: simple('float8', 'DOUBLE'),
  float8: simple('float8', 'DOUBLE'),
  float4: simple('float4', 'FLOAT'),
  date: simple('date', 'DATE'),
  super: simple('super', 'VARIANT'),
  // Not a sketch but the hashes themselves: exact is within the error that a sketch allows.
  hllsketch: simple('hllsketch', 'UBIGINT[]'),
  timestamptz: simple('timestamptz', 'TIMESTAMP WITH TIME ZONE'),
};

/**
 * The type a syntax tree names.
 * @throws NotSupportedLocallyError for a type this warehouse does not have
 */
export function redshiftType(node: AstObject): RedshiftType {
  const parsed = String(node.data_type);
  const custom = parsed === 'custom' ? (nameOf(node.name) ?? '').toLowerCase() : parsed;
  const maxBytes = typeof node.length === 'number' ? node.length : undefined;
  if (custom === 'var_char' || custom === 'text' || custom === 'nvarchar') {
    return { name: 'varchar', duckDb: 'VARCHAR', ...(maxBytes === undefined ? {} : { maxBytes }) };
  }
  if (custom === 'varchar(max)') return { name: 'varchar', duckDb: 'VARCHAR', maxBytes: MAX_VARCHAR_BYTES };
  if (custom === 'char') {
    return { name: 'bpchar', duckDb: 'VARCHAR', ...(maxBytes === undefined ? {} : { maxBytes }) };
  }
  // FLOAT is 8 bytes in Redshift and 4 in DuckDB.
  if (custom === 'float') {
    return node.real_spelling === true ? simple('float4', 'FLOAT') : simple('float8', 'DOUBLE');
  }
  if (custom === 'timestamp') {
    return node.timezone === true
      ? simple('timestamptz', 'TIMESTAMP WITH TIME ZONE')
      : simple('timestamp', 'TIMESTAMP');
  }
  if (custom === 'decimal') {
    return simple('numeric', `DECIMAL(${Number(node.precision ?? 18)}, ${Number(node.scale ?? 0)})`);
  }
  const known = Object.hasOwn(SIMPLE_TYPES, custom) ? SIMPLE_TYPES[custom] : undefined;
  if (!known) throw new NotSupportedLocallyError(`The data type ${custom.toUpperCase()}`);
  return known;
}

/** The type of a table's column: a text column without a length gets Redshift's default one. */
export function columnType(node: AstObject): RedshiftType {
  const type = redshiftType(node);
  if (type.duckDb !== 'VARCHAR' || type.maxBytes !== undefined) return type;
  return { ...type, maxBytes: type.name === 'bpchar' ? 1 : 256 };
}

/** Result metadata by DuckDB's type, without its parameters. */
const RESULT_TYPES: Readonly<Record<string, string>> = {
  BOOLEAN: 'bool',
  TINYINT: 'int2',
  SMALLINT: 'int2',
  INTEGER: 'int4',
  BIGINT: 'int8',
  HUGEINT: 'int8',
  UBIGINT: 'numeric',
  FLOAT: 'float4',
  DOUBLE: 'float8',
  DECIMAL: 'numeric',
  VARCHAR: 'varchar',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  INTERVAL: 'interval',
  VARIANT: 'super',
  'UBIGINT[]': 'hllsketch',
  // The type of a bare NULL.
  SQLNULL: 'unknown',
  '"NULL"': 'unknown',
};

/** @throws NotSupportedLocallyError for a type that Redshift's results do not have */
export function resultTypeName(duckDbType: string): string {
  const name = RESULT_TYPES[duckDbType.replace(/\(.*$/, '')];
  if (name === undefined) throw new NotSupportedLocallyError(`A result column of the type ${duckDbType}`);
  return name;
}
