/** Column definitions: from a parsed CREATE TABLE or ALTER TABLE to DuckDB's, and from one table to another. */
import { NotSupportedLocallyError } from '../redshiftError';
import { type Column, lengthCheck, type Relation, type Session } from '../session';
import { type Ast, type AstObject, generateDuckDb, isAstObject, nameOf } from '../sql/ast';
import { quoteIdentifier, stringLiteral } from '../sql/lexer';
import { translate } from '../sql/translate';
import { columnType } from '../sql/types';
import { factsOf } from './query';

/** A column as a CREATE TABLE of DuckDB has it. */
export function columnSql({ name, type, isNullable, defaultSql, maxBytes }: Column): string {
  return [
    quoteIdentifier(name),
    type,
    ...(isNullable ? [] : ['NOT NULL']),
    ...(defaultSql === undefined ? [] : [`DEFAULT ${defaultSql}`]),
    ...(maxBytes === undefined ? [] : [lengthCheck(name, maxBytes)]),
  ].join(' ');
}

/** Names a sequence for an IDENTITY column. */
export type IdentityDefault = (column: string, start: string, step: string) => string;

/**
 * Reads a parsed column definition. Keys and references are left out: Redshift records them and enforces none.
 * @param identity gives the default of an IDENTITY column
 */
export function readColumn(session: Session, node: AstObject, identity: IdentityDefault): Column {
  const name = nameOf(node.name) ?? '';
  const type = columnType(isAstObject(node.data_type) ? node.data_type : {});
  const kinds = (Array.isArray(node.constraint_order) ? node.constraint_order : []).map(String);
  for (const kind of kinds) {
    if (
      !['NotNull', 'Null', 'Default', 'AutoIncrement', 'PrimaryKey', 'Unique', 'References'].includes(kind)
    ) {
      throw new NotSupportedLocallyError(`${kind} of the column ${name}`);
    }
  }
  const defaultSql = kinds.includes('AutoIncrement')
    ? identity(
        name,
        literalSql(session, node.auto_increment_start),
        literalSql(session, node.auto_increment_increment),
      )
    : node.default
      ? expressionSql(session, node.default)
      : undefined;
  return {
    name,
    type: type.duckDb,
    isNullable: node.nullable !== false && !kinds.includes('NotNull') && !kinds.includes('PrimaryKey'),
    ...(defaultSql === undefined ? {} : { defaultSql }),
    ...(type.maxBytes === undefined ? {} : { maxBytes: type.maxBytes }),
  };
}

function expressionSql(session: Session, node: Ast): string {
  const select = { select: { expressions: [node] } };
  const { statement } = translate(select, factsOf(session));
  const expressions = isAstObject(statement.select) ? statement.select.expressions : null;
  const [first = null] = Array.isArray(expressions) ? expressions : [];
  const value = isAstObject(first) && isAstObject(first.alias) ? (first.alias.this ?? null) : first;
  return generateDuckDb(isAstObject(value) ? value : {});
}

function literalSql(session: Session, node: Ast | undefined): string {
  return node ? expressionSql(session, node) : '1';
}

/**
 * Replaces a table by one with other columns, keeping its rows.
 * @param columns the new columns; `from` is the DuckDB expression over the old table that fills one
 */
export async function rebuildTable(
  session: Session,
  relation: Relation,
  columns: readonly { readonly column: Column; readonly from: string }[],
): Promise<void> {
  const schema = relation.isTemporary ? 'temp' : quoteIdentifier(relation.schema);
  const rebuilt = quoteIdentifier(`${relation.name} being altered`);
  const definitions = columns.map(({ column }) => columnSql(column)).join(', ');
  await session.execute(
    `CREATE ${relation.isTemporary ? 'TEMP ' : ''}TABLE ${schema}.${rebuilt} (${definitions})`,
  );
  await session.execute(
    `INSERT INTO ${schema}.${rebuilt} SELECT ${columns.map(({ from }) => from).join(', ')} FROM ${relation.sqlName}`,
  );
  await session.execute(`DROP TABLE ${relation.sqlName}`);
  await session.execute(`ALTER TABLE ${schema}.${rebuilt} RENAME TO ${quoteIdentifier(relation.name)}`);
}

/** A default for an IDENTITY column, with its sequence made in the table's schema. */
export async function createIdentitySequence(
  session: Session,
  schema: string,
  name: string,
  start: string,
  step: string,
): Promise<string> {
  const sequence = `${schema}.${quoteIdentifier(name)}`;
  await session.execute(`CREATE OR REPLACE SEQUENCE ${sequence} START WITH ${start} INCREMENT BY ${step}`);
  return `nextval(${stringLiteral(sequence)})`;
}
