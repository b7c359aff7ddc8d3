/** The external schema over the lake, and the view of it that analysts read. Pure. */
import { PARTITION_KEYS } from '../../lib/contract/lakeLayout';
import { WAREHOUSE } from '../../lib/contract/names';
import { literal } from '../../lib/contract/sqlText';
import { EVENT_COLUMNS, type EventColumn } from '../../lib/event/columns';
import type { ResultRow } from '../shared/dataApi';

/** Where the lake's tables are, and who reads them. */
export interface LakeAccess {
  /** Glue database. */
  readonly databaseName: string;
  /** Role Redshift Spectrum reads with. */
  readonly roleArn: string;
}

const DROP_VIEW = `DROP VIEW IF EXISTS ${WAREHOUSE.historyView}`;
const DROP_SCHEMA = `DROP SCHEMA IF EXISTS ${WAREHOUSE.lakeSchema}`;

/** Reads what the external schema is; `storedLake` understands the rows. */
export function storedLakeQuery(): string {
  return `SELECT databasename, esoptions FROM svv_external_schemas WHERE schemaname = ${literal(WAREHOUSE.lakeSchema)}`;
}

/** What the answer to `storedLakeQuery` says; undefined when there is no external schema. */
export function storedLake(rows: readonly ResultRow[]): LakeAccess | undefined {
  const [row] = rows;
  if (row === undefined) return undefined;
  const roleArn = /"IAM_ROLE"\s*:\s*"([^"]*)"/.exec(String(row.esoptions))?.[1] ?? '';
  return { databaseName: String(row.databasename), roleArn };
}

/**
 * Steps that make the warehouse show the lake as it should; empty when it is not shown and should not be. Several
 * statements of a step are a transaction; what Redshift does to an external schema runs by itself, for it refuses
 * "GRANT (on an external resource) within a transaction block" (developer guide, GRANT). Cut off anywhere, they can be
 * asked for again.
 *
 * The view is made anew each time, so that it has every column of the event. It is bound to nothing, because Redshift
 * binds no view to an external table, and because the table, which belongs to the delivery, may not be there yet.
 * @param stored the external schema as it is
 * @param wanted undefined when the warehouse is not to show the lake
 */
export function lakeSchemaSteps(
  stored: LakeAccess | undefined,
  wanted: LakeAccess | undefined,
  columns: readonly EventColumn[] = EVENT_COLUMNS,
): string[][] {
  if (wanted === undefined) return stored === undefined ? [] : [[DROP_VIEW], [DROP_SCHEMA]];
  const isAsWanted = stored?.databaseName === wanted.databaseName && stored.roleArn === wanted.roleArn;
  return [
    ...(stored === undefined || isAsWanted ? [] : [[DROP_SCHEMA]]),
    ...(isAsWanted ? [] : [[createSchema(wanted)]]),
    // The reader of a view needs the right to use the external schema behind it, which users and groups can have and
    // roles cannot; nothing is granted on its tables.
    [`GRANT USAGE ON SCHEMA ${WAREHOUSE.lakeSchema} TO GROUP ${WAREHOUSE.analystGroup}`],
    [
      DROP_VIEW,
      createView(columns),
      `GRANT SELECT ON ${WAREHOUSE.historyView} TO ROLE ${WAREHOUSE.analystRole}`,
    ],
  ];
}

function createSchema({ databaseName, roleArn }: LakeAccess): string {
  return (
    `CREATE EXTERNAL SCHEMA ${WAREHOUSE.lakeSchema} FROM DATA CATALOG ` +
    `DATABASE ${literal(databaseName)} IAM_ROLE ${literal(roleArn)}`
  );
}

function createView(columns: readonly EventColumn[]): string {
  const names = [...columns.map(({ name }) => name), ...PARTITION_KEYS].map((name) => `"${name}"`);
  return `CREATE VIEW ${WAREHOUSE.historyView} AS
SELECT ${names.join(', ')}
FROM ${WAREHOUSE.lakeEventsTable}
WITH NO SCHEMA BINDING`;
}
