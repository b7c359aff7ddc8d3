/** Table definitions derived from `EVENT_COLUMNS`: Glue, staging and final Redshift columns, COPY's column list. */
import { type ColumnType, EVENT_COLUMNS, type EventColumn } from './columns';

/** Version of the event definition: what a sender may put into `schema_version`. */
export const EVENT_SCHEMA_VERSION = '1';

/** Names of the columns in file order: what COPY and INSERT list. */
export const COLUMN_NAMES: readonly string[] = EVENT_COLUMNS.map((column) => column.name);

/** Glue (Hive) type per column type. JSON stays text in the lake. */
const GLUE_TYPES: Record<ColumnType, string> = {
  string: 'string',
  timestamp: 'timestamp',
  boolean: 'boolean',
  int: 'int',
  bigint: 'bigint',
  double: 'double',
  json: 'string',
};

/** Column of the Glue table. */
export interface GlueColumn {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

/** Columns of the Glue table, in file order. */
export function glueColumns(columns: readonly EventColumn[] = EVENT_COLUMNS): GlueColumn[] {
  return columns.map(({ name, type, meaning }) => ({ name, type: GLUE_TYPES[type], comment: meaning }));
}

/** Redshift type of a column: in the staging table JSON is still text, in the final table it is SUPER. */
export function redshiftType(column: EventColumn, table: 'staging' | 'final'): string {
  switch (column.type) {
    case 'string':
      return `VARCHAR(${column.maxBytes})`;
    case 'json':
      return table === 'final' ? 'SUPER' : `VARCHAR(${column.maxBytes})`;
    case 'timestamp':
      return 'TIMESTAMP';
    case 'boolean':
      return 'BOOLEAN';
    case 'int':
      return 'INTEGER';
    case 'bigint':
      return 'BIGINT';
    case 'double':
      return 'DOUBLE PRECISION';
  }
}

/**
 * Definition of one column of a Redshift table: name, type, NOT NULL. NOT NULL holds in the final table only: the
 * staging table takes files as they are and lets the insert decide.
 */
export function redshiftColumn(column: EventColumn, table: 'staging' | 'final'): string {
  const notNull = table === 'final' && !column.nullable ? ' NOT NULL' : '';
  return `${column.name} ${redshiftType(column, table)}${notNull}`;
}

/** Column definitions of a Redshift table, one a line, without the parentheses. */
export function redshiftColumns(
  table: 'staging' | 'final',
  columns: readonly EventColumn[] = EVENT_COLUMNS,
): string {
  return columns.map((column) => `  ${redshiftColumn(column, table)}`).join(',\n');
}
