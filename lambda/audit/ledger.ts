/** What the warehouse's ledgers say about some hours. */

import { randomUUID } from 'node:crypto';
import { EVENTS_PREFIX, hourPartition } from '../../lib/contract/lakeLayout';
import { WAREHOUSE } from '../../lib/contract/names';
import { literal, timestampLiteral } from '../../lib/contract/sqlText';
import { HOUR_MILLIS } from '../../lib/contract/units';
import type { DataApi, ResultRow } from '../shared/dataApi';

/** Rows of one load in one hour and site. */
export interface LoadCount {
  readonly batchId: string;
  /** Start of the arrival hour, epoch milliseconds. */
  readonly hour: number;
  readonly siteId: string;
  readonly rowsStaged: number;
  readonly rowsNew: number;
}

/** An object in one load. */
export interface LoadedFile {
  readonly batchId: string;
  readonly key: string;
  readonly bytes: number;
  /** 1 for the first load of the object. */
  readonly loadNumber: number;
}

/** An object in quarantine, or whose rows are given up: dropped from it by hand, or replaced by another there. */
export interface QuarantinedObject {
  readonly key: string;
  readonly quarantineKey: string;
  readonly rows: number | undefined;
  readonly isDropped: boolean;
}

/** A load that staged another number of rows than its objects announce. */
export interface ShortBatch {
  readonly batchId: string;
  readonly rowsExpected: number;
  readonly rowsStaged: number;
}

export interface Ledger {
  readonly counts: readonly LoadCount[];
  readonly files: readonly LoadedFile[];
  readonly quarantined: readonly QuarantinedObject[];
  readonly shortBatches: readonly ShortBatch[];
  /** When the youngest object of all that were loaded was created; undefined when none was. */
  readonly newestLoadedMillis: number | undefined;
}

/** Statements of the audit carry this name. */
export const AUDIT_STATEMENT = 'clickstream-audit';

/**
 * Reads the ledgers, all of one moment.
 * @param hours arrival hours, in order; @param partitions whose objects may hold events of them, in order
 * @throws StatementFailedError, StatementTimeoutError
 */
export async function readLedger(
  dataApi: DataApi,
  hours: readonly number[],
  partitions: readonly number[],
  deadlineMillis: number,
): Promise<Ledger> {
  const statements = ledgerStatements(hours, partitions);
  const id = await dataApi.submit(statements, AUDIT_STATEMENT, randomUUID());
  await dataApi.follow(id, deadlineMillis);
  const [counts, files, quarantined, short, newest] = await Promise.all(
    statements.map((_, index) => dataApi.rows(id, index)),
  );
  const [youngest] = newest ?? [];
  return {
    counts: (counts ?? []).map((row) => ({
      batchId: text(row, 'batch_id'),
      hour: time(row, 'arrived_hour'),
      siteId: text(row, 'site_id'),
      rowsStaged: number(row, 'rows_staged'),
      rowsNew: number(row, 'rows_new'),
    })),
    files: (files ?? []).map((row) => ({
      batchId: text(row, 'batch_id'),
      key: text(row, 'object_key'),
      bytes: number(row, 'bytes'),
      loadNumber: number(row, 'load_number'),
    })),
    quarantined: (quarantined ?? []).map((row) => ({
      key: text(row, 'object_key'),
      quarantineKey: text(row, 'quarantine_key'),
      rows: row.rows_expected === undefined ? undefined : number(row, 'rows_expected'),
      isDropped: row.release !== undefined,
    })),
    shortBatches: (short ?? []).map((row) => ({
      batchId: text(row, 'batch_id'),
      rowsExpected: number(row, 'rows_expected'),
      rowsStaged: number(row, 'rows_staged'),
    })),
    newestLoadedMillis: youngest?.created_at === undefined ? undefined : time(youngest, 'created_at'),
  };
}

/** The statements, in the order of `Ledger`. Times come as text, of which there is one reading. */
export function ledgerStatements(hours: readonly number[], partitions: readonly number[]): string[] {
  const from = timestampLiteral(hours[0] ?? 0);
  const to = timestampLiteral((hours.at(-1) ?? 0) + HOUR_MILLIS);
  const firstPartition = partitions[0] ?? 0;
  const firstKey = literal(`${EVENTS_PREFIX}${hourPartition(firstPartition)}`);
  const afterKeys = literal(`${EVENTS_PREFIX}${hourPartition((partitions.at(-1) ?? 0) + HOUR_MILLIS)}`);
  const inPartitions = (key: string) => `${key} >= ${firstKey} AND ${key} < ${afterKeys}`;
  const asText = (column: string) => `TO_CHAR(${column}, 'YYYY-MM-DD HH24:MI:SS')`;
  return [
    `SELECT batch_id, ${asText('arrived_hour')} AS arrived_hour, site_id, rows_staged, rows_new
FROM ${WAREHOUSE.loadCountsTable} WHERE arrived_hour >= ${from} AND arrived_hour < ${to}`,
    // An object is created after the hour it is named for has begun: the sort key leaves the older ones unread.
    `SELECT f.batch_id, f.object_key, f.bytes,
  ROW_NUMBER() OVER (PARTITION BY f.object_key ORDER BY b.loaded_at, b.batch_id) AS load_number
FROM ${WAREHOUSE.loadFilesTable} f JOIN ${WAREHOUSE.loadBatchesTable} b ON b.batch_id = f.batch_id
WHERE f.object_created_at >= ${timestampLiteral(firstPartition)} AND ${inPartitions('f.object_key')}`,
    `SELECT object_key, quarantine_key, rows_expected, release FROM ${WAREHOUSE.quarantinedObjectsTable}
WHERE ${inPartitions('object_key')} AND (released_at IS NULL OR release IN ('dropped', 'replaced'))`,
    `SELECT batch_id, rows_expected, rows_staged FROM ${WAREHOUSE.loadBatchesTable}
WHERE loaded_at >= ${timestampLiteral(firstPartition)} AND rows_staged <> rows_expected`,
    `SELECT ${asText('MAX(object_created_at)')} AS created_at FROM ${WAREHOUSE.loadFilesTable}`,
  ];
}

/** @throws Error when a result lacks the column: the warehouse is older than the audit */
function text(row: ResultRow, name: string): string {
  const value = row[name];
  if (value === undefined) throw new Error(`The ledger gives no ${name}`);
  return String(value);
}

function number(row: ResultRow, name: string): number {
  const value = Number(text(row, name));
  if (!Number.isFinite(value))
    throw new Error(`The ledger gives ${row[name]} for ${name}, it must be a number`);
  return value;
}

function time(row: ResultRow, name: string): number {
  const millis = Date.parse(`${text(row, name).replace(' ', 'T')}Z`);
  if (Number.isNaN(millis)) throw new Error(`The ledger gives ${row[name]} for ${name}, it must be a time`);
  return millis;
}
