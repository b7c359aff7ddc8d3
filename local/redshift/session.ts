/** One connection to the local warehouse: whose it is, and what statements need to look up. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { CATALOG_SCHEMA } from './catalogTables';
import type { ExternalCatalog } from './externalTables';
import { RedshiftError } from './redshiftError';
import { quoteIdentifier, stringLiteral } from './sql/lexer';
import { displayName, type ObjectName } from './sql/tokenReader';
import { SYSTEM_VIEWS } from './systemViews';

/** Where S3 objects lie on this machine. */
export type ResolveS3 = (bucket: string, key: string) => string | undefined;

export interface Relation {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly isTemporary: boolean;
  /** Belongs to the database itself, such as information_schema. */
  readonly isSystem: boolean;
  /** How DuckDB is to be told about it. */
  readonly sqlName: string;
}

export interface Column {
  readonly name: string;
  /** DuckDB's type. */
  readonly type: string;
  readonly isNullable: boolean;
  /** DuckDB expression, if there is one. */
  readonly defaultSql?: string;
  /** Declared VARCHAR length in bytes, if any. */
  readonly maxBytes?: number;
}

const SYSTEM_SCHEMAS = ['information_schema', 'pg_catalog'];
/** Schema of tables that are named without one. */
export const DEFAULT_SCHEMA = 'public';

/** The CHECK constraint that stands for a VARCHAR's length, and how to read it back. */
export const lengthCheck = (column: string, maxBytes: number) =>
  `CHECK (strlen(${quoteIdentifier(column)}) <= ${maxBytes})`;
const LENGTH_CHECK = /^CHECK\(\(strlen\("?((?:[^"()]|"")+?)"?\) <= (\d+)\)\)$/;

/** The column and length of a constraint's text, or undefined when it is another constraint. */
function readLengthCheck(text: string): { column: string; maxBytes: number } | undefined {
  const [, column, maxBytes] = LENGTH_CHECK.exec(text) ?? [];
  if (column === undefined) return undefined;
  return { column: column.replaceAll('""', '"'), maxBytes: Number(maxBytes) };
}

type Row = Record<string, unknown>;

export class Session {
  lastCopyCount = 0;

  constructor(
    readonly connection: DuckDBConnection,
    readonly user: string,
    readonly isSuperuser: boolean,
    readonly databaseName: string,
    readonly resolveS3: ResolveS3,
    readonly externalCatalog: ExternalCatalog,
    private readonly isTransactionBlock: boolean,
  ) {}

  /**
   * To be called by commands that Redshift runs by themselves only.
   * @param command as Redshift names it
   * @throws RedshiftError when other statements share the transaction, or could
   */
  refuseTransactionBlock(command: string): void {
    if (this.isTransactionBlock) {
      throw new RedshiftError(`${command} cannot run inside a transaction block`);
    }
  }

  /** Runs DuckDB SQL and gives the rows as objects. */
  async rows(sql: string): Promise<Row[]> {
    return (await this.connection.runAndReadAll(sql)).getRowObjectsJson() as Row[];
  }

  /** Runs DuckDB SQL; the rows it changed. */
  async execute(sql: string): Promise<number> {
    return (await this.connection.run(sql)).rowsChanged;
  }

  /** The relation of that name: temporary ones first, then `public` when no schema is named. */
  async findRelation({ schema, name }: ObjectName): Promise<Relation | undefined> {
    if (schema !== undefined && SYSTEM_SCHEMAS.includes(schema)) {
      const sqlName = `${schema}.${quoteIdentifier(name)}`;
      return { schema, name, kind: 'view', isTemporary: false, isSystem: true, sqlName };
    }
    if (schema === undefined && SYSTEM_VIEWS.has(name)) {
      return { schema: 'pg_catalog', name, kind: 'view', isTemporary: false, isSystem: true, sqlName: name };
    }
    const found = await this.rows(`
      SELECT schema_name, temporary, 'table' AS kind FROM duckdb_tables()
       WHERE table_name = ${stringLiteral(name)} AND (temporary OR database_name = ${stringLiteral(this.databaseName)})
      UNION ALL
      SELECT schema_name, temporary, 'view' FROM duckdb_views()
       WHERE view_name = ${stringLiteral(name)}
         AND (temporary OR database_name = ${stringLiteral(this.databaseName)})`);
    const relations = found.map((row): Relation => {
      const isTemporary = row.temporary === true;
      const rowSchema = String(row.schema_name);
      return {
        schema: rowSchema,
        name,
        kind: row.kind === 'view' ? 'view' : 'table',
        isTemporary,
        isSystem: false,
        sqlName: isTemporary
          ? `temp.${quoteIdentifier(name)}`
          : `${quoteIdentifier(rowSchema)}.${quoteIdentifier(name)}`,
      };
    });
    if (schema === undefined) {
      return (
        relations.find((relation) => relation.isTemporary) ??
        relations.find((relation) => relation.schema === DEFAULT_SCHEMA)
      );
    }
    if (schema === CATALOG_SCHEMA) return undefined;
    return relations.find((relation) => !relation.isTemporary && relation.schema === schema);
  }

  /** @throws RedshiftError `relation "x" does not exist` */
  async relation(object: ObjectName): Promise<Relation> {
    const relation = await this.findRelation(object);
    if (relation) return relation;
    if (object.schema !== undefined && !(await this.hasSchema(object.schema))) {
      throw new RedshiftError(`schema "${object.schema}" does not exist`);
    }
    throw new RedshiftError(`relation "${displayName(object)}" does not exist`);
  }

  async hasSchema(name: string): Promise<boolean> {
    return (await this.schemas()).includes(name) || SYSTEM_SCHEMAS.includes(name);
  }

  /** Schemas of users, in order of name. */
  async schemas(): Promise<string[]> {
    const found = await this.rows(`SELECT schema_name FROM duckdb_schemas()
      WHERE database_name = ${stringLiteral(this.databaseName)} AND NOT internal ORDER BY 1`);
    return found.map((row) => String(row.schema_name)).filter((name) => name !== CATALOG_SCHEMA);
  }

  /** Columns in order. */
  async columns(relation: Relation): Promise<Column[]> {
    const where = `schema_name = ${stringLiteral(relation.schema)} AND table_name = ${stringLiteral(relation.name)}
      AND database_name = ${stringLiteral(relation.isTemporary ? 'temp' : this.databaseName)}`;
    const checks = await this.rows(
      `SELECT constraint_text FROM duckdb_constraints() WHERE constraint_type = 'CHECK' AND ${where}`,
    );
    const lengths = new Map<string, number>();
    for (const check of checks) {
      const length = readLengthCheck(String(check.constraint_text));
      if (length) lengths.set(length.column, length.maxBytes);
    }
    const found =
      await this.rows(`SELECT column_name, data_type, is_nullable, column_default FROM duckdb_columns()
      WHERE ${where} ORDER BY column_index`);
    return found.map((row): Column => {
      const name = String(row.column_name);
      const maxBytes = lengths.get(name);
      return {
        name,
        type: String(row.data_type),
        isNullable: row.is_nullable === true,
        ...(typeof row.column_default === 'string' ? { defaultSql: row.column_default } : {}),
        ...(maxBytes === undefined ? {} : { maxBytes }),
      };
    });
  }
}
