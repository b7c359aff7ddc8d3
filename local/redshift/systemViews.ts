/** Redshift's own views of the catalog, as DuckDB views beside the macros. */
import { CATALOG_SCHEMA } from './catalogTables';
import { quoteIdentifier, stringLiteral } from './sql/lexer';

/** Redshift's names of the types whose DuckDB name is another. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  VARCHAR: 'character varying',
  TIMESTAMP: 'timestamp without time zone',
  'TIMESTAMP WITH TIME ZONE': 'timestamp with time zone',
  DOUBLE: 'double precision',
  FLOAT: 'real',
  VARIANT: 'super',
  'UBIGINT[]': 'hllsketch',
};

/** Names of the views that `systemViewDdl` makes. Everybody may read them. */
export const SYSTEM_VIEWS: ReadonlySet<string> = new Set([
  'svv_columns',
  'svv_tables',
  'svv_external_schemas',
  'svv_table_info',
]);

/**
 * Statements that make the views.
 * @param catalog in-memory database they lie in
 * @param databaseName the database they tell about
 */
export function systemViewDdl(catalog: string, databaseName: string): string[] {
  const isOfDatabase = `database_name = ${stringLiteral(databaseName)} AND schema_name <> '${CATALOG_SCHEMA}'`;
  const typeNames = Object.entries(TYPE_NAMES).map(([type, name]) => `WHEN '${type}' THEN '${name}'`);
  return [
    // A text's length is kept as a CHECK constraint on its column: see lengthCheck.
    `CREATE VIEW ${catalog}.main.svv_columns AS
     WITH lengths AS (
       SELECT schema_name, table_name, constraint_column_names[1] AS column_name,
         CAST(regexp_extract(constraint_text, '<= (\\d+)\\)\\)$', 1) AS INTEGER) AS bytes
       FROM duckdb_constraints()
       WHERE constraint_type = 'CHECK' AND constraint_text LIKE 'CHECK((strlen(%' AND ${isOfDatabase}
     )
     SELECT database_name AS table_catalog, schema_name AS table_schema, table_name, column_name,
       column_index AS ordinal_position, column_default, if(is_nullable, 'YES', 'NO') AS is_nullable,
       CASE regexp_replace(data_type, '\\(.*$', '') WHEN 'DECIMAL' THEN 'numeric' ${typeNames.join(' ')}
         ELSE lower(data_type) END AS data_type,
       bytes AS character_maximum_length
     FROM duckdb_columns() LEFT JOIN lengths USING (schema_name, table_name, column_name)
     WHERE ${isOfDatabase}`,
    `CREATE VIEW ${catalog}.main.svv_tables AS
     SELECT database_name AS table_catalog, schema_name AS table_schema, table_name, 'BASE TABLE' AS table_type
     FROM duckdb_tables() WHERE ${isOfDatabase}
     UNION ALL
     SELECT database_name, schema_name, view_name, 'VIEW' FROM duckdb_views() WHERE ${isOfDatabase} AND NOT internal`,
    // Nothing is ever unsorted or without statistics here.
    `CREATE VIEW ${catalog}.main.svv_table_info AS
     SELECT database_name AS "database", schema_name AS "schema", table_name AS "table", 0.0 AS unsorted,
       0.0 AS stats_off, estimated_size AS tbl_rows
     FROM duckdb_tables() WHERE ${isOfDatabase}`,
    `CREATE VIEW ${catalog}.main.svv_external_schemas AS
     SELECT schema AS schemaname, database AS databasename, '{"IAM_ROLE":"' || iam_role || '"}' AS esoptions
     FROM ${quoteIdentifier(databaseName)}.${CATALOG_SCHEMA}.external_schemas`,
  ];
}
