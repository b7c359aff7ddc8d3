/** The parser and generator, with a type for their syntax trees and a way to write rewrite rules as SQL. */
import { setFlagsFromString } from 'node:v8';
import { Dialect, generate, init, parse } from '@polyglot-sql/sdk';
import { RedshiftError } from '../redshiftError';
import { stringLiteral, type Token, tokenize } from './lexer';
import { syntaxErrorAt } from './tokenReader';

/** Any part of a syntax tree. An expression is an object with one key, its kind: `{ column: { ... } }`. */
export type Ast = null | boolean | number | string | Ast[] | AstObject;
export interface AstObject {
  [key: string]: Ast;
}

let initialized: Promise<void> | undefined;

/**
 * Loads the parser; must have been awaited before anything else here is called.
 *
 * The parser is 22 MB of WebAssembly. Compiled with V8's optimizing compiler it takes 350 MB of memory and a second of
 * two cores; compiled by the baseline compiler, as functions are called, 20 MB, and a statement still takes a
 * millisecond.
 */
export function initializeParser(): Promise<void> {
  if (!initialized) {
    setFlagsFromString('--liftoff-only');
    setFlagsFromString('--wasm-lazy-compilation');
    initialized = init();
  }
  return initialized;
}

export function isAstObject(value: Ast | undefined): value is AstObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The kind of an expression, or undefined when the value is none. */
export function kindOf(value: Ast | undefined): string | undefined {
  if (!isAstObject(value)) return undefined;
  const [kind, ...others] = Object.keys(value);
  return others.length === 0 ? kind : undefined;
}

/** The members of an expression of that kind, or undefined when it is of another. */
export function bodyOf(value: Ast | undefined, kind: string): AstObject | undefined {
  if (kindOf(value) !== kind || !isAstObject(value)) return undefined;
  const body = value[kind];
  return isAstObject(body) ? body : {};
}

/** The text of an identifier node, or of a member that holds one. */
export function nameOf(value: Ast | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return isAstObject(value) && typeof value.name === 'string' ? value.name : undefined;
}

/** The value of a literal, or undefined when the expression is none. */
export function literalOf(value: Ast | undefined): { type: string; value: string } | undefined {
  const body = bodyOf(value, 'literal');
  if (!body || typeof body.value !== 'string' || typeof body.literal_type !== 'string') return undefined;
  return { type: body.literal_type, value: body.value };
}

/**
 * Parses one statement. Strings are rewritten to standard ones first, because the parser does not know that
 * Redshift takes backslashes for escapes; identifiers are folded to lower case.
 * @throws RedshiftError `syntax error at or near ...` with the position in `sql`
 */
export function parseStatement(sql: string, tokens: readonly Token[] = tokenize(sql)): AstObject {
  let text = '';
  let end = tokens[0]?.start ?? 0;
  const origins: { at: number; token: Token }[] = [];
  for (const token of tokens) {
    if (token.kind === 'parameter') {
      throw new RedshiftError(`parameter ":${token.value}" has no value`, token.start + 1);
    }
    if (token.start > end) text += ' ';
    end = token.end;
    origins.push({ at: text.length, token });
    text += render(sql, token);
  }
  const result = parse(text, Dialect.Redshift);
  if (result.success) {
    const statements = result.ast as unknown as Ast[];
    const [statement] = statements;
    if (statements.length === 1 && isAstObject(statement)) return statement;
    throw new RedshiftError('a statement holds exactly one SQL command');
  }
  const at = result.errorStart ?? text.length;
  const wrong = origins.findLast((origin) => origin.at <= at);
  if (!wrong || at >= text.trimEnd().length - 1) {
    throw new RedshiftError('syntax error at end of input', sql.length + 1);
  }
  throw syntaxErrorAt(wrong.token);
}

/** The token as standard SQL. */
function render(sql: string, token: Token): string {
  if (token.kind === 'string') return stringLiteral(token.value);
  if (token.kind === 'quoted') return `"${token.value.replaceAll('"', '""')}"`;
  return token.kind === 'word' ? token.value : sql.slice(token.start, token.end);
}

/** The DuckDB text of a statement. */
export function generateDuckDb(statement: AstObject): string {
  // The types of the package describe hundreds of node kinds; a rewritten tree is checked by the generator itself.
  const result = generate([statement] as unknown as Parameters<typeof generate>[0], Dialect.DuckDB);
  const [sql] = result.sql ?? [];
  if (!result.success || sql === undefined) {
    throw new RedshiftError(`the statement could not be translated: ${result.error}`);
  }
  return sql;
}

const templates = new Map<string, Ast>();

/**
 * A DuckDB expression, written as SQL: `{0}`, `{1}` stand for the arguments and may be used more than once.
 * @example expression('rs_divide({0}, {1})', [left, right])
 */
export function expression(template: string, args: readonly Ast[] = []): Ast {
  return fill(templateOf(`SELECT ${template}`, selectedExpression), args);
}

/** An item of a FROM clause, written as SQL. */
export function fromItem(template: string, args: readonly Ast[] = []): Ast {
  return fill(templateOf(`SELECT 1 FROM ${template}`, selectedFromItem), args);
}

function templateOf(sql: string, pick: (select: AstObject) => Ast): Ast {
  let found = templates.get(sql);
  if (found === undefined) {
    const result = parse(sql.replaceAll(/\{(\d+)\}/g, '__argument$1'), Dialect.DuckDB);
    if (!result.success) throw new Error(`The template "${sql}" is not valid: ${result.error}`);
    const select = bodyOf((result.ast as unknown as Ast[])[0], 'select') ?? {};
    found = pick(select);
    templates.set(sql, found);
  }
  return found;
}

function selectedExpression(select: AstObject): Ast {
  return first(select.expressions);
}

function selectedFromItem(select: AstObject): Ast {
  return isAstObject(select.from) ? first(select.from.expressions) : null;
}

function first(list: Ast | undefined): Ast {
  return (Array.isArray(list) ? list[0] : undefined) ?? null;
}

function fill(node: Ast, args: readonly Ast[]): Ast {
  const placeholder = /^__argument(\d+)$/.exec(nameOf(bodyOf(node, 'column')?.name) ?? '')?.[1];
  if (placeholder !== undefined) return args[Number(placeholder)] ?? null;
  if (Array.isArray(node)) return node.map((item) => fill(item, args));
  if (!isAstObject(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, fill(value, args)]));
}

/** A string literal as an expression. */
export function textExpression(value: string): Ast {
  return expression(stringLiteral(value));
}
