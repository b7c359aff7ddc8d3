/** What there is to ask: tables with their columns, sites, and the days with events. */
import { WAREHOUSE } from '../../lib/contract/names';
import type { Catalog, CatalogTable, Cell } from '../wire';
import type { StatementRunner } from './statements';

/** What the role `analyst` may read, and so what completion offers. */
const COLUMNS = `SELECT table_schema, table_name, column_name, data_type FROM svv_columns
WHERE table_schema = '${WAREHOUSE.analysisSchema}' ORDER BY table_schema, table_name, ordinal_position`;

const SITES = `SELECT site_id, COUNT(*) AS sessions FROM ${WAREHOUSE.analysisSchema}.sessions
GROUP BY site_id ORDER BY 2 DESC, 1 LIMIT 1000`;

const DAYS = `SELECT TO_CHAR(MIN(started_at), 'YYYY-MM-DD') AS first_day, TO_CHAR(MAX(started_at), 'YYYY-MM-DD') AS last_day
FROM ${WAREHOUSE.analysisSchema}.sessions`;

/** Reads the catalog. @throws StatementError */
export async function readCatalog(runner: StatementRunner): Promise<Catalog> {
  const [columns, sites, days] = await Promise.all([
    runner.run(COLUMNS),
    runner.run(SITES),
    runner.run(DAYS),
  ]);
  const [first, last] = days.rows[0] ?? [];
  return {
    tables: tablesOf(columns.rows),
    sites: sites.rows.map(([site]) => String(site)),
    days: typeof first === 'string' && typeof last === 'string' ? { first, last } : undefined,
  };
}

function tablesOf(rows: readonly (readonly Cell[])[]): CatalogTable[] {
  const tables = new Map<
    string,
    { schema: string; name: string; columns: { name: string; type: string }[] }
  >();
  for (const [schema, name, column, type] of rows.map((row) => row.map(String))) {
    if (schema === undefined || name === undefined || column === undefined) continue;
    const key = `${schema}.${name}`;
    const table = tables.get(key) ?? { schema, name, columns: [] };
    table.columns.push({ name: column, type: type ?? '' });
    tables.set(key, table);
  }
  return [...tables.values()];
}
