/**
 * Refuses what does not read, before it is sent.
 *
 * The first line of defence is the warehouse: the console's user has the role `analyst` and nothing else. This is the
 * second, for a cluster on which somebody granted that user more.
 */
import { RedshiftError } from '../../local/redshift/redshiftError';
import { type Token, tokenize } from '../../local/redshift/sql/lexer';

/** Words a statement may begin with. */
const READS = ['select', 'with', 'show', 'explain'];
/** Words that may follow EXPLAIN, and stand behind the subqueries of WITH. */
const QUERIES = ['select', 'with', '('];
const VERBS = ['select', 'insert', 'update', 'delete', 'merge'];

/**
 * Checks that a text is one statement that only reads.
 * @throws RedshiftError with the place of what is refused
 */
export function requireReadOnly(sql: string): void {
  const tokens = tokenize(sql);
  while (isSymbol(tokens.at(-1), ';')) tokens.pop();
  const [first, second] = tokens;
  if (first === undefined) throw new RedshiftError('There is no statement to run', 1);
  const semicolon = tokens.find((token) => isSymbol(token, ';'));
  if (semicolon !== undefined) refuse('The console runs one statement at a time', semicolon);
  if (!READS.includes(first.value) || first.kind === 'quoted' || first.kind === 'string') {
    refuse(
      'The console only reads: a statement begins with SELECT or WITH, on Redshift also with SHOW or EXPLAIN',
      first,
    );
  }
  if (first.value === 'explain' && !QUERIES.includes(second?.value ?? '')) {
    refuse('The console explains queries only', second ?? first);
  }
  refuseWrites(tokens);
}

/** SELECT INTO makes a table, and WITH may stand before a statement that changes rows. */
function refuseWrites(tokens: readonly Token[]): void {
  const into = tokens.find((token) => isWord(token, 'into'));
  if (into !== undefined) refuse('The console only reads: INTO makes a table', into);
  const start = tokens.findIndex((token) => isWord(token, 'with'));
  if (start < 0) return;
  let depth = 0;
  for (const token of tokens.slice(start)) {
    if (isSymbol(token, '(')) depth++;
    if (isSymbol(token, ')')) depth--;
    const isVerb = depth === 0 && token.kind === 'word' && VERBS.includes(token.value);
    if (isVerb && token.value === 'select') return;
    if (isVerb) refuse(`The console only reads: ${token.value.toUpperCase()} changes rows`, token);
  }
}

function isWord(token: Token, value: string): boolean {
  return token.kind === 'word' && token.value === value;
}

function isSymbol(token: Token | undefined, value: string): boolean {
  return token?.kind === 'symbol' && token.value === value;
}

function refuse(message: string, token: Token): never {
  throw new RedshiftError(message, token.start + 1);
}
