/** How Redshift names output columns that have no alias. */
import { type Ast, bodyOf, expression, kindOf, nameOf } from './ast';
import { quoteIdentifier } from './lexer';

/** What Redshift calls a column it has no name for. */
const NAMELESS = '?column?';

const OPERATORS = new Set(
  `add sub mul div mod neg eq neq lt lte gt gte and or not between like i_like literal null in exists is_null tuple
   concat dpipe regexp_like interval is_true is_false at_time_zone bitwise_and bitwise_or`.split(/\s+/),
);

const BY_KIND: Readonly<Record<string, string>> = {
  approx_distinct: 'count',
  boolean: 'bool',
  list_agg: 'listagg',
  logical_and: 'bool_and',
  logical_or: 'bool_or',
  mod_func: 'mod',
  n_tile: 'ntile',
  str_position: 'strpos',
  trim: 'btrim',
  extract: 'date_part',
};

/** The name an output column needs, or undefined when the translated expression keeps the right one. */
export function outputName(original: Ast): string | undefined {
  const kind = kindOf(original);
  if (kind === undefined || kind === 'alias' || kind === 'star' || kind === 'column') return undefined;
  return nameOfExpression(original);
}

function nameOfExpression(node: Ast): string {
  const kind = kindOf(node) ?? '';
  const body = bodyOf(node, kind) ?? {};
  switch (kind) {
    case 'column':
      return nameOf(body.name) ?? NAMELESS;
    case 'dot':
      return nameOf(body.field) ?? NAMELESS;
    case 'function':
    case 'aggregate_function':
      return (nameOf(body.name) ?? NAMELESS).toLowerCase().replace('approximate ', '');
    case 'paren':
    case 'subscript':
    case 'window_function':
    case 'within_group':
      return nameOfExpression(body.this ?? null);
    case 'cast': {
      const inner = nameOfExpression(body.this ?? null);
      return inner === NAMELESS ? 'cast' : inner;
    }
    case 'subquery':
    case '':
      return NAMELESS;
    default:
      return OPERATORS.has(kind) ? NAMELESS : (BY_KIND[kind] ?? kind);
  }
}

export function withAlias(node: Ast, name: string): Ast {
  return expression(`{0} AS ${quoteIdentifier(name)}`, [node]);
}
