/** Prints an answer on a terminal, or for another program. */
import { count, counted } from '../../lib/contract/words';
import type { Terminal } from '../terminal/terminal';
import { asTable, csvPieces, jsonPieces } from './formats';
import { firstPages, firstRows, type QueryResult, type ResultTable } from './queryResult';

/** Rows a table shows at most: it is laid out as a whole. CSV and JSON are written as they are read. */
const TABLE_ROWS = 10_000;

/** How an answer is to be printed. */
export interface PrintFlags {
  readonly json?: true;
  readonly csv?: true;
  readonly maxRows?: number;
}

/**
 * Prints an answer.
 * @param prepare makes the table that people read
 * @returns how many rows there are, and how many of them were printed, in words
 */
export async function printResult(
  result: QueryResult,
  { json, csv, maxRows }: PrintFlags,
  terminal: Terminal,
  prepare: (table: ResultTable) => ResultTable = (table) => table,
): Promise<string> {
  const { columns, rowCount } = result;
  if (columns === undefined) return rowCount < 0 ? 'Done' : counted(rowCount, 'row');
  const most = maxRows ?? (json || csv ? Number.POSITIVE_INFINITY : TABLE_ROWS);
  if (json || csv) {
    const pieces = (json ? jsonPieces : csvPieces)(columns, firstPages(result, most));
    for await (const piece of pieces) {
      if (terminal.outInTime === undefined) terminal.out(piece);
      else if (!(await terminal.outInTime(piece))) break;
    }
  } else {
    terminal.out(`${asTable(prepare(await firstRows(result, most)), terminal.columns)}\n`);
  }
  if (rowCount <= most) return counted(rowCount, 'row');
  const hint = maxRows === undefined ? ' (all of them: --csv or --json)' : '';
  return `The first ${count(most)} of ${counted(rowCount, 'row')}${hint}`;
}
