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

const SLICE_NAME: EventColumn = { ...LOAD_BATCH_ID, name: 'slice_name', maxBytes: 64 };

/** Rows of the catalog for tables and views that were made for a definition; none for an empty one. */
export function catalogRows(
  columns: readonly EventColumn[],
  {
    views = ['landing.all_events', 'analysis.events'],
    closedSlices = [],
    hasLedger = false,
  }: CatalogOptions = {},
): Record<string, string | number>[] {
  if (columns.length === 0) return [];
  const row = (relation: string, { name, type, maxBytes, nullable }: EventColumn) => ({
    table_schema: relation.split('.')[0] ?? '',
    table_name: relation.split('.')[1] ?? '',
    column_name: name,
    data_type: CATALOG_TYPES[type],
    ...(type === 'string' && maxBytes !== undefined ? { character_maximum_length: maxBytes } : {}),
    is_nullable: nullable ? 'YES' : 'NO',
  });
  const viewRows = views.flatMap((view) =>
    [...columns, ...(view === 'landing.all_events' ? [LOAD_BATCH_ID] : [])].map((column) =>
      row(view, { ...column, nullable: true }),
    ),
  );
  const tables = ['landing.events', ...closedSlices];
  return [
    ...viewRows,
    ...(hasLedger ? [row('ops.slices', SLICE_NAME)] : []),
    ...tables.flatMap((table) => [...columns, LOAD_BATCH_ID].map((column) => row(table, column))),
  ];
}

/** What else the warehouse has. */
export interface CatalogOptions {
  readonly views?: readonly string[];
  /** Tables with the same columns, such as landing.events_202611010000. */
  readonly closedSlices?: readonly string[];
  /** The ledger of slices. */
  readonly hasLedger?: boolean;
}
