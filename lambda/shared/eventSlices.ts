/**
 * The events in the warehouse: slices by the time they were loaded, and the views over all of them. Pure but for what
 * `changeSlices` is given.
 *
 * Loads insert into the current slice, `landing.events`. Now and then it is closed, renamed, and a new one begins; the
 * oldest are dropped, which frees their blocks at once, where deleting rows would have to rewrite them.
 */
import { WAREHOUSE } from '../../lib/contract/names';
import { literal } from '../../lib/contract/sqlText';
import { EVENT_COLUMNS, type EventColumn } from '../../lib/event/columns';
import { redshiftColumns } from '../../lib/event/tables';
import { type ResultRow, StatementFailedError } from './dataApi';

/** A column of a table as it is, in Redshift's words. */
export interface TableColumn {
  readonly name: string;
  /** As `svv_columns.data_type` says it, such as `character varying`. */
  readonly dataType: string;
  /** Bytes, of a text column. */
  readonly maxBytes: number | undefined;
  readonly nullable: boolean;
}

/** A table of events. */
export interface EventSlice {
  /** With its schema. */
  readonly table: string;
  /** In order. */
  readonly columns: readonly TableColumn[];
}

/** What the warehouse has of the events. */
export interface StoredEvents {
  /** The current slice first, then the closed ones, oldest first; empty when there is none. */
  readonly slices: readonly EventSlice[];
  /** Columns of the views that there are, by the view. */
  readonly views: ReadonlyMap<string, readonly string[]>;
  /** Whether slices are written down in a ledger; without it nobody closes or drops any. */
  readonly hasLedger: boolean;
}

/** What only the warehouse knows of an event. */
export const LOAD_BATCH_ID = { name: 'load_batch_id', definition: 'load_batch_id VARCHAR(36) NOT NULL' };

const VIEWS = [WAREHOUSE.allEventsView, WAREHOUSE.eventsView];

/** Name of a slice that was closed at a time: the time to the minute, in UTC. */
export function closedSliceTable(closedAtMillis: number): string {
  const minute = new Date(closedAtMillis).toISOString().slice(0, 16).replaceAll(/\D/g, '');
  return `${WAREHOUSE.eventsTable}_${minute}`;
}

/** Whether a table is a closed slice. */
function isClosedSlice(table: string): boolean {
  return table.startsWith(`${WAREHOUSE.eventsTable}_`) && /_\d{12}$/.test(table);
}

/** Reads the columns of all slices and of the views; `storedEvents` understands the rows. */
export function storedEventsQuery(): string {
  const relation = (name: string) => {
    const [schema = '', table = ''] = name.split('.');
    return `(table_schema = ${literal(schema)} AND table_name = ${literal(table)})`;
  };
  return `SELECT table_schema, table_name, column_name, data_type, character_maximum_length, is_nullable FROM svv_columns
WHERE table_schema = ${literal(WAREHOUSE.rawSchema)}
  OR ${relation(WAREHOUSE.eventsView)}
  OR ${relation(WAREHOUSE.slicesTable)}
ORDER BY table_schema, table_name, ordinal_position`;
}

/** What the answer to `storedEventsQuery` says. */
export function storedEvents(rows: readonly ResultRow[]): StoredEvents {
  const relations = new Map<string, TableColumn[]>();
  for (const row of rows) {
    const relation = `${row.table_schema}.${row.table_name}`;
    const columns = relations.get(relation) ?? [];
    relations.set(relation, columns);
    columns.push({
      name: String(row.column_name),
      dataType: String(row.data_type),
      maxBytes: typeof row.character_maximum_length === 'number' ? row.character_maximum_length : undefined,
      nullable: row.is_nullable !== 'NO',
    });
  }
  const tables = [...relations.keys()].filter(
    (name) => name === WAREHOUSE.eventsTable || isClosedSlice(name),
  );
  return {
    slices: tables.toSorted().map((table) => ({ table, columns: relations.get(table) ?? [] })),
    views: new Map(
      VIEWS.flatMap((view) => {
        const columns = relations.get(view);
        return columns === undefined ? [] : [[view, columns.map(({ name }) => name)] as const];
      }),
    ),
    hasLedger: relations.has(WAREHOUSE.slicesTable),
  };
}

/** Name of a slice in the ledger: the table's without its schema. */
export function sliceName(table: string): string {
  return table.slice(WAREHOUSE.rawSchema.length + 1);
}

/**
 * Begins a transaction that changes slices or the views over them: nobody else may meanwhile, no load either, and
 * nobody must have since the slices were read, or the views would leave out a slice.
 * @param names all slices, as the ledger names them
 */
export function lockSlices(names: readonly string[]): string[] {
  return [
    `LOCK ${WAREHOUSE.loadLockTable}`,
    // Takes no NULL, so the transaction fails when the slices are others.
    'CREATE TEMP TABLE slice_guard (slices_are_as_read BOOLEAN NOT NULL)',
    `INSERT INTO slice_guard
SELECT CASE WHEN COUNT(*) = ${names.length} AND
  COUNT(CASE WHEN slice_name IN (${names.map(literal).join(', ')}) THEN 1 END) = ${names.length}
THEN TRUE END
FROM ${WAREHOUSE.slicesTable} WHERE dropped_at IS NULL`,
  ];
}

/** Place of the guard in `lockSlices`. */
const GUARD_STATEMENT = 2;

/**
 * Reads the slices and changes them; does both once more when somebody else has changed them in between.
 * @param change its transactions begin with `lockSlices`
 */
export async function changeSlices<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    const failure = error instanceof Error && error.cause !== undefined ? error.cause : error;
    if (failure instanceof StatementFailedError && failure.sqlIndex === GUARD_STATEMENT) return change();
    throw error;
  }
}

/**
 * Sorted by the time duplicates are looked for in, which is also the order rows arrive in; distributed by what
 * sessions and visitors are grouped by.
 */
export function createCurrentSlice(columns: readonly EventColumn[] = EVENT_COLUMNS): string {
  return `CREATE TABLE ${WAREHOUSE.eventsTable} (
${redshiftColumns('final', columns)},
  ${LOAD_BATCH_ID.definition}
) DISTKEY (visitor_id) SORTKEY (received_at)`;
}

/** Lets loads insert into the current slice. */
export const GRANT_CURRENT_SLICE = `GRANT SELECT, INSERT ON ${WAREHOUSE.eventsTable} TO ${WAREHOUSE.loaderUser}`;

/** What goes before a change of the slices: a view is bound to its tables and would follow one that is renamed. */
export const DROP_EVENT_VIEWS: readonly string[] = VIEWS.toReversed().map(
  (view) => `DROP VIEW IF EXISTS ${view}`,
);

/** The views over all slices: with the batch of the load, for the pipeline; and without, for analysts. */
export function createEventViews(
  tables: readonly string[],
  columns: readonly EventColumn[] = EVENT_COLUMNS,
): string[] {
  const names = eventViewColumns(columns);
  const branches = tables.map((table) => `SELECT ${names.all.join(', ')}\nFROM ${table}`);
  return [
    `CREATE VIEW ${WAREHOUSE.allEventsView} AS\n${branches.join('\nUNION ALL\n')}`,
    `CREATE VIEW ${WAREHOUSE.eventsView} AS\nSELECT ${names.analysts.join(', ')}\nFROM ${WAREHOUSE.allEventsView}`,
  ];
}

/** Columns of both views, in order. */
export function eventViewColumns(columns: readonly EventColumn[]): { all: string[]; analysts: string[] } {
  const analysts = columns.map(({ name }) => name);
  return { all: [...analysts, LOAD_BATCH_ID.name], analysts };
}

/** A new view has no grants: those who read the events, but not the users that only a later migration may make. */
export const GRANT_ANALYSTS = `GRANT SELECT ON ${WAREHOUSE.eventsView} TO ROLE ${WAREHOUSE.analystRole}`;
export const GRANT_PIPELINE: readonly string[] = [WAREHOUSE.loaderUser, WAREHOUSE.modelerUser].map(
  (user) => `GRANT SELECT ON ${WAREHOUSE.allEventsView} TO ${user}`,
);
