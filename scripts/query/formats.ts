/** How results are written: tables for people; CSV and JSON for programs, in pieces, so that none has to be held. */
import Table from 'cli-table3';
import type { ResultColumn, ResultValue } from '../../local/redshift';
import type { QueryResult, ResultRow, ResultTable } from './queryResult';

type Pages = QueryResult['pages'];

const isNumeric = ({ typeName }: ResultColumn) => /^(int\d|float\d|numeric)$/.test(typeName);

/** Narrowest a column is cut to, so that it still says something. */
const MIN_CELL_WIDTH = 12;
/** What borders and padding take per column. */
const BORDER_WIDTH = 3;

/**
 * A table for reading.
 * @param width characters a line may have; wide cells are cut with an ellipsis. Undefined: nothing is cut
 */
export function asTable({ columns, rows }: ResultTable, width: number | undefined): string {
  const cells = rows.map((row) => row.map(readable));
  const limit = width === undefined ? undefined : cellLimit(columns, cells, width);
  const table = new Table({
    head: columns.map(({ name }) => shorten(name, limit)),
    colAligns: columns.map((column) => (isNumeric(column) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of cells) table.push(row.map((cell) => shorten(cell, limit)));
  return table.toString();
}

function readable(value: ResultValue): string {
  // A line break would tear the table, a control character could do anything to the terminal.
  return value === null ? 'NULL' : String(value).replace(/\p{Cc}/gu, ' ');
}

/** The widest cell with which all columns fit, at least MIN_CELL_WIDTH. */
function cellLimit(columns: readonly ResultColumn[], cells: readonly string[][], width: number): number {
  const natural = columns.map(({ name }, index) =>
    Math.max(name.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const fits = (limit: number) =>
    natural.reduce((sum, columnWidth) => sum + Math.min(columnWidth, limit) + BORDER_WIDTH, 1) <= width;
  let limit = Math.max(MIN_CELL_WIDTH, ...natural);
  while (limit > MIN_CELL_WIDTH && !fits(limit)) limit--;
  return limit;
}

function shorten(text: string, limit: number | undefined): string {
  return limit === undefined || text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** A JSON array with an object a row; SUPER values are JSON values. A name that comes twice gets a number. */
export async function* jsonPieces(
  columns: readonly ResultColumn[],
  pages: Pages,
): AsyncGenerator<string, void> {
  const names = uniqueNames(columns);
  const object = (row: ResultRow) =>
    JSON.stringify(
      Object.fromEntries(row.map((value, index) => [names[index], jsonValue(value, columns[index])])),
    );
  let isEmpty = true;
  for await (const rows of pages) {
    if (rows.length === 0) continue;
    yield `${isEmpty ? '[' : ','}\n  ${rows.map(object).join(',\n  ')}`;
    isEmpty = false;
  }
  yield isEmpty ? '[]\n' : '\n]\n';
}

function jsonValue(value: ResultValue, column: ResultColumn | undefined): unknown {
  return column?.typeName === 'super' && typeof value === 'string' ? JSON.parse(value) : value;
}

function uniqueNames(columns: readonly ResultColumn[]): string[] {
  const seen = new Map<string, number>();
  return columns.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
}

/** RFC 4180 with a header line; null is an empty field, an empty text is "". */
export async function* csvPieces(
  columns: readonly ResultColumn[],
  pages: Pages,
): AsyncGenerator<string, void> {
  yield csvLine(columns.map(({ name }) => name));
  for await (const rows of pages) yield rows.map(csvLine).join('');
}

function csvLine(values: ResultRow): string {
  return `${values.map(csvField).join(',')}\r\n`;
}

function csvField(value: ResultValue): string {
  if (value === null) return '';
  const text = String(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
