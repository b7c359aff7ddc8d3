/** Users, roles and groups. */
import { type Grantee, objectKeys, principalExists, requireSuperuser } from '../access';
import { CATALOG_SCHEMA } from '../catalogTables';
import { RedshiftError } from '../redshiftError';
import type { Session } from '../session';
import { stringLiteral } from '../sql/lexer';
import { type Command, NO_ROWS } from './command';

/** CREATE USER name [WITH] PASSWORD DISABLE | 'text' ..., CREATE ROLE name, CREATE GROUP name. */
export const createPrincipal: Command = async (session, reader) => {
  reader.expect('create');
  const kind = reader.expectOne('user', 'role', 'group') as Grantee['kind'];
  requireSuperuser(session, `create ${kind}`);
  const grantee = { kind, name: reader.identifier() };
  if (kind === 'user') {
    reader.accept('with');
    reader.expect('password');
    if (!reader.accept('disable')) reader.string();
  }
  if (kind === 'role') reader.expectEnd();
  if (await principalExists(session, grantee))
    throw new RedshiftError(`${kind} "${grantee.name}" already exists`);
  await session.execute(
    `INSERT INTO ${CATALOG_SCHEMA}.principals VALUES (${stringLiteral(kind)}, ${stringLiteral(grantee.name)})`,
  );
  return NO_ROWS;
};

/** DROP USER | ROLE | GROUP [IF EXISTS] name. */
export const dropPrincipal: Command = async (session, reader) => {
  reader.expect('drop');
  const kind = reader.expectOne('user', 'role', 'group') as Grantee['kind'];
  requireSuperuser(session, `drop ${kind}`);
  const ifExists = reader.accept('if', 'exists');
  const grantee = { kind, name: reader.identifier() };
  reader.acceptOne('force', 'restrict');
  reader.expectEnd();
  if (!(await principalExists(session, grantee))) {
    if (ifExists) return NO_ROWS;
    throw new RedshiftError(`${kind} "${grantee.name}" does not exist`);
  }
  await requireNoGrants(session, grantee);
  await session.execute(`DELETE FROM ${CATALOG_SCHEMA}.principals
    WHERE kind = ${stringLiteral(kind)} AND name = ${stringLiteral(grantee.name)}`);
  return NO_ROWS;
};

/** ALTER USER name ...: it must exist; its options mean nothing here. */
export const alterUser: Command = async (session, reader) => {
  reader.expect('alter', 'user');
  requireSuperuser(session, 'alter user');
  const name = reader.identifier();
  if (!(await principalExists(session, { kind: 'user', name }))) {
    throw new RedshiftError(`user "${name}" does not exist`);
  }
  return NO_ROWS;
};

/** ALTER GROUP name ADD | DROP USER name, ...: members have what the group is granted. */
export const alterGroup: Command = async (session, reader) => {
  reader.expect('alter', 'group');
  requireSuperuser(session, 'alter group');
  const group: Grantee = { kind: 'group', name: reader.identifier() };
  const action = reader.expectOne('add', 'drop');
  reader.expect('user');
  const users = reader.list(() => reader.identifier());
  reader.expectEnd();
  for (const grantee of [group, ...users.map((name): Grantee => ({ kind: 'user', name }))]) {
    if (!(await principalExists(session, grantee))) {
      throw new RedshiftError(`${grantee.kind} "${grantee.name}" does not exist`);
    }
  }
  const object = stringLiteral(objectKeys.group(group.name));
  const names = users.map(stringLiteral);
  await session.execute(`DELETE FROM ${CATALOG_SCHEMA}.grants
    WHERE object = ${object} AND grantee_kind = 'user' AND grantee IN (${names.join(', ')})`);
  if (action === 'add') {
    const rows = names.map((name) => `(${object}, 'member', 'user', ${name})`);
    await session.execute(`INSERT INTO ${CATALOG_SCHEMA}.grants VALUES ${rows.join(', ')}`);
  }
  return NO_ROWS;
};

async function requireNoGrants(session: Session, { kind, name }: Grantee): Promise<void> {
  const [row] = await session.rows(`SELECT EXISTS (FROM ${CATALOG_SCHEMA}.grants
    WHERE grantee_kind = ${stringLiteral(kind)} AND grantee = ${stringLiteral(name)}) AS found`);
  if (row?.found === true) {
    throw new RedshiftError(`${kind} "${name}" cannot be dropped because some objects depend on it`);
  }
}
