/** SQL that writes down which objects are in quarantine. Pure. */
import { QUARANTINE_PREFIX } from '../../lib/contract/lakeLayout';
import { DATA_API_BATCH_STATEMENTS } from '../../lib/contract/limits';
import { WAREHOUSE } from '../../lib/contract/names';
import { literal, timestampLiteral } from '../../lib/contract/sqlText';
import { truncateBytes } from '../../lib/event/text';
import type { BrokenObject } from './quarantine';

/** Width of the ledger's column (sql/migrations/004-quarantine.sql). */
const DETAIL_BYTES = 4_096;

/** Each object takes two statements; the lock is one, and releasing what they replace is another. */
export const OBJECTS_PER_LEDGER_BATCH = Math.floor((DATA_API_BATCH_STATEMENTS - 2) / 2);

/**
 * How an object left the quarantine, or that it never got there. `replaced`: another one with other content came after
 * it under the same key; its copy is an old version of that one's.
 */
export type Release = 'retried' | 'dropped' | 'not_moved' | 'replaced';

/** Key of an object's copy in quarantine. */
export function quarantineKey(key: string): string {
  return `${QUARANTINE_PREFIX}${key}`;
}

/**
 * Statements that leave one open row for each key: with the latest reason when the same content was in quarantine
 * already, else a new one. The lock makes two writers take turns:
 * Redshift enforces no keys, so both could otherwise insert.
 * @param nowMillis distinguishes this quarantine of a key from an earlier one
 */
export function openStatements(objects: readonly BrokenObject[], nowMillis: number): string[] {
  return [
    `LOCK ${WAREHOUSE.loadLockTable}`,
    releaseReplaced(objects),
    ...objects.flatMap((object) => [updateStatement(object, nowMillis), insertStatement(object, nowMillis)]),
  ];
}

/** Statements that close the open rows of objects. */
export function closeStatements(keys: readonly string[], release: Release): string[] {
  return keys.map((key) => releaseStatement(isOpen(key), release));
}

function releaseReplaced(objects: readonly BrokenObject[]): string {
  const others = objects.map(({ key, eTag }) => `${isOpen(key)} AND e_tag <> ${literal(eTag)}`);
  return releaseStatement(others.join('\n  OR '), 'replaced');
}

function releaseStatement(condition: string, release: Release): string {
  return (
    `UPDATE ${WAREHOUSE.quarantinedObjectsTable} SET released_at = GETDATE(), release = ${literal(release)} ` +
    `WHERE ${condition}`
  );
}

function updateStatement(object: BrokenObject, nowMillis: number): string {
  return `UPDATE ${WAREHOUSE.quarantinedObjectsTable} SET quarantined_at = ${timestampLiteral(nowMillis)},
  reason = ${literal(object.reason)}, detail = ${detail(object)}, bytes = ${object.bytes}, rows_expected = ${rows(object)},
  e_tag = ${literal(object.eTag)}
WHERE ${isOpen(object.key)}`;
}

function insertStatement(object: BrokenObject, nowMillis: number): string {
  return `INSERT INTO ${WAREHOUSE.quarantinedObjectsTable} (
  object_key, quarantine_key, quarantined_at, reason, detail, bytes, rows_expected, e_tag
)
SELECT ${literal(object.key)}, ${literal(quarantineKey(object.key))},
  CAST(${timestampLiteral(nowMillis)} AS TIMESTAMP), ${literal(object.reason)}, ${detail(object)},
  ${object.bytes}, ${rows(object)}, ${literal(object.eTag)}
WHERE NOT EXISTS (SELECT 1 FROM ${WAREHOUSE.quarantinedObjectsTable} WHERE ${isOpen(object.key)})`;
}

function isOpen(key: string): string {
  return `object_key = ${literal(key)} AND released_at IS NULL`;
}

function detail({ detail }: BrokenObject): string {
  return literal(truncateBytes(detail.replaceAll('\0', ''), DETAIL_BYTES));
}

function rows({ rows }: BrokenObject): string {
  return rows === undefined ? 'CAST(NULL AS BIGINT)' : String(rows);
}
