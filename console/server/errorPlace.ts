/** Finds the characters of a statement that an error message of Redshift is about. */
import { tokenize } from '../../local/redshift/sql/lexer';
import type { StatementProblem } from '../wire';

const POSITION = /\n?\s*Position: (\d+)\s*$/;
/** Redshift names what it did not find, and says no more. */
const NAMED =
  /(?:column|relation|schema|function|attribute|table|operator)(?: reference)? "?([\p{L}_][\p{L}\p{N}_.$]*)"?/iu;
const PREFIX = /^(?:FATAL|ERROR): ?/;

/**
 * What to show for an error, and where.
 * @param error Redshift's words, as the Data API gives them
 */
export function placeError(sql: string, error: string): StatementProblem {
  const message = error.replace(POSITION, '').replace(PREFIX, '').trim();
  const position = POSITION.exec(error)?.[1];
  const range = position === undefined ? rangeOfName(sql, message) : rangeAt(sql, Number(position) - 1);
  return { message, ...range };
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The token that starts at, or holds, a character; the end of the statement when there is none. */
function rangeAt(sql: string, at: number): Range {
  const token = tokensOf(sql).find(({ start, end }) => start <= at && at < end);
  if (token !== undefined) return { from: token.start, to: token.end };
  const from = Math.min(Math.max(0, at), sql.length);
  return from < sql.length ? { from, to: from + 1 } : { from: Math.max(0, sql.length - 1), to: sql.length };
}

/** The name the message gives, where it stands in the statement outside of texts and comments. */
function rangeOfName(sql: string, message: string): Range | undefined {
  const name = NAMED.exec(message)?.[1]?.toLowerCase().split('.').at(-1);
  const token = tokensOf(sql).find(
    ({ kind, value }) => (kind === 'word' || kind === 'quoted') && value === name,
  );
  return token && { from: token.start, to: token.end };
}

function tokensOf(sql: string) {
  try {
    return tokenize(sql);
  } catch {
    // A text that cannot be split, such as one with an open quote: the position alone has to do.
    return [];
  }
}
