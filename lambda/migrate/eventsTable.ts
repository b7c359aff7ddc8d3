/**
 * The tables of events and the views over them, made and grown from the event definition: a column that is appended
 * there needs no migration. Pure.
 */
import { DATA_API_BATCH_STATEMENTS } from '../../lib/contract/limits';
import { WAREHOUSE } from '../../lib/contract/names';
import { literal } from '../../lib/contract/sqlText';
import { EVENT_COLUMNS, type EventColumn } from '../../lib/event/columns';
import { redshiftColumn } from '../../lib/event/tables';
import {
  createCurrentSlice,
  createEventViews,
  DROP_EVENT_VIEWS,
  type EventSlice,
  eventViewColumns,
  GRANT_ANALYSTS,
  GRANT_PIPELINE,
  LOAD_BATCH_ID,
  lockSlices,
  type StoredEvents,
  sliceName,
  type TableColumn,
} from '../shared/eventSlices';
import { MigrationError } from './migrationError';

/** Short names of types that Redshift's catalog spells out. */
const SHORT_TYPES: Readonly<Record<string, string>> = {
  'character varying': 'VARCHAR',
  'timestamp without time zone': 'TIMESTAMP',
};

/**
 * What brings the tables and their views up to the definition: statements by transaction; empty when nothing is due.
 * A transaction fails when upkeep has opened, closed or dropped a slice since the events were read.
 *
 * Columns a table has and the definition does not are let be when they are the last ones and nullable: that is what
 * a rolled back deployment looks like, and refusing it would leave the stack unable to roll back.
 * @throws MigrationError when a stored column is missing from the definition, or differs from it
 */
export function eventsTableSteps(
  { slices, views, hasLedger }: StoredEvents,
  columns: readonly EventColumn[] = EVENT_COLUMNS,
): string[][] {
  if (slices.length === 0) {
    return [
      [
        ...createSchemas(),
        createCurrentSlice(columns),
        ...createEventViews([WAREHOUSE.eventsTable], columns),
      ],
    ];
  }
  for (const slice of slices) refuseOtherColumns(slice, columns);
  const additions = slices.flatMap(({ table, columns: stored }) =>
    columns.slice(withoutLoadBatchId(stored).length).map((column) => addColumn(table, column)),
  );
  const tables = slices.map(({ table }) => table);
  const lock = hasLedger ? lockSlices(tables.map(sliceName)) : [];
  const additionsPerStep = DATA_API_BATCH_STATEMENTS - lock.length;
  const steps: string[][] = [];
  for (let start = 0; start < additions.length; start += additionsPerStep) {
    steps.push([...lock, ...additions.slice(start, start + additionsPerStep)]);
  }
  const wanted = eventViewColumns(columns);
  const isCurrent =
    additions.length === 0 &&
    sameNames(views.get(WAREHOUSE.allEventsView), wanted.all) &&
    sameNames(views.get(WAREHOUSE.eventsView), wanted.analysts);
  if (isCurrent) return steps;
  // CREATE OR REPLACE VIEW would keep the grants, but Redshift replaces a view only by one with the same columns. A
  // warehouse that has the view of analysts alone is from before the other, whose readers a migration is yet to make.
  const isFromBefore = views.has(WAREHOUSE.eventsView) && !views.has(WAREHOUSE.allEventsView);
  steps.push([
    ...lock,
    ...DROP_EVENT_VIEWS,
    ...createEventViews(tables, columns),
    GRANT_ANALYSTS,
    ...(isFromBefore ? [] : GRANT_PIPELINE),
  ]);
  return steps;
}

/** A view that has more columns than the definition is from a newer release, and stays. */
function sameNames(stored: readonly string[] | undefined, wanted: readonly string[]): boolean {
  return stored !== undefined && wanted.every((name) => stored.includes(name));
}

function createSchemas(): string[] {
  return [WAREHOUSE.rawSchema, WAREHOUSE.analysisSchema].map((name) => `CREATE SCHEMA IF NOT EXISTS ${name}`);
}

function addColumn(table: string, column: EventColumn): string {
  return `ALTER TABLE ${table} ADD COLUMN ${redshiftColumn(column, 'final')}`;
}

function withoutLoadBatchId(columns: readonly TableColumn[]): TableColumn[] {
  return columns.filter(({ name }) => name !== LOAD_BATCH_ID.name);
}

function refuseOtherColumns(slice: EventSlice, columns: readonly EventColumn[]): void {
  const stored = withoutLoadBatchId(slice.columns);
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
    `${slice.table} cannot follow the event definition: ${problems[0]}${others}. Nothing was changed. ` +
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
