/** Text that becomes part of a SQL statement. */

/**
 * A string literal. Redshift takes a backslash in a literal for an escape, as PostgreSQL 8 did, so both quotes and
 * backslashes are doubled.
 * @throws RangeError for text with a NUL, which Redshift cannot hold
 */
export function literal(text: string): string {
  if (text.includes('\0')) throw new RangeError(`"${text}" has a NUL character, which Redshift cannot hold`);
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** A point in time as `yyyy-MM-dd HH:mm:ss.SSS` in UTC, as a literal. */
export function timestampLiteral(epochMillis: number): string {
  return literal(new Date(epochMillis).toISOString().replace('T', ' ').replace('Z', ''));
}
