/**
 * External schemas: tables of a data catalog whose rows are Parquet objects. Only registered partitions are read, as
 * Redshift Spectrum does.
 *
 * Each external table is a view over the files of its partitions, made anew whenever the catalog changes.
 */
import { CATALOG_SCHEMA } from './catalogTables';
import { RedshiftError } from './redshiftError';
import type { Session } from './session';
import { quoteIdentifier, stringLiteral } from './sql/lexer';

/** Column DuckDB adds to say which object a row is from. */
const OBJECT = 'external_object';

/** A table of a data catalog. */
export interface ExternalTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly duckDbType: string }[];
  readonly partitionKeys: readonly string[];
  /** Below it lie the objects of all partitions. */
  readonly directory: string;
  /** Registered partitions: values in the order of the keys, and the directory with the objects. */
  readonly partitions: readonly { readonly values: readonly string[]; readonly directory: string }[];
}

/** Tables by the catalog's database; undefined when there is no such database. */
export type ExternalCatalog = (database: string) => readonly ExternalTable[] | undefined;

/** Notes an external schema and makes its tables. @throws RedshiftError when the catalog has no such database */
export async function addExternalSchema(
  session: Session,
  { schema, database, iamRole }: { schema: string; database: string; iamRole: string },
): Promise<void> {
  if (session.externalCatalog(database) === undefined) {
    throw new RedshiftError(`external database "${database}" does not exist`);
  }
  await session.execute(
    `INSERT INTO ${CATALOG_SCHEMA}.external_schemas VALUES (${[schema, database, iamRole].map(stringLiteral).join(', ')})`,
  );
  await remakeExternalTables(session);
}

/** Forgets an external schema; its files stay. */
export async function forgetExternalSchema(session: Session, schema: string): Promise<void> {
  await session.execute(
    `DELETE FROM ${CATALOG_SCHEMA}.external_schemas WHERE schema = ${stringLiteral(schema)}`,
  );
}

/** Names of the external schemas. */
export async function externalSchemas(session: Session): Promise<string[]> {
  const found = await session.rows(`SELECT schema FROM ${CATALOG_SCHEMA}.external_schemas ORDER BY 1`);
  return found.map((row) => String(row.schema));
}

/** Makes the tables of all external schemas as the catalog has them now. */
export async function remakeExternalTables(session: Session): Promise<void> {
  const found = await session.rows(`SELECT schema, database FROM ${CATALOG_SCHEMA}.external_schemas`);
  for (const { schema, database } of found) {
    for (const table of session.externalCatalog(String(database)) ?? []) {
      const name = `${quoteIdentifier(String(schema))}.${quoteIdentifier(table.name)}`;
      await session.execute(`CREATE OR REPLACE VIEW ${name} AS ${tableQuery(table)}`);
    }
  }
}

/**
 * Rows of all registered partitions. Columns that a file lacks are NULL, and a column in no file at all still has its
 * type: a branch without rows gives every column.
 */
function tableQuery({ columns, partitionKeys, directory, partitions }: ExternalTable): string {
  const typed = [
    ...columns.map(({ name, duckDbType }) => ({ name: quoteIdentifier(name), duckDbType })),
    ...partitionKeys.map((key) => ({ name: quoteIdentifier(key), duckDbType: 'VARCHAR' })),
  ];
  const nulls = typed.map(({ name, duckDbType }) => `CAST(NULL AS ${duckDbType}) AS ${name}`);
  const noRows = `SELECT ${nulls.join(', ')} WHERE false`;
  if (partitions.length === 0) return noRows;
  const keys = partitionKeys.map(quoteIdentifier).join(', ');
  const places = partitions.map(
    (partition) => `(${[partition.directory, ...partition.values].map(stringLiteral).join(', ')})`,
  );
  // A pattern for each partition would fail when the last object of one is gone.
  const rows = `SELECT objects.* EXCLUDE (${OBJECT}), places.* EXCLUDE (directory)
    FROM read_parquet(${stringLiteral(`${directory}/**/*.parquet`)},
      union_by_name = true, hive_partitioning = false, filename = '${OBJECT}') objects
    JOIN (VALUES ${places.join(', ')}) places(directory, ${keys}) ON parse_dirpath(objects.${OBJECT}) = places.directory`;
  const outputs = typed.map(({ name, duckDbType }) => `CAST(${name} AS ${duckDbType}) AS ${name}`);
  return `SELECT ${outputs.join(', ')} FROM (${noRows} UNION ALL BY NAME ${rows})`;
}
