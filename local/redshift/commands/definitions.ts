/** Views, schemas, comments, and dropping things. */
import {
  forgetObjects,
  objectKeys,
  recordNewRelation,
  requireOwner,
  requireSchemaPrivilege,
  requireSuperuser,
} from '../access';
import { CATALOG_SCHEMA } from '../catalogTables';
import { bindView, dependentViews, requireNoDependents } from '../dependencies';
import { externalSchemas, forgetExternalSchema } from '../externalTables';
import { RedshiftError } from '../redshiftError';
import { DEFAULT_SCHEMA, type Relation, type Session } from '../session';
import { type Ast, bodyOf, isAstObject, nameOf, parseStatement } from '../sql/ast';
import { quoteIdentifier, stringLiteral } from '../sql/lexer';
import { objectNameOf } from '../sql/relations';
import { displayName, type TokenReader } from '../sql/tokenReader';
import { type Command, NO_ROWS } from './command';
import { translateQuery } from './query';

/** CREATE [OR REPLACE] [MATERIALIZED] VIEW. A materialized view is a view here: it is never stale. */
export const createView: Command = async (session, reader, sql) => {
  const tokens = reader.rest();
  const end = tokens.findIndex((token, index) => token.value === 'with' && tokens[index + 1]?.value === 'no');
  const body = bodyOf(parseStatement(sql, end < 0 ? tokens : tokens.slice(0, end)), 'create_view') ?? {};
  const object = objectNameOf(isAstObject(body.name) ? body.name : {});
  if (!object) throw new RedshiftError('syntax error at end of input');
  const schema = object.schema ?? DEFAULT_SCHEMA;
  if (!(await session.hasSchema(schema))) throw new RedshiftError(`schema "${schema}" does not exist`);
  await requireSchemaPrivilege(session, schema, 'create');
  const existing = await session.findRelation({ schema, name: object.name });
  if (existing) {
    if (body.or_replace !== true) throw new RedshiftError(`Relation "${displayName(object)}" already exists`);
    if (existing.kind !== 'view') throw new RedshiftError(`"${object.name}" is not a view`);
    await requireOwner(session, existing);
  }
  const columns = Array.isArray(body.columns) && body.columns.length > 0 ? body.columns.map(columnName) : [];
  const columnList = columns.length === 0 ? '' : ` (${columns.map(quoteIdentifier).join(', ')})`;
  const query = await translateQuery(session, body.query);
  if (existing) await requireSameColumns(session, existing, query.sql, columns);
  const name = `${quoteIdentifier(schema)}.${quoteIdentifier(object.name)}`;
  await session.execute(`CREATE ${existing ? 'OR REPLACE ' : ''}VIEW ${name}${columnList} AS ${query.sql}`);
  const view = await session.relation({ schema, name: object.name });
  // Replacing a view keeps its owner and grants.
  if (!existing) await recordNewRelation(session, view);
  await bindView(session, view, query.reads, end < 0);
  return NO_ROWS;
};

/** OR REPLACE asks for the same columns, as PostgreSQL 8 did: none may be added either. */
async function requireSameColumns(
  session: Session,
  view: Relation,
  query: string,
  names: readonly string[],
): Promise<void> {
  const before = await session.columns(view);
  const described = await session.rows(`DESCRIBE ${query}`);
  if (described.length !== before.length) {
    throw new RedshiftError('cannot change number of columns in view');
  }
  for (const [index, { column_name, column_type }] of described.entries()) {
    const old = before[index];
    const name = names[index] ?? String(column_name).toLowerCase();
    if (old?.name !== name) throw new RedshiftError(`cannot change name of view column "${old?.name}"`);
    if (old.type !== column_type) throw new RedshiftError(`cannot change data type of view column "${name}"`);
  }
}

/** A view's columns are identifiers, or objects that hold one. */
function columnName(node: Ast): string {
  const name = isAstObject(node) ? node.name : undefined;
  return nameOf(name) ?? '';
}

/** CREATE SCHEMA [IF NOT EXISTS] name [AUTHORIZATION user]. */
export const createSchema: Command = async (session, reader) => {
  reader.expect('create', 'schema');
  const ifNotExists = reader.accept('if', 'not', 'exists');
  const name = reader.sees('authorization') ? undefined : reader.identifier();
  const owner = reader.accept('authorization') ? reader.identifier() : session.user;
  reader.expectEnd();
  const schema = name ?? owner;
  requireSuperuser(session, `create schema ${schema}`);
  if (await session.hasSchema(schema)) {
    if (ifNotExists) return NO_ROWS;
    throw new RedshiftError(`Schema "${schema}" already exists`);
  }
  if (schema === CATALOG_SCHEMA) throw new RedshiftError(`unacceptable schema name "${schema}"`);
  await session.execute(`CREATE SCHEMA ${quoteIdentifier(schema)}`);
  await session.execute(
    `INSERT INTO ${CATALOG_SCHEMA}.owners VALUES (${stringLiteral(objectKeys.schema(schema))}, ${stringLiteral(owner)})`,
  );
  return NO_ROWS;
};

/** DROP TABLE | VIEW | MATERIALIZED VIEW | SCHEMA [IF EXISTS] name, ... [CASCADE | RESTRICT]. */
export const drop: Command = async (session, reader) => {
  reader.expect('drop');
  const isMaterialized = reader.accept('materialized');
  const kind = isMaterialized ? reader.expectOne('view') : reader.expectOne('table', 'view', 'schema');
  const ifExists = reader.accept('if', 'exists');
  const objects = reader.list(() => reader.objectName());
  const isCascade = reader.acceptOne('cascade', 'restrict') === 'cascade';
  reader.expectEnd();
  for (const object of objects) {
    if (kind === 'schema') {
      await dropSchema(session, object.name, ifExists, isCascade);
      continue;
    }
    const relation = await session.findRelation(object);
    if (!relation) {
      if (ifExists) continue;
      throw new RedshiftError(
        `${kind === 'view' ? 'View' : 'Table'} "${displayName(object)}" does not exist`,
      );
    }
    if (relation.kind !== kind) throw new RedshiftError(`"${object.name}" is not a ${kind}`);
    await requireOwner(session, relation);
    if (!isCascade) await requireNoDependents(session, relation);
    await dropRelation(session, relation);
  }
  return NO_ROWS;
};

/** Drops a relation after the views that are bound to it. */
async function dropRelation(session: Session, relation: Relation): Promise<void> {
  for (const view of await dependentViews(session, relation)) await dropRelation(session, view);
  await session.execute(`DROP ${relation.kind} IF EXISTS ${relation.sqlName}`);
  if (!relation.isTemporary) await forgetObjects(session, objectKeys.table(relation));
}

async function dropSchema(
  session: Session,
  schema: string,
  ifExists: boolean,
  isCascade: boolean,
): Promise<void> {
  requireSuperuser(session, `drop schema ${schema}`);
  if (!(await session.schemas()).includes(schema)) {
    if (ifExists) return;
    throw new RedshiftError(`Schema "${schema}" does not exist`);
  }
  // What an external schema shows lies elsewhere and stays.
  const isExternal = (await externalSchemas(session)).includes(schema);
  await session.execute(`DROP SCHEMA ${quoteIdentifier(schema)}${isCascade || isExternal ? ' CASCADE' : ''}`);
  if (isExternal) await forgetExternalSchema(session, schema);
  await forgetObjects(session, objectKeys.schema(schema));
  await forgetObjects(session, objectKeys.table({ schema, name: '%' }));
}

/** COMMENT ON TABLE | COLUMN | VIEW | SCHEMA | DATABASE name IS 'text' | NULL. */
export const comment: Command = async (session, reader) => {
  reader.expect('comment', 'on');
  const kind = reader.expectOne('table', 'column', 'view', 'schema', 'database');
  const path = readPath(reader);
  reader.expect('is');
  const text = reader.accept('null') ? 'NULL' : stringLiteral(reader.string());
  reader.expectEnd();
  if (kind === 'database' || kind === 'schema') {
    requireSuperuser(session, `comment on a ${kind}`);
    return NO_ROWS;
  }
  const relationPath = kind === 'column' ? path.slice(0, -1) : path;
  const [first = '', second] = relationPath;
  const relation = await session.relation(
    second === undefined ? { name: first } : { schema: first, name: second },
  );
  await requireOwner(session, relation);
  const target =
    kind === 'column' ? `${relation.sqlName}.${quoteIdentifier(path.at(-1) ?? '')}` : relation.sqlName;
  await session.execute(`COMMENT ON ${kind === 'column' ? 'column' : relation.kind} ${target} IS ${text}`);
  return NO_ROWS;
};

function readPath(reader: TokenReader): string[] {
  const path = [reader.identifier()];
  while (reader.accept('.')) path.push(reader.identifier());
  return path;
}
