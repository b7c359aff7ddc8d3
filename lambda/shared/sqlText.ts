/** Text that becomes part of a SQL statement; see lib/contract/sqlText.ts. */
export { literal, timestampLiteral } from '../../lib/contract/sqlText';
