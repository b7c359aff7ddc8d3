/** Where the local warehouse keeps what DuckDB has no notion of: users, roles, grants, owners, bound views. */

export const CATALOG_SCHEMA = 'redshift_catalog';

/** Run at each start; the names are those of Redshift's ideas, not of its system tables. */
export const CATALOG_DDL: readonly string[] = [
  'CREATE SCHEMA IF NOT EXISTS public',
  `CREATE SCHEMA IF NOT EXISTS ${CATALOG_SCHEMA}`,
  // kind: user, role or group.
  `CREATE TABLE IF NOT EXISTS ${CATALOG_SCHEMA}.principals (kind VARCHAR NOT NULL, name VARCHAR NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS ${CATALOG_SCHEMA}.owners (object VARCHAR NOT NULL, owner VARCHAR NOT NULL)`,
  // object: 'schema x', 'table x.y', 'database', 'iam role x', 'role x', 'new tables in x'.
  `CREATE TABLE IF NOT EXISTS ${CATALOG_SCHEMA}.grants
     (object VARCHAR NOT NULL, privilege VARCHAR NOT NULL, grantee_kind VARCHAR NOT NULL, grantee VARCHAR NOT NULL)`,
  // Views that are bound to what they read, which cannot be dropped before them.
  `CREATE TABLE IF NOT EXISTS ${CATALOG_SCHEMA}.dependencies
     (schema VARCHAR NOT NULL, view VARCHAR NOT NULL, object VARCHAR NOT NULL)`,
  // Schemas whose tables are those of a data catalog's database.
  `CREATE TABLE IF NOT EXISTS ${CATALOG_SCHEMA}.external_schemas
     (schema VARCHAR NOT NULL, database VARCHAR NOT NULL, iam_role VARCHAR NOT NULL)`,
  // What everybody may do in a new database, until it is revoked.
  `INSERT INTO ${CATALOG_SCHEMA}.grants
     SELECT * FROM (VALUES ('schema public', 'usage', 'public', ''), ('schema public', 'create', 'public', ''),
       ('database', 'temp', 'public', ''), ('iam role *', 'copy', 'public', ''))
     WHERE NOT EXISTS (FROM ${CATALOG_SCHEMA}.owners WHERE object = 'database')`,
  `INSERT INTO ${CATALOG_SCHEMA}.owners
     SELECT 'database', '' WHERE NOT EXISTS (FROM ${CATALOG_SCHEMA}.owners WHERE object = 'database')`,
];
