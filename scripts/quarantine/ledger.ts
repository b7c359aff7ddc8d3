/** The ledger of the quarantine, as an operator reads and closes it. */
import { randomUUID } from 'node:crypto';
import type { Release } from '../../lambda/loader/quarantineLedger';
import type { DataApi, FieldValue, ResultRow } from '../../lambda/shared/dataApi';
import { WAREHOUSE } from '../../lib/contract/names';
import { literal } from '../../lib/contract/sqlText';

/** A row of the ledger. */
export interface LedgerRow {
  /** Key the object had, and has again when it is retried. */
  readonly key: string;
  readonly quarantineKey: string;
  /** When it was moved aside: `yyyy-MM-dd HH:mm:ss[.SSS]`, UTC. */
  readonly since: string;
  /** Short name of what is wrong. */
  readonly reason: string;
  /** In Redshift's or the loader's words. */
  readonly detail: string;
  readonly bytes: number;
  /** Rows its footer announces; undefined when it could not be read. */
  readonly rows: number | undefined;
  /** When it left the quarantine, and how; undefined while it is there. */
  readonly releasedAt: string | undefined;
  readonly release: string | undefined;
}

const STATEMENT_NAME = 'clickstream-quarantine';
const TIMEOUT_MILLIS = 120_000;

const COLUMNS =
  'object_key, quarantine_key, quarantined_at, reason, detail, bytes, rows_expected, released_at, release';

/** Objects in quarantine, those that came first first. */
export async function openRows(dataApi: DataApi): Promise<LedgerRow[]> {
  return (await ask(dataApi, [select('released_at IS NULL')])).map(ledgerRow);
}

/** Every time an object was in quarantine, the first first. */
export async function history(dataApi: DataApi, key: string): Promise<LedgerRow[]> {
  return (await ask(dataApi, [select(`object_key = ${literal(key)}`)])).map(ledgerRow);
}

/**
 * Closes the row of an object, unless it has come into quarantine anew since the row was read.
 * @returns false when it has
 */
export async function close(dataApi: DataApi, { key, since }: LedgerRow, release: Release): Promise<boolean> {
  const isOpen = `object_key = ${literal(key)} AND released_at IS NULL`;
  const [row] = await ask(dataApi, [
    `UPDATE ${WAREHOUSE.quarantinedObjectsTable} SET released_at = GETDATE(), release = ${literal(release)} ` +
      `WHERE ${isOpen} AND quarantined_at = CAST(${literal(since)} AS TIMESTAMP)`,
    `SELECT COUNT(*) AS open_rows FROM ${WAREHOUSE.quarantinedObjectsTable} WHERE ${isOpen}`,
  ]);
  return Number(row?.open_rows) === 0;
}

function select(condition: string): string {
  return `SELECT ${COLUMNS} FROM ${WAREHOUSE.quarantinedObjectsTable} WHERE ${condition} ORDER BY quarantined_at, object_key`;
}

/** Rows of the last statement. */
async function ask(dataApi: DataApi, statements: readonly string[]): Promise<ResultRow[]> {
  const id = await dataApi.submit(statements, STATEMENT_NAME, randomUUID());
  await dataApi.follow(id, Date.now() + TIMEOUT_MILLIS);
  return dataApi.rows(id, statements.length - 1);
}

function ledgerRow(row: ResultRow): LedgerRow {
  return {
    key: String(row.object_key),
    quarantineKey: String(row.quarantine_key),
    since: String(row.quarantined_at),
    reason: String(row.reason),
    detail: String(row.detail),
    bytes: Number(row.bytes),
    rows: row.rows_expected === undefined ? undefined : Number(row.rows_expected),
    releasedAt: text(row.released_at),
    release: text(row.release),
  };
}

function text(value: FieldValue): string | undefined {
  return value === undefined ? undefined : String(value);
}
