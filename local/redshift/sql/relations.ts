/** Which relations a statement touches, and how. */
import { NotSupportedLocallyError } from '../redshiftError';
import { type Ast, type AstObject, bodyOf, isAstObject, kindOf, nameOf } from './ast';
import type { ObjectName } from './tokenReader';

export type TablePrivilege = 'select' | 'insert' | 'update' | 'delete';

export interface RelationUse {
  readonly relation: ObjectName;
  readonly privilege: TablePrivilege;
}

export interface Relations {
  readonly uses: readonly RelationUse[];
  /** Table nodes that are no tables but paths into a SUPER column: `e.items` in `FROM events e, e.items i`. */
  readonly navigations: ReadonlySet<AstObject>;
}

/** Statements that change a table, and the member that names it. */
const TARGETS: Readonly<Record<string, { member: string; privileges: readonly TablePrivilege[] }>> = {
  insert: { member: 'table', privileges: ['insert'] },
  update: { member: 'table', privileges: ['update'] },
  delete: { member: 'table', privileges: ['delete'] },
  merge: { member: 'this', privileges: ['insert', 'update', 'delete'] },
};

/** Collects what a statement's FROM clauses, and its target, refer to. */
export function relationsOf(statement: AstObject): Relations {
  const tables: AstObject[] = [];
  /** Who is referred to by a name: more than one in statements with subqueries. */
  const sources = new Map<string, AstObject[]>();
  const expressionNames = new Set<string>();
  visit(statement, (node) => {
    const table = bodyOf(node, 'table');
    const source = table ?? bodyOf(node, 'subquery');
    if (table) tables.push(table);
    const name = source && (nameOf(source.alias) ?? nameOf(source.name));
    if (source && name !== undefined) sources.set(name, [...(sources.get(name) ?? []), source]);
    for (const cte of Array.isArray(node.ctes) ? node.ctes : []) {
      if (isAstObject(cte)) expressionNames.add(nameOf(cte.alias) ?? '');
    }
  });
  // An unnested array always has an alias; without one, `s.t` is a table though something is called `s`.
  const isNavigation = (table: AstObject) => {
    if (!table.alias) return false;
    const first = nameOf(table.catalog) ?? nameOf(table.schema) ?? '';
    return (sources.get(first) ?? []).some((source) => source !== table);
  };
  const navigations = new Set(tables.filter(isNavigation));

  for (const table of tables) if (!navigations.has(table)) refuseDatabase(table);
  const kind = kindOf(statement) ?? '';
  const body = bodyOf(statement, kind) ?? {};
  const target = TARGETS[kind];
  const targetTable = target && (bodyOf(body[target.member], 'table') ?? body[target.member]);
  const uses = tables
    .filter((table) => table !== targetTable && !navigations.has(table))
    .map(objectNameOf)
    .filter((name): name is ObjectName => name !== undefined)
    .filter(({ schema, name }) => schema !== undefined || !expressionNames.has(name))
    .map((relation): RelationUse => ({ relation, privilege: 'select' }));
  const written = isAstObject(targetTable) ? objectNameOf(targetTable) : undefined;
  for (const privilege of (written && target?.privileges) ?? []) {
    if (written) uses.push({ relation: written, privilege });
  }
  return { uses, navigations };
}

/** A name with its database would reach past the schemas that access is granted on. */
function refuseDatabase(table: AstObject): void {
  const database = nameOf(table.catalog);
  if (database !== undefined) {
    throw new NotSupportedLocallyError(
      `A relation with its database (${database}...)`,
      'leave the database out',
    );
  }
}

/** Name of a table node; undefined when it has three parts. */
export function objectNameOf(table: AstObject): ObjectName | undefined {
  const name = nameOf(table.name);
  const schema = nameOf(table.schema);
  if (name === undefined || nameOf(table.catalog) !== undefined) return undefined;
  return schema === undefined ? { name } : { schema, name };
}

function visit(node: Ast, see: (node: AstObject) => void): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, see);
  } else if (isAstObject(node)) {
    see(node);
    for (const value of Object.values(node)) visit(value, see);
  }
}
