/** Aggregate and window functions. */
import { NotSupportedLocallyError, RedshiftError } from '../redshiftError';
import { type Ast, type AstObject, bodyOf, expression, isAstObject, kindOf, nameOf } from './ast';
import { numberOperand } from './operators';

/** Aggregates by the parser's kind. */
export const AGGREGATES: ReadonlySet<string> = new Set(
  `count sum avg min max median stddev stddev_samp stddev_pop variance var_samp var_pop logical_and logical_or any_value
   approx_distinct list_agg`.split(/\s+/),
);

/** Aggregates over a window that Redshift refuses with ORDER BY and no frame; DuckDB would take a default frame. */
const NEEDS_FRAME = new Set([...AGGREGATES, 'first_value', 'last_value', 'nth_value']);
const RANKINGS = new Set(
  'row_number rank dense_rank n_tile percent_rank cume_dist lag lead first_value last_value nth_value'.split(
    ' ',
  ),
);

/** Applies the OVER clause, if there is one, to an aggregate call. */
type Over = (call: Ast) => Ast;
const alone: Over = (call) => call;

/** Translates an aggregate whose arguments are translated already. */
export function aggregate(kind: string, body: AstObject, over: Over = alone): Ast {
  if (body.filter) throw new RedshiftError('syntax error at or near "filter"');
  const value = numberOperand(body.this ?? null);
  const distinct = body.distinct === true ? 'DISTINCT ' : '';
  switch (kind) {
    case 'sum':
      return over(expression(`sum(${distinct}rs_summand({0}))`, [body.this ?? null]));
    case 'avg':
      // The average of whole numbers is a whole number in Redshift: integers divide as integers.
      return expression('({0} / {1})', [
        over(expression(`sum(${distinct}{0})`, [value])),
        over(expression(`count(${distinct}{0})`, [value])),
      ]);
    case 'approx_distinct':
      // Exact is within the error that APPROXIMATE allows.
      return over(expression('count(DISTINCT {0})', [body.this ?? null]));
    case 'list_agg':
      return over(listAggregate(body, []));
    default:
      return over({ [kind]: body });
  }
}

function listAggregate(body: AstObject, orderBy: Ast[]): Ast {
  const template = `string_agg(${body.distinct === true ? 'DISTINCT ' : ''}rs_as_text({0}), {1} ORDER BY 1)`;
  const call = expression(template, [body.this ?? null, body.separator ?? expression("''")]);
  const kind = kindOf(call) ?? '';
  const order = orderBy.length === 0 ? null : orderBy;
  return { [kind]: { ...bodyOf(call, kind), order_by: order } };
}

/**
 * Translates a call with OVER or WITHIN GROUP.
 * @param translate translates what is inside
 */
export function windowFunction(node: AstObject, translate: (node: Ast) => Ast): Ast {
  const window = bodyOf(node, 'window_function');
  if (!window) return withinGroup(bodyOf(node, 'within_group') ?? {}, translate, alone);
  const over = translate(window.over ?? null);
  const apply: Over = (call) => ({ window_function: { ...window, this: call, over } });
  const inner = window.this ?? null;
  const kind = kindOf(inner) ?? '';
  const ordered = isAstObject(over) && Array.isArray(over.order_by) && over.order_by.length > 0;
  if (NEEDS_FRAME.has(kind) && ordered && !over.frame) {
    throw new RedshiftError('Aggregate window functions with an ORDER BY clause require a frame clause');
  }
  if (kind === 'within_group') return withinGroup(bodyOf(inner, kind) ?? {}, translate, apply);
  const untranslated = bodyOf(inner, kind) ?? {};
  const body = translateMembers(untranslated, translate);
  if (kind === 'sum' && holdsAggregate(untranslated.this ?? null)) {
    // DuckDB cannot choose among a macro's overloads by the type of an aggregate inside a window.
    return apply(expression('sum({0})', [numberOperand(body.this ?? null)]));
  }
  if (AGGREGATES.has(kind)) return aggregate(kind, body, apply);
  if (RANKINGS.has(kind)) return apply(isAstObject(inner) && inner[kind] === null ? inner : { [kind]: body });
  if (kind === 'function' && nameOf(body.name)?.toLowerCase() === 'ratio_to_report') {
    const [value = null] = Array.isArray(body.args) ? body.args : [];
    const amount = expression('CAST({0} AS DOUBLE)', [numberOperand(value)]);
    return expression('rs_divide({0}, {1})', [amount, apply(expression('sum({0})', [amount]))]);
  }
  throw new NotSupportedLocallyError(`The window function ${nameOf(body.name) ?? kind}`);
}

function holdsAggregate(node: Ast): boolean {
  if (Array.isArray(node)) return node.some(holdsAggregate);
  if (!isAstObject(node)) return false;
  return Object.entries(node).some(([kind, member]) => AGGREGATES.has(kind) || holdsAggregate(member));
}

function translateMembers(body: AstObject, translate: (node: Ast) => Ast): AstObject {
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, translate(value)]));
}

function withinGroup(body: AstObject, translate: (node: Ast) => Ast, over: Over): Ast {
  const orderBy = Array.isArray(body.order_by) ? body.order_by.map(translate) : [];
  const list = bodyOf(body.this, 'list_agg');
  if (list) return over(listAggregate(translateMembers(list, translate), orderBy));
  const call = bodyOf(body.this, 'aggregate_function') ?? bodyOf(body.this, 'function') ?? {};
  const name = nameOf(call.name)?.toLowerCase().replace('approximate ', '');
  const duckDbName = { percentile_cont: 'quantile_cont', percentile_disc: 'quantile_disc' }[name ?? ''];
  const [order] = orderBy;
  if (!duckDbName || orderBy.length !== 1 || !isAstObject(order) || order.desc === true) {
    throw new NotSupportedLocallyError(`${name} WITHIN GROUP of other than one ascending expression`);
  }
  const [fraction = null] = Array.isArray(call.args) ? call.args : [];
  return over(
    expression(`${duckDbName}({0}, {1})`, [numberOperand(order.this ?? null), translate(fraction)]),
  );
}
