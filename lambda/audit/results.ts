/** SQL that writes down what an audit found. Pure. */
import { DATA_API_BATCH_STATEMENTS, DATA_API_STATEMENT_BYTES } from '../../lib/contract/limits';
import { WAREHOUSE } from '../../lib/contract/names';
import { literal, timestampLiteral } from '../../lib/contract/sqlText';
import type { AuditRow } from './reconcile';

/** Leaves room for what surrounds the rows in their statement. */
const ROWS_BYTES = DATA_API_STATEMENT_BYTES - 1_000;

/**
 * Batches of statements; each replaces the rows of whole hours, so that an hour's rows are always of one audit.
 * @throws RangeError when the rows of one hour do not fit a batch: far more sites than the Data API can be told of
 */
export function resultBatches(
  hours: readonly number[],
  rows: readonly AuditRow[],
  auditedAtMillis: number,
): string[][] {
  const batches: string[][] = [];
  let deleted: number[] = [];
  let values: string[] = [];
  for (const hour of hours) {
    const own = rows.filter((row) => row.hour === hour).map((row) => rowValues(row, auditedAtMillis));
    if (deleted.length > 0 && inserts([...values, ...own]).length + 1 > DATA_API_BATCH_STATEMENTS) {
      batches.push(batch(deleted, values));
      deleted = [];
      values = [];
    }
    deleted.push(hour);
    values.push(...own);
  }
  if (deleted.length > 0) batches.push(batch(deleted, values));
  return batches;
}

function batch(hours: readonly number[], values: readonly string[]): string[] {
  const statements = [
    `DELETE FROM ${WAREHOUSE.auditsTable} WHERE arrived_hour IN (${hours.map(timestampLiteral).join(', ')})`,
    ...inserts(values),
  ];
  if (statements.length > DATA_API_BATCH_STATEMENTS) {
    throw new RangeError(
      `${values.length} rows of one hour take ${statements.length} statements: the Data API takes at most ` +
        `${DATA_API_BATCH_STATEMENTS} at once`,
    );
  }
  return statements;
}

function inserts(values: readonly string[]): string[] {
  const chunks: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const value of values) {
    const valueBytes = Buffer.byteLength(value) + 2;
    if (bytes + valueBytes > ROWS_BYTES) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)?.push(value);
    bytes += valueBytes;
  }
  return chunks.map(
    (chunk) => `INSERT INTO ${WAREHOUSE.auditsTable} (
  arrived_hour, site_id, accepted, rejected, loaded, rows_new, duplicates, not_loaded, quarantined, difference,
  explanation, audited_at
) VALUES
${chunk.join(',\n')}`,
  );
}

function rowValues(row: AuditRow, auditedAtMillis: number): string {
  const { accepted, rejected, loaded, rowsNew, duplicates, notLoaded, quarantined, difference } = row;
  const numbers = [accepted, rejected, loaded, rowsNew, duplicates, notLoaded, quarantined, difference];
  const explanation = row.explanation === undefined ? 'NULL' : literal(row.explanation);
  const values = [timestampLiteral(row.hour), literal(row.siteId), ...numbers, explanation];
  return `(${values.join(', ')}, ${timestampLiteral(auditedAtMillis)})`;
}
