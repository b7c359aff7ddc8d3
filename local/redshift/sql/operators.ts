/** Operators that Redshift and DuckDB compute differently. */
import { NotSupportedLocallyError } from '../redshiftError';
import { type Ast, type AstObject, expression, kindOf, literalOf } from './ast';

/** Kinds handled here: comparisons, arithmetic, concatenation, CASE. */
export const OPERATORS: ReadonlySet<string> = new Set([
  'eq',
  'neq',
  'lt',
  'lte',
  'gt',
  'gte',
  'between',
  'in',
  'like',
  'i_like',
  'similar_to',
  'add',
  'sub',
  'mul',
  'div',
  'mod',
  'concat',
  'dpipe',
  'case',
]);

/** Expressions that may be SUPER without the syntax showing it. */
const MAY_BE_SUPER = new Set(['column', 'dot', 'subscript']);

/** A SUPER operand of arithmetic counts as the number it holds; DuckDB would round it to an integer. */
export function numberOperand(operand: Ast): Ast {
  return MAY_BE_SUPER.has(kindOf(operand) ?? '') ? expression('rs_number({0})', [operand]) : operand;
}

/** A SUPER operand of a text function counts as the text it holds. */
export function textOperand(operand: Ast): Ast {
  return MAY_BE_SUPER.has(kindOf(operand) ?? '') ? expression('rs_text({0})', [operand]) : operand;
}

/**
 * Translates an operator whose operands are translated already.
 * @throws NotSupportedLocallyError for SIMILAR TO, whose patterns DuckDB reads as plain regular expressions
 */
export function operator(kind: string, body: AstObject): Ast {
  const left = body.left ?? null;
  const right = body.right ?? null;
  switch (kind) {
    case 'add':
    case 'sub':
    case 'mul':
      return { [kind]: { ...body, left: numberOperand(left), right: numberOperand(right) } };
    case 'concat':
    case 'dpipe':
      return { [kind]: { ...body, left: textOperand(left), right: textOperand(right) } };
    case 'case':
      return { case: { ...body, operand: body.operand ? beside(body.operand, firstBranch(body)) : null } };
    case 'div':
    case 'mod':
      return divide(kind, numberOperand(left), numberOperand(right), body);
    case 'between':
      return { between: { ...body, this: beside(body.this ?? null, body.low ?? null) } };
    case 'in': {
      const [first = null] = Array.isArray(body.expressions) ? body.expressions : [];
      return { in: { ...body, this: beside(body.this ?? null, first) } };
    }
    case 'like':
    case 'i_like':
      return like(kind, body);
    case 'similar_to':
      throw new NotSupportedLocallyError('SIMILAR TO', 'use LIKE or ~');
    default:
      return { [kind]: { ...body, left: beside(left, right), right: beside(right, left) } };
  }
}

/** DuckDB answers NULL where Redshift fails. */
function divide(kind: string, left: Ast, right: Ast, body: AstObject): Ast {
  const divisor = literalOf(right);
  if (divisor?.type === 'number' && Number(divisor.value) !== 0) return { [kind]: { ...body, left, right } };
  return expression(`${kind === 'div' ? 'rs_divide' : 'rs_modulo'}({0}, {1})`, [left, right]);
}

/** The operand as it compares with the other: SUPER is typed dynamically, and another type compares as null. */
function beside(operand: Ast, other: Ast): Ast {
  if (!MAY_BE_SUPER.has(kindOf(operand) ?? '')) return operand;
  const literal = literalOf(other);
  if (literal?.type === 'string') return expression('rs_text({0})', [operand]);
  if (literal?.type === 'number' || kindOf(other) === 'neg') return expression('rs_number({0})', [operand]);
  if (kindOf(other) === 'boolean') return expression('rs_boolean({0})', [operand]);
  return operand;
}

/** What the operand of a CASE is first compared with. */
function firstBranch({ whens }: AstObject): Ast {
  const [branch] = Array.isArray(whens) ? whens : [];
  return (Array.isArray(branch) ? branch[0] : undefined) ?? null;
}

/** LIKE escapes with a backslash in Redshift unless told otherwise, in DuckDB not at all. */
function like(kind: string, body: AstObject): Ast {
  const left = beside(body.left ?? null, body.right ?? null);
  const pattern = literalOf(body.right);
  const needsEscape = !body.escape && (pattern === undefined || pattern.value.includes('\\'));
  return { [kind]: { ...body, left, escape: needsEscape ? expression("'\\'") : (body.escape ?? null) } };
}
