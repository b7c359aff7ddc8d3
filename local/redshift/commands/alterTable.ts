/** ALTER TABLE: columns by rebuilding the table, so that lengths and NOT NULL hold; layout is accepted and ignored. */
import { objectKeys, requireOwner } from '../access';
import { CATALOG_SCHEMA } from '../catalogTables';
import { dependentViews } from '../dependencies';
import { NotSupportedLocallyError, RedshiftError } from '../redshiftError';
import type { Column, Relation, Session } from '../session';
import { bodyOf, isAstObject, parseStatement } from '../sql/ast';
import { quoteIdentifier, stringLiteral, type Token } from '../sql/lexer';
import type { TokenReader } from '../sql/tokenReader';
import { type Command, NO_ROWS } from './command';
import { withoutTableAttributes } from './tableAttributes';
import { readColumn, rebuildTable } from './tableColumns';

export const alterTable: Command = async (session, reader, sql) => {
  reader.expect('alter', 'table');
  const relation = await session.relation(reader.objectName());
  await requireOwner(session, relation);
  const columns = await session.columns(relation);
  if (reader.accept('add')) await add(session, reader, sql, relation, columns);
  else if (reader.accept('drop')) await drop(session, reader, relation, columns);
  else if (reader.accept('rename')) await rename(session, reader, relation, columns);
  else if (reader.accept('owner', 'to')) await changeOwner(session, reader, relation);
  else if (reader.accept('alter')) await alter(session, reader, relation, columns);
  else throw new NotSupportedLocallyError(`ALTER TABLE ... ${reader.take().value.toUpperCase()}`);
  return NO_ROWS;
};

const kept = (columns: readonly Column[]) =>
  columns.map((column) => ({ column, from: quoteIdentifier(column.name) }));

function requireColumn(columns: readonly Column[], relation: Relation, name: string): Column {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) throw new RedshiftError(`column "${name}" of relation "${relation.name}" does not exist`);
  return column;
}

async function add(
  session: Session,
  reader: TokenReader,
  sql: string,
  relation: Relation,
  columns: readonly Column[],
): Promise<void> {
  // Keys are recorded by Redshift and enforced by nobody.
  if (reader.sees('constraint') || reader.sees('primary') || reader.sees('unique') || reader.sees('foreign'))
    return;
  reader.accept('column');
  const column = parseColumn(session, reader.rest(), sql);
  if (columns.some(({ name }) => name === column.name)) {
    throw new RedshiftError(`column "${column.name}" of relation "${relation.name}" already exists`);
  }
  if (!column.isNullable && column.defaultSql === undefined) {
    throw new RedshiftError(
      'ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression',
    );
  }
  await rebuildTable(session, relation, [...kept(columns), { column, from: column.defaultSql ?? 'NULL' }]);
}

/** Parses one column by parsing a table that has only it. */
function parseColumn(session: Session, definition: readonly Token[], sql: string): Column {
  const word = (value: string, kind: Token['kind']): Token => ({ kind, value, start: 0, end: 0 });
  const { tokens } = withoutTableAttributes([word('(', 'symbol'), ...definition]);
  const text = tokens.slice(1).map((token) => sql.slice(token.start, token.end));
  const statement = parseStatement(`CREATE TABLE t (${text.join(' ')})`);
  const nodes = bodyOf(statement, 'create_table')?.columns;
  const [node] = Array.isArray(nodes) ? nodes : [];
  return readColumn(session, isAstObject(node) ? node : {}, () => {
    throw new RedshiftError('an IDENTITY column cannot be added to a table');
  });
}

async function drop(
  session: Session,
  reader: TokenReader,
  relation: Relation,
  columns: readonly Column[],
): Promise<void> {
  reader.accept('column');
  const { name } = requireColumn(columns, relation, reader.identifier());
  reader.acceptOne('cascade', 'restrict');
  reader.expectEnd();
  await rebuildTable(session, relation, kept(columns.filter((column) => column.name !== name)));
}

async function rename(
  session: Session,
  reader: TokenReader,
  relation: Relation,
  columns: readonly Column[],
): Promise<void> {
  if (reader.accept('to')) {
    const name = reader.identifier();
    reader.expectEnd();
    // In Redshift they would follow the table, in DuckDB its name.
    if ((await dependentViews(session, relation)).length > 0) {
      throw new NotSupportedLocallyError('Renaming a table that a view is bound to', 'drop the view first');
    }
    await session.execute(`ALTER TABLE ${relation.sqlName} RENAME TO ${quoteIdentifier(name)}`);
    const [from, to] = [objectKeys.table(relation), objectKeys.table({ ...relation, name })].map(
      stringLiteral,
    );
    for (const table of ['grants', 'owners']) {
      await session.execute(`UPDATE ${CATALOG_SCHEMA}.${table} SET object = ${to} WHERE object = ${from}`);
    }
    return;
  }
  reader.accept('column');
  const { name } = requireColumn(columns, relation, reader.identifier());
  reader.expect('to');
  const newName = reader.identifier();
  reader.expectEnd();
  await rebuildTable(
    session,
    relation,
    kept(columns).map(({ column, from }) => ({
      column: column.name === name ? { ...column, name: newName } : column,
      from,
    })),
  );
}

async function changeOwner(session: Session, reader: TokenReader, relation: Relation): Promise<void> {
  const owner = reader.identifier();
  reader.expectEnd();
  const object = objectKeys.table(relation);
  await session.execute(`UPDATE ${CATALOG_SCHEMA}.owners SET owner = ${stringLiteral(owner)}
    WHERE object = ${stringLiteral(object)}`);
}

async function alter(
  session: Session,
  reader: TokenReader,
  relation: Relation,
  columns: readonly Column[],
): Promise<void> {
  if (reader.acceptOne('distkey', 'diststyle', 'sortkey', 'compound', 'encode')) return;
  reader.accept('column');
  const { name } = requireColumn(columns, relation, reader.identifier());
  if (reader.accept('encode')) return;
  session.refuseTransactionBlock('ALTER TABLE ALTER COLUMN');
  reader.expect('type');
  reader.expectOne('varchar');
  reader.expect('(');
  const maxBytes = reader.number();
  reader.expect(')');
  reader.expectEnd();
  await rebuildTable(
    session,
    relation,
    kept(columns).map(({ column, from }) => ({
      column: column.name === name ? { ...column, maxBytes } : column,
      from,
    })),
  );
}
