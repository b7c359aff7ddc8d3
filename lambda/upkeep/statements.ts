/** The SQL of upkeep, by transaction. Pure. */
import { WAREHOUSE } from '../../lib/contract/names';
import { literal, timestampLiteral } from '../../lib/contract/sqlText';
import type { ResultRow } from '../shared/dataApi';
import {
  closedSliceTable,
  createCurrentSlice,
  createEventViews,
  DROP_EVENT_VIEWS,
  GRANT_ANALYSTS,
  GRANT_CURRENT_SLICE,
  GRANT_PIPELINE,
  lockSlices,
  sliceName,
} from '../shared/eventSlices';
import type { Slice, SlicePlan } from './plan';

const SCHEMA = WAREHOUSE.rawSchema;
const PAGE_VIEWS = `${WAREHOUSE.modelsSchema}.page_views`;
/** Name of the current slice, without its schema. */
const CURRENT = sliceName(WAREHOUSE.eventsTable);

/** Reads the slices there are; `storedSlices` understands the rows. */
export const STORED_SLICES_QUERY = `SELECT slice_name, EXTRACT(EPOCH FROM opened_at) AS opened, EXTRACT(EPOCH FROM closed_at) AS closed
FROM ${WAREHOUSE.slicesTable} WHERE dropped_at IS NULL ORDER BY opened_at`;

/** What the answer to `STORED_SLICES_QUERY` says. */
export function storedSlices(rows: readonly ResultRow[]): Slice[] {
  return rows.map(({ slice_name, opened, closed }) => ({
    name: String(slice_name),
    openedAtMillis: Number(opened) * 1_000,
    closedAtMillis: closed === undefined ? undefined : Number(closed) * 1_000,
  }));
}

/**
 * Closes the current slice and drops what is past its time, in one transaction; empty when nothing is due. No load
 * runs meanwhile, because a load takes the same lock first; readers wait for the blink of an eye the renaming takes.
 * Fails when the slices are no longer `slices`.
 */
export function sliceStatements(slices: readonly Slice[], plan: SlicePlan, nowMillis: number): string[] {
  if (!plan.closeCurrent && plan.drop.length === 0) return [];
  const now = timestampLiteral(nowMillis);
  const closedName = sliceName(closedSliceTable(nowMillis));
  const kept = slices.map(({ name }) => name).filter((name) => !plan.drop.includes(name));
  const tables = [
    ...(plan.closeCurrent ? [CURRENT] : []),
    ...kept.map((name) => (name === CURRENT && plan.closeCurrent ? closedName : name)),
  ];
  return [
    ...lockSlices(slices.map(({ name }) => name)),
    ...DROP_EVENT_VIEWS,
    ...(plan.closeCurrent
      ? [
          `ALTER TABLE ${WAREHOUSE.eventsTable} RENAME TO ${closedName}`,
          createCurrentSlice(),
          GRANT_CURRENT_SLICE,
          `UPDATE ${WAREHOUSE.slicesTable} SET slice_name = ${literal(closedName)}, closed_at = ${now} ` +
            `WHERE slice_name = ${literal(CURRENT)}`,
          `INSERT INTO ${WAREHOUSE.slicesTable} (slice_name, opened_at) VALUES (${literal(CURRENT)}, ${now})`,
        ]
      : []),
    ...plan.drop.map((name) => `DROP TABLE ${SCHEMA}.${name}`),
    ...(plan.drop.length === 0
      ? []
      : [
          `UPDATE ${WAREHOUSE.slicesTable} SET dropped_at = ${now} ` +
            `WHERE slice_name IN (${plan.drop.map(literal).join(', ')})`,
        ]),
    ...createEventViews(tables.map((name) => `${SCHEMA}.${name}`)),
    ...GRANT_PIPELINE,
    GRANT_ANALYSTS,
  ];
}

/** Deletes page views from before a time, in one transaction, with its count as the last statement's row. */
export function modelRetentionStatements(cutoffMillis: number): string[] {
  return [
    `LOCK ${WAREHOUSE.modelLockTable}`,
    `DELETE FROM ${PAGE_VIEWS} WHERE viewed_at < ${timestampLiteral(cutoffMillis)}`,
  ];
}

/** Rows there are from before a time. */
export function modelRowsBefore(cutoffMillis: number): string {
  return `SELECT COUNT(*) AS row_count FROM ${PAGE_VIEWS} WHERE viewed_at < ${timestampLiteral(cutoffMillis)}`;
}

/** Share of rows in percent, from which on looking after a table pays: below, Redshift's own upkeep is enough. */
const STALE_STATISTICS_PERCENT = 10;
const UNSORTED_PERCENT = 20;

/** Reads which tables need looking after; `maintenanceStatements` understands the rows. */
export const MAINTENANCE_QUERY = `SELECT "schema" AS table_schema, "table" AS table_name, unsorted, stats_off FROM svv_table_info
WHERE "schema" IN (${[SCHEMA, WAREHOUSE.opsSchema, WAREHOUSE.modelsSchema].map(literal).join(', ')})
  AND (stats_off > ${STALE_STATISTICS_PERCENT} OR unsorted > ${UNSORTED_PERCENT})
ORDER BY 1, 2`;

/**
 * Statements that each run by themselves: VACUUM cannot run in a transaction.
 * @param deletedPageViews rows that retention has just deleted
 */
export function maintenanceStatements(rows: readonly ResultRow[], deletedPageViews: number): string[] {
  const tables = rows.map((row) => ({
    name: `${row.table_schema}.${row.table_name}`,
    isUnsorted: Number(row.unsorted ?? 0) > UNSORTED_PERCENT,
    isStale: Number(row.stats_off ?? 0) > STALE_STATISTICS_PERCENT,
  }));
  return [
    ...(deletedPageViews > 0 ? [`VACUUM DELETE ONLY ${PAGE_VIEWS}`] : []),
    ...tables.filter(({ isUnsorted }) => isUnsorted).map(({ name }) => `VACUUM SORT ONLY ${name}`),
    ...tables.filter(({ isStale }) => isStale).map(({ name }) => `ANALYZE ${name} PREDICATE COLUMNS`),
  ];
}
