/** SELECT, and the statements that change rows. */
import { requireRelationUses } from '../access';
import { toRedshiftError } from '../engineErrors';
import { RedshiftError } from '../redshiftError';
import type { Relation, Session } from '../session';
import { type Ast, generateDuckDb, isAstObject, kindOf, parseStatement } from '../sql/ast';
import { quoteIdentifier } from '../sql/lexer';
import type { Relations } from '../sql/relations';
import { translate } from '../sql/translate';
import { resultTypeName } from '../sql/types';
import type { Command, ResultColumn, ResultValue, StatementResult } from './command';

/** Longest result, as the Data API has it, scaled to a laptop: 100 MB of text (AWS: 500 MB). */
const MAX_RESULT_BYTES = 100 * 1024 * 1024;

const QUERY_KINDS = ['select', 'union', 'intersect', 'except', 'subquery'];
const CHANGE_KINDS = ['insert', 'update', 'delete', 'merge'];

/** What the session may tell a statement. */
export function factsOf(session: Session) {
  return { user: session.user, database: session.databaseName, lastCopyCount: session.lastCopyCount };
}

export const query: Command = async (session, reader, sql) => {
  const statement = parseStatement(sql, reader.rest());
  const kind = kindOf(statement) ?? '';
  if (!QUERY_KINDS.includes(kind) && !CHANGE_KINDS.includes(kind)) {
    throw new RedshiftError(`syntax error at or near "${reader.next?.value}"`, 1);
  }
  const { statement: translated, relations } = translate(statement, factsOf(session));
  await requireRelationUses(session, relations.uses);
  const duckDbSql = generateDuckDb(translated);
  try {
    if (CHANGE_KINDS.includes(kind)) return { rowCount: await session.execute(duckDbSql) };
    return await readRows(session, duckDbSql);
  } catch (error) {
    throw withRelationNames(toRedshiftError(error), relations);
  }
};

/** Redshift says in which relations it looked for a column. */
function withRelationNames(error: RedshiftError, { uses }: Relations): RedshiftError {
  const names = [...new Set(uses.map(({ relation }) => relation.name))];
  if (names.length === 0 || !/^column "[^"]+" does not exist$/.test(error.message)) return error;
  return new RedshiftError(`${error.message} in ${names.join(', ')}`);
}

/** Runs a DuckDB query and reads its rows in Redshift's forms. */
async function readRows(session: Session, duckDbSql: string): Promise<StatementResult> {
  const prepared = await session.connection.prepare(duckDbSql);
  const types = Array.from({ length: prepared.columnCount }, (_, index) =>
    String(prepared.columnType(index)),
  );
  const names = Array.from({ length: prepared.columnCount }, (_, index) => prepared.columnName(index));
  prepared.destroySync();
  const columns = names.map(
    (name, index): ResultColumn => ({
      name: name.toLowerCase(),
      typeName: resultTypeName(types[index] ?? ''),
    }),
  );
  const result = await session.connection.stream(asText(duckDbSql, columns));
  const rows: ResultValue[][] = [];
  let bytes = 0;
  for await (const chunk of result.yieldRowsJson()) {
    for (const row of chunk) {
      const values = row.map((value, index) => resultValue(value, columns[index]?.typeName ?? ''));
      for (const value of values) bytes += typeof value === 'string' ? value.length : 8;
      rows.push(values);
    }
    if (bytes > MAX_RESULT_BYTES) {
      throw new RedshiftError(
        `the result is larger than ${MAX_RESULT_BYTES} bytes; ask for fewer rows or columns`,
      );
    }
  }
  return { columns, rows, rowCount: rows.length };
}

const IN_TEXT: Readonly<Record<string, (column: string) => string>> = {
  super: (column) => `CASE WHEN ${column} IS NOT NULL THEN CAST(CAST(${column} AS JSON) AS VARCHAR) END`,
  timestamptz: (column) => `CAST(${column} AS VARCHAR)`,
  interval: (column) => `CAST(${column} AS VARCHAR)`,
  // Redshift shows registers that mean nothing to a reader, either.
  hllsketch: (column) => `'{"cardinality":' || len(${column}) || '}'`,
};

/** The query with the columns that have no JSON form of their own as text. The order of rows is kept. */
function asText(duckDbSql: string, columns: readonly ResultColumn[]): string {
  if (!columns.some(({ typeName }) => IN_TEXT[typeName])) return duckDbSql;
  const names = columns.map((_, index) => quoteIdentifier(`c${index}`));
  const outputs = names.map((name, index) => IN_TEXT[columns[index]?.typeName ?? '']?.(name) ?? name);
  return `SELECT ${outputs.join(', ')} FROM (${duckDbSql}) AS q(${names.join(', ')})`;
}

/** DuckDB's JSON form of a value in Redshift's: int8 arrives as text, float8 may be NaN or Infinity in text. */
function resultValue(value: unknown, typeName: string): ResultValue {
  if (value === null || value === undefined) return null;
  if (typeName.startsWith('int') && typeName !== 'interval') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return String(value);
}

/** A query inside a statement. */
export interface InnerQuery {
  /** As DuckDB SQL. */
  readonly sql: string;
  /** What it reads; that the user may read it has been checked. */
  readonly reads: readonly Relation[];
}

/** @throws RedshiftError when a relation does not exist or must not be read */
export async function translateQuery(session: Session, node: Ast | undefined): Promise<InnerQuery> {
  if (!isAstObject(node)) throw new RedshiftError('syntax error at end of input');
  const { statement, relations } = translate(node, factsOf(session));
  await requireRelationUses(session, relations.uses);
  const reads: Relation[] = [];
  for (const { relation } of relations.uses) reads.push(await session.relation(relation));
  return { sql: generateDuckDb(statement), reads };
}
