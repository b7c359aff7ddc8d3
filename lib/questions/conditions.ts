/** Conditions that questions put into their SQL. Values become literals here and nowhere else. Pure. */
import { literal, timestampLiteral } from '../contract/sqlText';
import { ANY, type FunnelStep, type Pattern } from './steps';

/** Conditions that all have to hold. */
export function all(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'TRUE' : conditions.join('\n    AND ');
}

/** Conditions of which one has to hold. */
export function any(conditions: readonly string[]): string {
  return `(${[...new Set(conditions)].join('\n      OR ')})`;
}

/** The expression is one of some texts. */
export function isOneOf(expression: string, texts: readonly string[]): string {
  return `${expression} IN (${texts.map(literal).join(', ')})`;
}

/** The expression matches a pattern. */
export function matches(expression: string, pattern: Pattern): string {
  const [only = ''] = pattern;
  if (pattern.length <= 1 && only !== ANY) return `${expression} = ${literal(only)}`;
  // LIKE escapes with a backslash in Redshift.
  const like = pattern.map((part) => (part === ANY ? '%' : part.replace(/[\\%_]/g, '\\$&')));
  return `${expression} LIKE ${literal(like.join(''))}`;
}

/** The event called `alias` counts as a step of a funnel. */
export function isStep(alias: string, { eventName, path, property }: FunnelStep): string {
  const conditions = [matches(`${alias}.event_name`, eventName)];
  if (path !== undefined) conditions.push(matches(`${alias}.page_path`, path));
  if (property !== undefined) {
    // A property may be text, a number or a boolean: compared as text it may be any.
    conditions.push(matches(`CAST(${alias}.properties."${property.name}" AS VARCHAR)`, property.value));
  }
  return conditions.length === 1 ? conditions.join('') : `(${conditions.join(' AND ')})`;
}

/** The time lies in `[from, to)`. Epoch milliseconds. */
export function isBetween(expression: string, from: number | undefined, to: number | undefined): string[] {
  return [
    ...(from === undefined ? [] : [`${expression} >= ${timestampLiteral(from)}`]),
    ...(to === undefined ? [] : [`${expression} < ${timestampLiteral(to)}`]),
  ];
}
