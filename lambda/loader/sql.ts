/** The SQL of a load: stage, COPY, insert what is new, write down what was done. One transaction. Pure. */
import { DATA_API_STATEMENT_BYTES } from '../../lib/contract/limits';
import { WAREHOUSE } from '../../lib/contract/names';
import { literal, timestampLiteral } from '../../lib/contract/sqlText';
import { EVENT_COLUMNS } from '../../lib/event/columns';
import { COLUMN_NAMES, redshiftColumns } from '../../lib/event/tables';
import { duplicateWindows, type TimeWindow, windowPredicate } from '../shared/timeWindows';
import type { LakeObject } from './lakeObject';

/** One load, about to be submitted. */
export interface Load {
  readonly batchId: string;
  readonly startedAtMillis: number;
  readonly bucketName: string;
  /** Role COPY reads the lake with. */
  readonly copyRoleArn: string;
  readonly manifestKey: string;
  readonly objects: readonly LakeObject[];
  readonly lookBackHours: number;
}

const STAGE = 'events_stage';
const COLUMN_LIST = COLUMN_NAMES.join(', ');

/** Leaves room for what surrounds the ledger rows in their statement. */
const LEDGER_ROWS_BYTES = DATA_API_STATEMENT_BYTES - 1_000;

/** Places in `loadStatements` of what can fail because of an object: COPY, the insert of its rows, their counts. */
const OBJECT_STATEMENTS: ReadonlySet<number> = new Set([2, 3, 5]);

/**
 * True when a load may have failed because of one of its objects, so that others could be loaded without it.
 * @param sqlIndex which statement failed, from 0; undefined when nobody knows
 */
export function mayBeObjectsFault(sqlIndex: number | undefined): boolean {
  return sqlIndex === undefined || OBJECT_STATEMENTS.has(sqlIndex);
}

/**
 * Statements of a load, in order; the last one gives the load's row of the ledger.
 *
 * The lock comes first, so that the transaction takes its snapshot after the load before it has committed: under
 * snapshot isolation two loads could otherwise both insert an event that neither sees in the other's snapshot.
 * Nobody else uses the lock's table, so nobody else waits.
 */
export function loadStatements(load: Load): string[] {
  const spans = load.objects.flatMap(({ hours }) => hours ?? []);
  const windows = duplicateWindows(spans, load.lookBackHours);
  return [
    `LOCK ${WAREHOUSE.loadLockTable}`,
    `CREATE TEMP TABLE ${STAGE} (\n${redshiftColumns('staging')}\n) DISTKEY (event_id)`,
    copyStatement(load),
    insertStatement(load, windows),
    batchLedgerStatement(load, windows),
    countsStatement(load, windows),
    ...fileLedgerStatements(load),
    `SELECT rows_staged, rows_new, rows_duplicate FROM ${WAREHOUSE.loadBatchesTable} ` +
      `WHERE batch_id = ${literal(load.batchId)}`,
  ];
}

function copyStatement({ bucketName, copyRoleArn, manifestKey, objects }: Load): string {
  // By position: the stage has the columns of the files in their order. Files from before a column was appended lack the
  // last columns; in them those are NULL.
  const fill = objects.some(({ columnCount }) => columnCount < COLUMN_NAMES.length) ? ' FILLRECORD' : '';
  return (
    `COPY ${STAGE} FROM ${literal(`s3://${bucketName}/${manifestKey}`)} ` +
    `IAM_ROLE ${literal(copyRoleArn)} FORMAT AS PARQUET MANIFEST${fill}`
  );
}

/**
 * One row an event id, the earliest, and only where the warehouse has none inside the windows. A join rather than NOT
 * EXISTS: Redshift refuses some correlated subqueries, and what has no partner cannot be multiplied by the join.
 */
function insertStatement({ batchId }: Load, windows: readonly TimeWindow[]): string {
  return `INSERT INTO ${WAREHOUSE.eventsTable} (${COLUMN_LIST}, load_batch_id)
SELECT ${EVENT_COLUMNS.map(selectExpression).join(', ')}, ${literal(batchId)}
FROM (
  SELECT s.*, ROW_NUMBER() OVER (
    PARTITION BY s.event_id ORDER BY s.received_at, s.arrived_at, s.stream_sequence_number
  ) AS copy_number
  FROM ${STAGE} s
) staged
LEFT JOIN (
  SELECT e.event_id FROM ${WAREHOUSE.allEventsView} e WHERE ${windowPredicate('e.received_at', windows)}
) stored ON stored.event_id = staged.event_id
WHERE staged.copy_number = 1 AND stored.event_id IS NULL`;
}

/** JSON_PARSE fails the statement on text that is no JSON; such text is kept as a string. */
function selectExpression({ name, type }: (typeof EVENT_COLUMNS)[number]): string {
  const column = `staged.${name}`;
  if (type !== 'json') return column;
  return `CASE WHEN CAN_JSON_PARSE(${column}) THEN JSON_PARSE(${column}) ELSE CAST(${column} AS SUPER) END`;
}

/** Every row of the batch lies inside the windows: they come from the objects' own hours. */
function batchLedgerStatement(load: Load, windows: readonly TimeWindow[]): string {
  const { batchId, objects } = load;
  const first = windows[0];
  const last = windows.at(-1);
  const timestamp = (millis: number | undefined) =>
    millis === undefined ? 'NULL' : `CAST(${timestampLiteral(millis)} AS TIMESTAMP)`;
  return `INSERT INTO ${WAREHOUSE.loadBatchesTable} (
  batch_id, started_at, loaded_at, object_count, bytes, rows_expected, rows_staged, rows_new, rows_duplicate,
  window_from, window_to, manifest_key
)
SELECT ${literal(batchId)}, ${timestamp(load.startedAtMillis)}, GETDATE(), ${objects.length},
  ${sum(objects, 'bytes')}, ${sum(objects, 'rows')},
  staged.row_count, inserted.row_count, staged.row_count - inserted.row_count,
  ${timestamp(first?.fromMillis)}, ${timestamp(last?.toMillis)}, ${literal(load.manifestKey)}
FROM (SELECT COUNT(*) AS row_count FROM ${STAGE}) staged
CROSS JOIN (
  SELECT COUNT(*) AS row_count FROM ${WAREHOUSE.eventsTable} e
  WHERE e.load_batch_id = ${literal(batchId)} AND ${windowPredicate('e.received_at', windows)}
) inserted`;
}

/** Rows by arrival hour and site, for the audit. */
function countsStatement({ batchId }: Load, windows: readonly TimeWindow[]): string {
  const counted = (table: string) =>
    `SELECT DATE_TRUNC('hour', arrived_at) AS arrived_hour, site_id, COUNT(*) AS row_count FROM ${table}`;
  return `INSERT INTO ${WAREHOUSE.loadCountsTable} (batch_id, arrived_hour, site_id, rows_staged, rows_new)
SELECT ${literal(batchId)}, staged.arrived_hour, staged.site_id, staged.row_count, NVL(inserted.row_count, 0)
FROM (${counted(STAGE)} GROUP BY 1, 2) staged
LEFT JOIN (
  ${counted(`${WAREHOUSE.eventsTable} e`)}
  WHERE e.load_batch_id = ${literal(batchId)} AND ${windowPredicate('e.received_at', windows)}
  GROUP BY 1, 2
) inserted ON inserted.arrived_hour = staged.arrived_hour AND inserted.site_id = staged.site_id`;
}

/** Ledger rows of the objects, as many to a statement as the Data API takes. */
function fileLedgerStatements({ batchId, objects }: Load): string[] {
  const chunks: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const object of objects) {
    const row = fileLedgerRow(batchId, object);
    const rowBytes = Buffer.byteLength(row) + 2;
    if (bytes + rowBytes > LEDGER_ROWS_BYTES) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)?.push(row);
    bytes += rowBytes;
  }
  return chunks.map(
    (rows) => `INSERT INTO ${WAREHOUSE.loadFilesTable} (
  batch_id, object_key, object_created_at, bytes, rows_expected, received_from_hour, received_to_hour
) VALUES
${rows.join(',\n')}`,
  );
}

function fileLedgerRow(batchId: string, { key, createdAtMillis, bytes, rows, hours }: LakeObject): string {
  const values = [
    literal(batchId),
    literal(key),
    timestampLiteral(createdAtMillis),
    bytes,
    rows,
    hours?.fromHour ?? 'NULL',
    hours?.toHour ?? 'NULL',
  ];
  return `(${values.join(', ')})`;
}

function sum(objects: readonly LakeObject[], field: 'bytes' | 'rows'): number {
  return objects.reduce((total, object) => total + object[field], 0);
}
