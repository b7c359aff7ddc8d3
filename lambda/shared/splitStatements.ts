/** Splits a SQL file into its statements, knowing quotes, comments and dollar quotes. */

/** Openers of text in which a semicolon ends nothing. */
const OPENER = /'|"|--|\/\*|\$[A-Za-z_]?\w*\$|;/g;

/**
 * Statements of a SQL text, in order, without comments and closing semicolons.
 * @throws SyntaxError when a quote or comment is never closed, with the line it opens on
 */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let statement = '';
  let position = 0;
  const end = () => {
    if (statement.trim() !== '') statements.push(statement.trim());
    statement = '';
  };
  while (position < sql.length) {
    OPENER.lastIndex = position;
    const opener = OPENER.exec(sql);
    if (opener === null) break;
    statement += sql.slice(position, opener.index);
    position = closeOf(sql, opener.index, opener[0]);
    if (opener[0] === ';') end();
    else if (opener[0] === '--' || opener[0] === '/*') statement = withoutTrailingBlanks(statement);
    else statement += sql.slice(opener.index, position);
  }
  statement += sql.slice(position);
  end();
  return statements;
}

/** Where the text after `opener` goes on, as a position in `sql`. */
function closeOf(sql: string, start: number, opener: string): number {
  const from = start + opener.length;
  switch (opener) {
    case ';':
      return from;
    case '--': {
      const newline = sql.indexOf('\n', from);
      return newline < 0 ? sql.length : newline;
    }
    case '/*':
      return closeOfComment(sql, start);
    case "'":
      // A backslash escapes in Redshift's literals.
      return closeOfPattern(sql, start, /(?:[^'\\]|\\[\s\S]|'')*'/y, 'a quote');
    case '"':
      return closeOfPattern(sql, start, /(?:[^"]|"")*"/y, 'a double quote');
    default: {
      const close = sql.indexOf(opener, from);
      if (close < 0) throw neverClosed(sql, start, `dollar quote ${opener}`);
      return close + opener.length;
    }
  }
}

function closeOfPattern(sql: string, start: number, pattern: RegExp, what: string): number {
  pattern.lastIndex = start + 1;
  if (!pattern.test(sql)) throw neverClosed(sql, start, what);
  return pattern.lastIndex;
}

/** Block comments nest, as in PostgreSQL. */
function closeOfComment(sql: string, start: number): number {
  let depth = 0;
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  for (let match = mark.exec(sql); match !== null; match = mark.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  throw neverClosed(sql, start, 'a comment');
}

function withoutTrailingBlanks(text: string): string {
  return `${text.trimEnd()} `;
}

function neverClosed(sql: string, start: number, what: string): SyntaxError {
  const line = sql.slice(0, start).split('\n').length;
  return new SyntaxError(`Line ${line} opens ${what} that is never closed`);
}
