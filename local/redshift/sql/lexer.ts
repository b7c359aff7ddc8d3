/** Splits Redshift SQL into tokens: enough to tell statements, words, literals and parameters apart. */
import { RedshiftError } from '../redshiftError';

export interface Token {
  /** `word` covers keywords and unquoted identifiers. */
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'symbol';
  /** Words and quoted identifiers in lower case, as Redshift folds both; strings without quotes and escapes. */
  readonly value: string;
  /** Half-open range of characters in the statement. */
  readonly start: number;
  readonly end: number;
}

/** Tried in order at each position; whitespace and comments make no token. */
const PATTERNS: readonly (readonly [Token['kind'] | 'skip', RegExp])[] = [
  ['skip', /\s+|--[^\n]*/y],
  ['string', /'(?:[^'\\]|''|\\[\s\S])*'/y],
  ['quoted', /"(?:[^"]|"")+"/y],
  ['number', /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[\p{L}_][\p{L}\p{N}_$]*/uy],
  ['symbol', /::/y],
  ['parameter', /:[\p{L}_][\p{L}\p{N}_]*/uy],
  ['symbol', /<=|>=|<>|!=|\|\||!~\*|!~|~\*|[-+*/%^&|#~<>=()[\].,;:!@?$]/y],
];

/**
 * The tokens of a text, a trailing semicolon included.
 * @throws RedshiftError at a character that starts no token, such as an unclosed quote
 */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    if (sql.startsWith('/*', at)) {
      at = endOfComment(sql, at);
      continue;
    }
    const { kind, text } = matchAt(sql, at);
    if (kind !== 'skip')
      tokens.push({ kind, value: tokenValue(kind, text), start: at, end: at + text.length });
    at += text.length;
  }
  return tokens;
}

function matchAt(sql: string, at: number): { kind: Token['kind'] | 'skip'; text: string } {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const text = pattern.exec(sql)?.[0];
    if (text !== undefined) return { kind, text };
  }
  const rest = sql.slice(at, at + 20);
  if (rest.startsWith("'")) throw new RedshiftError('unterminated quoted string', at + 1);
  if (rest.startsWith('"')) throw new RedshiftError('unterminated quoted identifier', at + 1);
  throw new RedshiftError(`syntax error at or near "${rest.charAt(0)}"`, at + 1);
}

/** Comments nest in Redshift, as in PostgreSQL. */
function endOfComment(sql: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sql.length - 1; ) {
    const two = sql.slice(at, at + 2);
    if (two === '/*') depth++;
    if (two === '*/') depth--;
    at += two === '/*' || two === '*/' ? 2 : 1;
    if (depth === 0) return at;
  }
  throw new RedshiftError('unterminated /* comment', start + 1);
}

function tokenValue(kind: Token['kind'], text: string): string {
  switch (kind) {
    case 'word':
      return text.toLowerCase();
    case 'quoted':
      return text.slice(1, -1).replaceAll('""', '"').toLowerCase();
    case 'string':
      return unescapeString(text.slice(1, -1));
    case 'parameter':
      return text.slice(1);
    default:
      return text;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** Redshift takes a backslash in any string literal for an escape (PostgreSQL 8.0 rules). */
function unescapeString(body: string): string {
  return body.replace(/''|\\([0-7]{1,3})|\\([\s\S])/g, (pair, octal?: string, escaped?: string) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    return escaped === undefined ? pair.slice(1) : (ESCAPES[escaped] ?? escaped);
  });
}

/** A string literal that means the same in standard SQL. */
export function stringLiteral(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** An identifier that means the same whatever it is. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
