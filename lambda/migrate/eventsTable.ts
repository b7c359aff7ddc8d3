/**
 * The table of events and the view analysts read, made and grown from the event definition: a column that is appended
 * there needs no migration. Pure.
 */
import { DATA_API_BATCH_STATEMENTS } from '../../lib/contract/limits';
import { WAREHOUSE } from '../../lib/contract/names';
import { EVENT_COLUMNS, type EventColumn } from '../../lib/event/columns';
import { redshiftColumn, redshiftColumns } from '../../lib/event/tables';
import type { ResultRow } from '../shared/dataApi';
import { literal } from '../shared/sqlText';
import { MigrationError } from './migrationError';

/** A column of the table as it is, in Redshift's words. */
export interface TableColumn {
  readonly name: string;
  /** As `svv_columns.data_type` says it, such as `character varying`. */
  readonly dataType: string;
  /** Bytes, of a text column. */
  readonly maxBytes: number | undefined;
  readonly nullable: boolean;
}

/** What the warehouse has of the events. */
export interface StoredEvents {
  /** Columns of the table, in order; empty when there is none. */
  readonly columns: readonly TableColumn[];
  readonly hasView: boolean;
}

/** What only the warehouse knows of an event. */
const LOAD_BATCH_ID = { name: 'load_batch_id', definition: 'load_batch_id VARCHAR(36) NOT NULL' };

/** Short names of types that Redshift's catalog spells out. */
const SHORT_TYPES: Readonly<Record<string, string>> = {
  'character varying': 'VARCHAR',
  'timestamp without time zone': 'TIMESTAMP',
};

const DROP_VIEW = `DROP VIEW IF EXISTS ${WAREHOUSE.eventsView}`;
const GRANT_VIEW = `GRANT SELECT ON ${WAREHOUSE.eventsView} TO ROLE ${WAREHOUSE.analystRole}`;

/** Columns that one transaction can add, besides remaking the view. */
const MAX_ADDED = DATA_API_BATCH_STATEMENTS - 3;

/** Reads the columns of the table and of its view; `storedEvents` understands the rows. */
export function storedEventsQuery(): string {
  const isEvents = [WAREHOUSE.eventsTable, WAREHOUSE.eventsView].map((relation) => {
    const [schema = '', name = ''] = relation.split('.');
    return `(table_schema = ${literal(schema)} AND table_name = ${literal(name)})`;
  });
  return `SELECT table_schema, column_name, data_type, character_maximum_length, is_nullable FROM svv_columns
WHERE ${isEvents.join(' OR ')} ORDER BY table_schema, ordinal_position`;
}

/** What the answer to `storedEventsQuery` says. */
export function storedEvents(rows: readonly ResultRow[]): StoredEvents {
  const ofTable = rows.filter((row) => row.table_schema === WAREHOUSE.rawSchema);
  return {
    columns: ofTable.map((row) => ({
      name: String(row.column_name),
      dataType: String(row.data_type),
      maxBytes: typeof row.character_maximum_length === 'number' ? row.character_maximum_length : undefined,
      nullable: row.is_nullable !== 'NO',
    })),
    hasView: rows.length > ofTable.length,
  };
}

/**
 * What brings the table and its view up to the definition: statements by transaction; empty when nothing is due.
 *
 * Columns the table has and the definition does not are let be when they are the last ones and nullable: that is what
 * a rolled back deployment looks like, and refusing it would leave the stack unable to roll back.
 * @throws MigrationError when a stored column is missing from the definition, or differs from it
 */
export function eventsTableSteps(
  events: StoredEvents,
  columns: readonly EventColumn[] = EVENT_COLUMNS,
): string[][] {
  if (events.columns.length === 0) return [[...createSchemas(), createTable(columns), createView(columns)]];
  const stored = events.columns.filter(({ name }) => name !== LOAD_BATCH_ID.name);
  refuseOtherColumns(stored, columns);
  const steps: string[][] = [];
  for (let start = stored.length; start < columns.length; start += MAX_ADDED) {
    const end = Math.min(start + MAX_ADDED, columns.length);
    // CREATE OR REPLACE VIEW would keep the grants, but Redshift replaces a view only by one with the same columns.
    steps.push([
      ...columns.slice(start, end).map(addColumn),
      DROP_VIEW,
      createView(columns.slice(0, end)),
      GRANT_VIEW,
    ]);
  }
  // Whoever drops a column of the table by hand takes the view along.
  if (steps.length === 0 && !events.hasView) steps.push([createView(columns), GRANT_VIEW]);
  return steps;
}

function createSchemas(): string[] {
  return [WAREHOUSE.rawSchema, WAREHOUSE.analysisSchema].map((name) => `CREATE SCHEMA IF NOT EXISTS ${name}`);
}

/**
 * Sorted by the time duplicates are looked for in, which is also the order rows arrive in; distributed by what
 * sessions and visitors are grouped by.
 */
function createTable(columns: readonly EventColumn[]): string {
  return `CREATE TABLE ${WAREHOUSE.eventsTable} (
${redshiftColumns('final', columns)},
  ${LOAD_BATCH_ID.definition}
) DISTKEY (visitor_id) SORTKEY (received_at)`;
}

function addColumn(column: EventColumn): string {
  return `ALTER TABLE ${WAREHOUSE.eventsTable} ADD COLUMN ${redshiftColumn(column, 'final')}`;
}

function createView(columns: readonly EventColumn[]): string {
  return `CREATE VIEW ${WAREHOUSE.eventsView} AS
SELECT ${columns.map(({ name }) => name).join(', ')}
FROM ${WAREHOUSE.eventsTable}`;
}

function refuseOtherColumns(stored: readonly TableColumn[], columns: readonly EventColumn[]): void {
  const problems = stored.flatMap((column, index) => {
    const is = describe(column);
    const wanted = columns[index];
    if (wanted === undefined) {
      return column.nullable ? [] : [`${is} is not in the definition, and no load could fill it`];
    }
    const mustBe = redshiftColumn(wanted, 'final');
    return is === mustBe ? [] : [`column ${index + 1} is ${is}, the definition says ${mustBe}`];
  });
  const notNull = columns.slice(stored.length).find(({ nullable }) => !nullable);
  if (notNull !== undefined) {
    problems.push(`${notNull.name} is new and NOT NULL, but events stored before have no value for it`);
  }
  if (problems.length === 0) return;
  const others = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new MigrationError(
    `${WAREHOUSE.eventsTable} cannot follow the event definition: ${problems[0]}${others}. Nothing was changed. ` +
      'Restore lib/event/columns.ts: columns are only ever appended, and nullable',
  );
}

/** The column as the definition would say it. */
function describe({ name, dataType, maxBytes, nullable }: TableColumn): string {
  const type = SHORT_TYPES[dataType] ?? dataType.toUpperCase();
  return `${name} ${type}${maxBytes === undefined ? '' : `(${maxBytes})`}${nullable ? '' : ' NOT NULL'}`;
}

/** Comments on the event columns. A better wording of a column's meaning changes nothing else. */
export function commentStatements(columns: readonly EventColumn[] = EVENT_COLUMNS): string[] {
  return columns.map(
    ({ name, meaning }) => `COMMENT ON COLUMN ${WAREHOUSE.eventsTable}.${name} IS ${literal(meaning)}`,
  );
}
