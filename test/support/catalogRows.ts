/** The table of events as Redshift's catalog describes it. */
import type { ColumnType, EventColumn } from '../../lib/event/columns';

/** What `svv_columns.data_type` says of a column of each type. */
const CATALOG_TYPES: Record<ColumnType, string> = {
  string: 'character varying',
  json: 'super',
  timestamp: 'timestamp without time zone',
  boolean: 'boolean',
  int: 'integer',
  bigint: 'bigint',
  double: 'double precision',
};

const LOAD_BATCH_ID: EventColumn = {
  name: 'load_batch_id',
  type: 'string',
  maxBytes: 36,
  nullable: false,
  origin: 'derived',
  meaning: 'The load that brought the row.',
};

/** Rows of the catalog for a table and view that were made for a definition; none for an empty one. */
export function catalogRows(columns: readonly EventColumn[], view = true): Record<string, string | number>[] {
  if (columns.length === 0) return [];
  const row = (schema: string, { name, type, maxBytes, nullable }: EventColumn) => ({
    table_schema: schema,
    column_name: name,
    data_type: CATALOG_TYPES[type],
    ...(type === 'string' && maxBytes !== undefined ? { character_maximum_length: maxBytes } : {}),
    is_nullable: nullable ? 'YES' : 'NO',
  });
  return [
    ...(view ? columns.map((column) => row('analysis', { ...column, nullable: true })) : []),
    ...columns.map((column) => row('landing', column)),
    row('landing', LOAD_BATCH_ID),
  ];
}
