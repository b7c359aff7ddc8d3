/** Who may do what: grants are recorded and checked, so that a missing one shows up before a deployment. */
import { CATALOG_SCHEMA } from './catalogTables';
import { externalSchemas } from './externalTables';
import { NotSupportedLocallyError, RedshiftError } from './redshiftError';
import type { Relation, Session } from './session';
import { stringLiteral } from './sql/lexer';
import type { RelationUse } from './sql/relations';

export interface Grantee {
  readonly kind: 'user' | 'role' | 'group' | 'public';
  /** Empty for public. */
  readonly name: string;
}

/** How `redshift_catalog` names what is granted on. */
export const objectKeys = {
  database: 'database',
  schema: (name: string) => `schema ${name}`,
  table: (relation: { schema: string; name: string }) => `table ${relation.schema}.${relation.name}`,
  role: (name: string) => `role ${name}`,
  group: (name: string) => `group ${name}`,
  iamRole: (role: string) => `iam role ${role}`,
  newTables: (schema: string) => `new tables in ${schema}`,
};

/** True when the session's user may, by owning the object, by a grant, or through roles. */
async function isAllowed(
  session: Session,
  objects: readonly string[],
  privileges: readonly string[],
): Promise<boolean> {
  if (session.isSuperuser) return true;
  const user = stringLiteral(session.user);
  const list = (values: readonly string[]) => values.map(stringLiteral).join(', ');
  const [row] = await session.rows(`
    WITH RECURSIVE identities(kind, name) AS (
      SELECT 'public', '' UNION SELECT 'user', ${user}
      UNION
      SELECT split_part(g.object, ' ', 1), substr(g.object, strpos(g.object, ' ') + 1)
        FROM ${CATALOG_SCHEMA}.grants g JOIN identities i ON g.grantee_kind = i.kind AND g.grantee = i.name
       WHERE g.object LIKE 'role %' OR g.object LIKE 'group %'
    )
    SELECT EXISTS (FROM ${CATALOG_SCHEMA}.owners WHERE owner = ${user} AND object IN (${list(objects)}))
        OR EXISTS (SELECT 1 FROM ${CATALOG_SCHEMA}.grants g
                     JOIN identities i ON g.grantee_kind = i.kind AND g.grantee = i.name
                    WHERE g.object IN (${list(objects)}) AND g.privilege IN (${list(privileges)})) AS allowed`);
  return row?.allowed === true;
}

export async function requireSchemaPrivilege(
  session: Session,
  schema: string,
  privilege: 'usage' | 'create',
): Promise<void> {
  if (await isAllowed(session, [objectKeys.schema(schema)], [privilege])) return;
  throw new RedshiftError(`permission denied for schema ${schema}`);
}

/** One of the privileges is enough. A view is checked for itself: it reads with the rights of its owner. */
export async function requireTablePrivilege(
  session: Session,
  relation: Relation,
  ...privileges: readonly string[]
): Promise<void> {
  if (relation.isTemporary || relation.isSystem) return;
  await requireSchemaPrivilege(session, relation.schema, 'usage');
  // Nothing is granted on an external table: who may use its schema may read it.
  if ((await externalSchemas(session)).includes(relation.schema)) {
    if (privileges.includes('select')) return;
    throw new NotSupportedLocallyError('Writing to an external table');
  }
  if (await isAllowed(session, [objectKeys.table(relation)], privileges)) {
    // Of all that a view reads, external schemas are the reader's own business, too.
    for (const schema of await schemasReadBy(session, relation)) {
      await requireSchemaPrivilege(session, schema, 'usage');
    }
    return;
  }
  throw new RedshiftError(`permission denied for relation ${relation.name}`);
}

/** Every relation exists and may be used as the statement uses it. */
export async function requireRelationUses(session: Session, uses: readonly RelationUse[]): Promise<void> {
  for (const { relation: name, privilege } of uses) {
    await requireTablePrivilege(session, await session.relation(name), privilege);
  }
}

export async function requireOwner(session: Session, relation: Relation): Promise<void> {
  // Owning is what counts: no privilege stands for it.
  if (relation.isTemporary || (await isAllowed(session, [objectKeys.table(relation)], ['owner']))) return;
  throw new RedshiftError(`must be owner of relation ${relation.name}`);
}

/** COPY with an IAM role needs ASSUMEROLE on it once that has been revoked from PUBLIC. */
export async function requireAssumeRole(session: Session, role: string): Promise<void> {
  if (await isAllowed(session, [objectKeys.iamRole('*'), objectKeys.iamRole(role)], ['copy', 'all'])) return;
  throw new RedshiftError(`user ${session.user} must have the ASSUMEROLE privilege on ${role} for COPY`);
}

/** External schemas that a view reads. */
async function schemasReadBy(session: Session, { schema, name }: Relation): Promise<string[]> {
  const found = await session.rows(`SELECT substr(object, 8) AS schema FROM ${CATALOG_SCHEMA}.dependencies
    WHERE (schema, view) = (${stringLiteral(schema)}, ${stringLiteral(name)}) AND object LIKE 'schema %'`);
  return found.map((row) => String(row.schema));
}

export function requireSuperuser(session: Session, what: string): void {
  if (!session.isSuperuser) throw new RedshiftError(`must be superuser to ${what}`);
}

/** Notes the owner of something new and applies the default privileges of its schema. */
export async function recordNewRelation(session: Session, relation: Relation): Promise<void> {
  if (relation.isTemporary) return;
  const object = stringLiteral(objectKeys.table(relation));
  await session.execute(`DELETE FROM ${CATALOG_SCHEMA}.owners WHERE object = ${object}`);
  await session.execute(
    `INSERT INTO ${CATALOG_SCHEMA}.owners VALUES (${object}, ${stringLiteral(session.user)})`,
  );
  await session.execute(`INSERT INTO ${CATALOG_SCHEMA}.grants
    SELECT DISTINCT ${object}, privilege, grantee_kind, grantee FROM ${CATALOG_SCHEMA}.grants
     WHERE object IN (${stringLiteral(objectKeys.newTables(relation.schema))}, ${stringLiteral(objectKeys.newTables('*'))})`);
}

/** Forgets grants, owner and bindings of something dropped. `pattern` is the object, or a LIKE pattern of objects. */
export async function forgetObjects(session: Session, pattern: string): Promise<void> {
  for (const table of ['grants', 'owners']) {
    await session.execute(
      `DELETE FROM ${CATALOG_SCHEMA}.${table} WHERE object LIKE ${stringLiteral(pattern)}`,
    );
  }
  await session.execute(`DELETE FROM ${CATALOG_SCHEMA}.dependencies
    WHERE object LIKE ${stringLiteral(pattern)} OR 'table ' || schema || '.' || view LIKE ${stringLiteral(pattern)}`);
}

/** True when a user of that name has been created. */
export async function principalExists(session: Session, { kind, name }: Grantee): Promise<boolean> {
  if (kind === 'public') return true;
  const [row] = await session.rows(`SELECT EXISTS (FROM ${CATALOG_SCHEMA}.principals
    WHERE kind = ${stringLiteral(kind)} AND name = ${stringLiteral(name)}) AS found`);
  return row?.found === true;
}
