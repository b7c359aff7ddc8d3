/** GRANT, REVOKE and ALTER DEFAULT PRIVILEGES. */
import { type Grantee, objectKeys, principalExists, requireOwner, requireSuperuser } from '../access';
import { CATALOG_SCHEMA } from '../catalogTables';
import { externalSchemas } from '../externalTables';
import { NotSupportedLocallyError, RedshiftError } from '../redshiftError';
import type { Session } from '../session';
import { stringLiteral } from '../sql/lexer';
import type { TokenReader } from '../sql/tokenReader';
import { type Command, NO_ROWS } from './command';

/** What `ALL` means per kind of object. */
const ALL_PRIVILEGES = {
  table: ['select', 'insert', 'update', 'delete', 'references', 'drop', 'truncate', 'alter'],
  schema: ['usage', 'create', 'drop', 'alter'],
  database: ['create', 'temp', 'usage', 'alter'],
  'iam role': ['copy', 'unload', 'external function', 'create model'],
} as const;
type ObjectKind = keyof typeof ALL_PRIVILEGES;

interface Grant {
  readonly objects: readonly string[];
  readonly privileges: readonly string[];
  readonly grantees: readonly Grantee[];
}

export const grant: Command = async (session, reader) => {
  reader.expect('grant');
  await store(session, await readGrant(session, reader, 'to'));
  return NO_ROWS;
};

export const revoke: Command = async (session, reader) => {
  reader.expect('revoke');
  reader.accept('grant', 'option', 'for');
  await remove(session, await readGrant(session, reader, 'from'));
  return NO_ROWS;
};

/** ALTER DEFAULT PRIVILEGES [FOR USER x] [IN SCHEMA s] GRANT | REVOKE ... ON TABLES TO | FROM ... */
export const alterDefaultPrivileges: Command = async (session, reader) => {
  reader.expect('alter', 'default', 'privileges');
  requireSuperuser(session, 'alter default privileges');
  if (reader.accept('for', 'user')) reader.list(() => reader.identifier());
  const schemas = reader.accept('in', 'schema') ? reader.list(() => reader.identifier()) : ['*'];
  const action = reader.expectOne('grant', 'revoke');
  const names = readPrivileges(reader);
  reader.expect('on');
  const objectKind = reader.expectOne('tables', 'functions', 'procedures', 'schemas');
  if (objectKind !== 'tables')
    throw new NotSupportedLocallyError(`Default privileges on ${objectKind.toUpperCase()}`);
  reader.expect(action === 'grant' ? 'to' : 'from');
  const grantees = await readGrantees(session, reader);
  const change = {
    objects: schemas.map(objectKeys.newTables),
    privileges: privilegesOf('table', names),
    grantees,
  };
  await (action === 'grant' ? store(session, change) : remove(session, change));
  return NO_ROWS;
};

async function readGrant(session: Session, reader: TokenReader, direction: 'to' | 'from'): Promise<Grant> {
  if (reader.accept('role')) {
    requireSuperuser(session, 'grant a role');
    const roles = reader.list(() => reader.identifier());
    for (const name of roles) await requirePrincipal(session, { kind: 'role', name });
    reader.expect(direction);
    const grantees = await readGrantees(session, reader);
    return { objects: roles.map(objectKeys.role), privileges: ['member'], grantees };
  }
  if (reader.accept('assumerole', 'on')) return readAssumeRole(session, reader, direction);
  const names = readPrivileges(reader);
  reader.expect('on');
  const { kind, objects } = await readObjects(session, reader);
  reader.expect(direction);
  const grantees = await readGrantees(session, reader);
  const external = new Set((await externalSchemas(session)).map(objectKeys.schema));
  if (objects.some((object) => external.has(object))) requireExternalGrant(session, grantees);
  return { objects, privileges: privilegesOf(kind, names), grantees };
}

/** "You can only GRANT or REVOKE USAGE permissions on an external schema to database users and user groups" (GRANT). */
function requireExternalGrant(session: Session, grantees: readonly Grantee[]): void {
  session.refuseTransactionBlock('GRANT or REVOKE on an external schema');
  if (grantees.some(({ kind }) => kind === 'role')) {
    throw new RedshiftError('USAGE on an external schema can be granted to users and user groups only');
  }
}

/** GRANT ASSUMEROLE ON 'arn' | DEFAULT | ALL TO ... FOR ALL | COPY | ... */
async function readAssumeRole(
  session: Session,
  reader: TokenReader,
  direction: 'to' | 'from',
): Promise<Grant> {
  requireSuperuser(session, 'grant ASSUMEROLE');
  const roles = reader.accept('all')
    ? ['*']
    : reader.list(() => (reader.accept('default') ? 'default' : reader.string()));
  reader.expect(direction);
  const grantees = await readGrantees(session, reader);
  reader.expect('for');
  const names = reader.list(() => readWords(reader));
  reader.expectEnd();
  return { objects: roles.map(objectKeys.iamRole), privileges: privilegesOf('iam role', names), grantees };
}

function readPrivileges(reader: TokenReader): string[] {
  return reader.list(() => readWords(reader));
}

/** A privilege of one or more words: SELECT, ALL PRIVILEGES, EXTERNAL FUNCTION. */
function readWords(reader: TokenReader): string {
  const words = [reader.identifier()];
  while (reader.next?.kind === 'word' && !reader.sees('on')) words.push(reader.identifier());
  const name = words.join(' ');
  return name === 'all privileges' ? 'all' : name;
}

function privilegesOf(kind: ObjectKind, names: readonly string[]): string[] {
  const known: readonly string[] = ALL_PRIVILEGES[kind];
  return names.flatMap((name) => {
    if (name === 'all') return known;
    const privilege = name === 'temporary' ? 'temp' : name;
    if (!known.includes(privilege))
      throw new RedshiftError(`invalid privilege type ${name.toUpperCase()} for ${kind}`);
    return [privilege];
  });
}

async function readObjects(
  session: Session,
  reader: TokenReader,
): Promise<{ kind: ObjectKind; objects: string[] }> {
  if (reader.accept('schema')) {
    const schemas = reader.list(() => reader.identifier());
    for (const schema of schemas) await requireSchema(session, schema);
    requireSuperuser(session, 'grant on a schema');
    return { kind: 'schema', objects: schemas.map(objectKeys.schema) };
  }
  if (reader.accept('database')) {
    reader.list(() => reader.identifier());
    requireSuperuser(session, 'grant on a database');
    return { kind: 'database', objects: [objectKeys.database] };
  }
  if (reader.accept('all', 'tables', 'in', 'schema')) {
    const schemas = reader.list(() => reader.identifier());
    requireSuperuser(session, 'grant on all tables');
    const objects: string[] = [];
    for (const schema of schemas) {
      await requireSchema(session, schema);
      const found = await session.rows(`SELECT table_name FROM information_schema.tables
        WHERE table_catalog = ${stringLiteral(session.databaseName)} AND table_schema = ${stringLiteral(schema)}`);
      objects.push(...found.map((row) => objectKeys.table({ schema, name: String(row.table_name) })));
    }
    return { kind: 'table', objects };
  }
  for (const word of ['function', 'procedure', 'language', 'datashare', 'model', 'external']) {
    if (reader.sees(word)) throw new NotSupportedLocallyError(`A grant on ${word.toUpperCase()}`);
  }
  reader.accept('table');
  const names = reader.list(() => reader.objectName());
  const objects: string[] = [];
  for (const name of names) {
    const relation = await session.relation(name);
    await requireOwner(session, relation);
    objects.push(objectKeys.table(relation));
  }
  return { kind: 'table', objects };
}

async function requireSchema(session: Session, schema: string): Promise<void> {
  if (!(await session.hasSchema(schema))) throw new RedshiftError(`schema "${schema}" does not exist`);
}

async function readGrantees(session: Session, reader: TokenReader): Promise<Grantee[]> {
  const grantees = reader.list((): Grantee => {
    if (reader.accept('public')) return { kind: 'public', name: '' };
    const kind = reader.accept('role') ? 'role' : reader.accept('group') ? 'group' : 'user';
    return { kind, name: reader.identifier() };
  });
  reader.accept('with', 'grant', 'option');
  for (const grantee of grantees) await requirePrincipal(session, grantee);
  return grantees;
}

async function requirePrincipal(session: Session, grantee: Grantee): Promise<void> {
  if (!(await principalExists(session, grantee))) {
    throw new RedshiftError(`${grantee.kind} "${grantee.name}" does not exist`);
  }
}

function rowsOf({ objects, privileges, grantees }: Grant): string[] {
  return objects.flatMap((object) =>
    privileges.flatMap((privilege) =>
      grantees.map(({ kind, name }) => `(${[object, privilege, kind, name].map(stringLiteral).join(', ')})`),
    ),
  );
}

async function store(session: Session, change: Grant): Promise<void> {
  await remove(session, change);
  const rows = rowsOf(change);
  if (rows.length > 0)
    await session.execute(`INSERT INTO ${CATALOG_SCHEMA}.grants VALUES ${rows.join(', ')}`);
}

async function remove(session: Session, change: Grant): Promise<void> {
  const rows = rowsOf(change);
  if (rows.length === 0) return;
  await session.execute(`DELETE FROM ${CATALOG_SCHEMA}.grants
    WHERE (object, privilege, grantee_kind, grantee) IN (${rows.join(', ')})`);
}
