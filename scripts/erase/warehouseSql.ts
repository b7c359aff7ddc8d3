/** The SQL of an erasure. No identifier is part of it: Redshift's audit log keeps statements. Pure. */

import { WAREHOUSE } from '../../lib/contract/names';
import { literal } from '../../lib/contract/sqlText';
import type { Subject } from './subject';

/** A table that tells of visitors or users. */
export interface PersonalTable {
  /** Schema and name. */
  readonly name: string;
  readonly columns: ReadonlySet<string>;
}

const STAGE = 'erased_ids';
const SCHEMAS = [WAREHOUSE.rawSchema, WAREHOUSE.opsSchema, WAREHOUSE.modelsSchema, WAREHOUSE.analysisSchema];

/** Columns of all tables (views are left out: they hold nothing) that tell of visitors or users, or of sites. */
export const PERSONAL_COLUMNS_SQL = `SELECT c.table_schema, c.table_name, c.column_name
FROM svv_columns c
JOIN svv_tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
WHERE t.table_type = 'BASE TABLE'
  AND c.table_schema IN (${SCHEMAS.map(literal).join(', ')})
  AND c.column_name IN ('visitor_id', 'user_id', 'site_id')
ORDER BY 1, 2, 3`;

/** Statements that copy the staged identifiers into a temporary table. */
export function stageStatements(manifestUrl: string, copyRoleArn: string): string[] {
  return [
    `CREATE TEMP TABLE ${STAGE} (id_column VARCHAR(16), id VARCHAR(128))`,
    `COPY ${STAGE} FROM ${literal(manifestUrl)} ` +
      `IAM_ROLE ${literal(copyRoleArn)} FORMAT AS PARQUET MANIFEST`,
  ];
}

/**
 * Which rows of a table are the subject's; undefined when it has no column to tell, and
 * `cannot tell sites apart` when only some of its rows may go and it does not say which.
 */
export function rowsOf(
  { columns }: PersonalTable,
  { kind, site, linkedVisitors }: Subject,
): { readonly condition: string } | { readonly left: string } | undefined {
  const isAmong = (column: string) =>
    `${column} IN (SELECT id FROM ${STAGE} WHERE id_column = ${literal(column)})`;
  const terms: string[] = [];
  if (columns.has(`${kind}_id`)) terms.push(isAmong(`${kind}_id`));
  if (kind === 'user' && linkedVisitors.size > 0 && columns.has('visitor_id')) {
    const isAnonymous = columns.has('user_id') ? ' AND user_id IS NULL' : '';
    terms.push(`(${isAmong('visitor_id')}${isAnonymous})`);
  }
  if (terms.length === 0) return undefined;
  if (site === undefined) return { condition: `(${terms.join(' OR ')})` };
  if (!columns.has('site_id')) return { left: 'it does not tell sites apart' };
  return { condition: `(${terms.join(' OR ')}) AND site_id = ${literal(site)}` };
}

/** Counts all rows of a table and those of the condition. */
export function countStatement(table: string, condition: string): string {
  return `SELECT (SELECT COUNT(*) FROM ${table}) AS row_count,
  (SELECT COUNT(*) FROM ${table} WHERE ${condition}) AS found`;
}

/** Notes what a table holds, before the deletion. */
export function noteStatement(erasureId: string, table: string, condition: string): string {
  return `INSERT INTO ${WAREHOUSE.erasuresTable} (erasure_id, table_name, rows_before, rows_found, erased_at)
SELECT ${literal(erasureId)}, ${literal(table)}, row_count, found, GETDATE()
FROM (${countStatement(table, condition)}) counts`;
}

/** Completes the note, after the deletion. */
export function noteAfterStatement(erasureId: string, table: string): string {
  return `UPDATE ${WAREHOUSE.erasuresTable} SET rows_after = (SELECT COUNT(*) FROM ${table})
WHERE erasure_id = ${literal(erasureId)} AND table_name = ${literal(table)}`;
}

/** What an erasure deleted; no rows before its transaction is committed. */
export function notesStatement(erasureId: string): string {
  return `SELECT table_name, rows_before, rows_found AS found, rows_after
FROM ${WAREHOUSE.erasuresTable} WHERE erasure_id = ${literal(erasureId)} ORDER BY table_name`;
}

export function deleteStatement(table: string, condition: string): string {
  return `DELETE FROM ${table} WHERE ${condition}`;
}

/** Visitors the staged user was seen as, from every table that tells; undefined when none does. */
export function visitorsStatement(
  tables: readonly PersonalTable[],
  site: string | undefined,
): string | undefined {
  const needed = ['visitor_id', 'user_id', ...(site === undefined ? [] : ['site_id'])];
  const telling = tables.filter(({ columns }) => needed.every((column) => columns.has(column)));
  if (telling.length === 0) return undefined;
  const ofSite = site === undefined ? '' : ` AND site_id = ${literal(site)}`;
  const selects = telling.map(
    ({ name }) => `SELECT visitor_id FROM ${name}
WHERE user_id IN (SELECT id FROM ${STAGE} WHERE id_column = 'user_id')${ofSite} AND visitor_id IS NOT NULL`,
  );
  return `${selects.join('\nUNION\n')}\nORDER BY 1`;
}

/** Serialises with loads and with the models, so that neither brings back rows while others are deleted. */
export const LOCK_STATEMENTS = [WAREHOUSE.loadLockTable, WAREHOUSE.modelLockTable].map(
  (table) => `LOCK ${table}`,
);

/** Which of the keys a load has taken. */
export function loadedKeysStatement(keys: readonly string[]): string {
  return `SELECT DISTINCT object_key FROM ${WAREHOUSE.loadFilesTable} WHERE object_key IN (${keys.map(literal).join(', ')})`;
}
