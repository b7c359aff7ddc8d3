/** Distribution, sorting and encoding: they place rows on a cluster and mean nothing on one machine. */
import type { Token } from '../sql/lexer';
import { TokenReader } from '../sql/tokenReader';

export interface Stripped {
  readonly tokens: Token[];
  /** Columns that were named as distribution or sort keys: they must exist. */
  readonly keyColumns: string[];
}

/**
 * Takes the attributes out of a CREATE TABLE, up to the query of a CREATE TABLE AS.
 * @throws RedshiftError on an attribute with wrong syntax
 */
export function withoutTableAttributes(tokens: readonly Token[]): Stripped {
  const reader = new TokenReader(tokens);
  const kept: Token[] = [];
  const keyColumns: string[] = [];
  let columnName: string | undefined;
  let depth = 0;
  while (!reader.atEnd && !reader.sees('as')) {
    const previous = kept.at(-1)?.value;
    const isName = depth === 1 && (previous === '(' || previous === ',');
    if (isName) columnName = reader.next?.value;
    if (isName || !skipAttribute(reader, keyColumns, columnName)) {
      if (reader.sees('(')) depth++;
      if (reader.sees(')')) depth--;
      kept.push(reader.take());
    }
  }
  return { tokens: [...kept, ...reader.rest()], keyColumns };
}

function skipAttribute(reader: TokenReader, keyColumns: string[], columnName: string | undefined): boolean {
  if (reader.accept('diststyle')) {
    reader.expectOne('auto', 'even', 'key', 'all');
  } else if (reader.accept('distkey')) {
    keyColumns.push(...keyList(reader, columnName));
  } else if (reader.acceptOne('compound', 'interleaved')) {
    reader.expect('sortkey');
    keyColumns.push(...keyList(reader, columnName));
  } else if (reader.accept('sortkey')) {
    if (!reader.accept('auto')) keyColumns.push(...keyList(reader, columnName));
  } else if (reader.accept('encode')) {
    reader.identifier();
  } else if (reader.accept('backup')) {
    reader.expectOne('yes', 'no');
  } else return false;
  return true;
}

/** The columns in parentheses; without them the attribute belongs to the column it follows. */
function keyList(reader: TokenReader, columnName: string | undefined): string[] {
  if (!reader.accept('(')) return columnName === undefined ? [] : [columnName];
  const columns = reader.list(() => reader.identifier());
  reader.expect(')');
  return columns;
}
