/** CREATE TABLE in its three forms: with columns, LIKE another table, AS a query. */
import { recordNewRelation, requireSchemaPrivilege, requireTablePrivilege } from '../access';
import { NotSupportedLocallyError, RedshiftError } from '../redshiftError';
import { type Column, DEFAULT_SCHEMA, type Session } from '../session';
import { type Ast, type AstObject, bodyOf, isAstObject, kindOf, parseStatement } from '../sql/ast';
import { quoteIdentifier } from '../sql/lexer';
import { objectNameOf } from '../sql/relations';
import { displayName } from '../sql/tokenReader';
import { type Command, NO_ROWS, type StatementResult } from './command';
import { translateQuery } from './query';
import { withoutTableAttributes } from './tableAttributes';
import { columnSql, createIdentitySequence, readColumn } from './tableColumns';

export const createTable: Command = async (session, reader, sql) => {
  const { tokens, keyColumns } = withoutTableAttributes(reader.rest());
  const body = bodyOf(parseStatement(sql, tokens), 'create_table') ?? {};
  const object = objectNameOf(isAstObject(body.name) ? body.name : {});
  if (!object) throw new RedshiftError('syntax error at end of input');
  const isTemporary = body.temporary === true || object.name.startsWith('#');
  if (isTemporary && object.schema !== undefined) {
    throw new RedshiftError('cannot create temporary relation in a non-temporary schema');
  }
  const schema = object.schema ?? DEFAULT_SCHEMA;
  if (!isTemporary) {
    if (!(await session.hasSchema(schema))) throw new RedshiftError(`schema "${schema}" does not exist`);
    await requireSchemaPrivilege(session, schema, 'create');
  }
  const existing = await session.findRelation(object);
  if (existing && (object.schema !== undefined || existing.isTemporary === isTemporary)) {
    if (body.if_not_exists === true) return NO_ROWS;
    throw new RedshiftError(`Relation "${displayName(object)}" already exists`);
  }
  const sqlSchema = isTemporary ? 'temp' : quoteIdentifier(schema);
  const target = `${isTemporary ? 'TEMP ' : ''}TABLE ${sqlSchema}.${quoteIdentifier(object.name)}`;
  const result = await create(session, body, target, keyColumns, (column, start, step) =>
    createIdentitySequence(session, sqlSchema, `${object.name} ${column} identity`, start, step),
  );
  await recordNewRelation(session, await session.relation(object));
  return result;
};

type MakeIdentity = (column: string, start: string, step: string) => Promise<string>;

async function create(
  session: Session,
  body: AstObject,
  target: string,
  keyColumns: readonly string[],
  makeIdentity: MakeIdentity,
): Promise<StatementResult> {
  if (body.as_select) {
    const { sql } = await translateQuery(session, body.as_select);
    const [created] = await session.rows(`CREATE ${target} AS ${sql}`);
    return { rowCount: Number(created?.Count ?? -1) };
  }
  const columns: Column[] = [];
  const identities: { column: string; start: string; step: string }[] = [];
  for (const constraint of listOf(body.constraints)) {
    const like = bodyOf(constraint, 'Like');
    if (like) columns.push(...(await likeColumns(session, like)));
    else if (!['PrimaryKey', 'Unique', 'ForeignKey'].includes(kindOf(constraint) ?? '')) {
      throw new NotSupportedLocallyError(`the table constraint ${kindOf(constraint)}`);
    }
  }
  for (const node of listOf(body.columns)) {
    const column = readColumn(session, isAstObject(node) ? node : {}, (name, start, step) => {
      identities.push({ column: name, start, step });
      return '';
    });
    columns.push(column);
  }
  for (const key of keyColumns) {
    if (!columns.some(({ name }) => name === key))
      throw new RedshiftError(`column "${key}" named in key does not exist`);
  }
  const duplicate = columns.find(
    (column, index) => columns.findIndex(({ name }) => name === column.name) !== index,
  );
  if (duplicate) throw new RedshiftError(`column "${duplicate.name}" duplicated`);
  const defaults = new Map<string, string>();
  for (const { column, start, step } of identities)
    defaults.set(column, await makeIdentity(column, start, step));
  const definitions = columns.map((column) => {
    const identity = defaults.get(column.name);
    return columnSql(identity === undefined ? column : { ...column, defaultSql: identity });
  });
  await session.execute(`CREATE ${target} (${definitions.join(', ')})`);
  return NO_ROWS;
}

async function likeColumns(session: Session, like: AstObject): Promise<Column[]> {
  const name = objectNameOf(isAstObject(like.source) ? like.source : {});
  if (!name) throw new RedshiftError('syntax error at or near "like"');
  const source = await session.relation(name);
  await requireTablePrivilege(session, source, 'select');
  // Redshift copies defaults only when told to by INCLUDING DEFAULTS.
  return (await session.columns(source)).map(({ defaultSql, ...column }) => column);
}

function listOf(value: Ast | undefined): Ast[] {
  return Array.isArray(value) ? value : [];
}
