/** Which views are bound to which tables and views. DuckDB looks names up when a view is read and binds nothing. */
import { objectKeys } from './access';
import { CATALOG_SCHEMA } from './catalogTables';
import { externalSchemas } from './externalTables';
import { RedshiftError } from './redshiftError';
import type { Relation, Session } from './session';
import { stringLiteral } from './sql/lexer';

/**
 * Notes what a view reads, in place of what it read before. A view WITH NO SCHEMA BINDING is bound to no relation, so
 * only the external schemas are noted, which its readers must be allowed to use.
 * @throws RedshiftError when a view that is to be bound reads an external table
 */
export async function bindView(
  session: Session,
  { schema, name }: Relation,
  reads: readonly Relation[],
  isBound: boolean,
): Promise<void> {
  const external = await externalSchemas(session);
  const used = new Set(reads.map((relation) => relation.schema).filter((one) => external.includes(one)));
  if (isBound && used.size > 0) throw new RedshiftError('Operation not supported on external tables');
  const relations = isBound ? reads.filter(({ isSystem }) => !isSystem).map(objectKeys.table) : [];
  const view = `${stringLiteral(schema)}, ${stringLiteral(name)}`;
  await session.execute(`DELETE FROM ${CATALOG_SCHEMA}.dependencies WHERE (schema, view) = (${view})`);
  for (const object of new Set([...relations, ...[...used].map(objectKeys.schema)])) {
    await session.execute(
      `INSERT INTO ${CATALOG_SCHEMA}.dependencies VALUES (${view}, ${stringLiteral(object)})`,
    );
  }
}

/** Views bound to a relation. */
export async function dependentViews(session: Session, relation: Relation): Promise<Relation[]> {
  const found = await session.rows(`SELECT schema, view FROM ${CATALOG_SCHEMA}.dependencies
    WHERE object = ${stringLiteral(objectKeys.table(relation))} ORDER BY 1, 2`);
  const views: Relation[] = [];
  for (const { schema, view } of found) {
    views.push(await session.relation({ schema: String(schema), name: String(view) }));
  }
  return views;
}

/** @throws RedshiftError when a view is bound to the relation */
export async function requireNoDependents(session: Session, relation: Relation): Promise<void> {
  const [dependent] = await dependentViews(session, relation);
  if (dependent === undefined) return;
  throw new RedshiftError(
    `cannot drop ${relation.kind} ${relation.schema}.${relation.name} because other objects depend on it\n` +
      `  Detail: view ${dependent.schema}.${dependent.name} depends on it\n` +
      '  Hint: Use DROP ... CASCADE to drop the dependent objects too.',
  );
}
