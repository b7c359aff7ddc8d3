/** Unnesting of SUPER arrays in FROM: `FROM events e, e.items i`. */
import { type Ast, type AstObject, expression, fromItem, nameOf } from './ast';
import { quoteIdentifier } from './lexer';

/** The FROM item for a path that begins with an alias. Null, and what is no array, gives no row. */
export function navigateFrom(table: AstObject): Ast {
  const path = [table.catalog, table.schema, table.name].map(nameOf).filter((name) => name !== undefined);
  const array = expression(path.map(quoteIdentifier).join('.'));
  const name = quoteIdentifier(nameOf(table.alias) ?? '');
  return fromItem(`LATERAL (SELECT unnest(TRY_CAST({0} AS VARIANT[]))) AS ${name}(${name})`, [array]);
}
