/** A result as CSV that is safe to open in a spreadsheet. Pure. */
import type { Cell, StatementResult } from './wire';

/** Beginnings that make a spreadsheet take a text for a formula, and run it. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * RFC 4180 with a header line. NULL is an empty field, an empty text is `""`. A text that a spreadsheet would take for
 * a formula gets an apostrophe in front; numbers are left as they are.
 */
export function safeCsv({ columns, rows }: Pick<StatementResult, 'columns' | 'rows'>): string {
  const lines = [columns.map(({ name }) => name), ...rows];
  return `${lines.map((line) => line.map(field).join(',')).join('\r\n')}\r\n`;
}

function field(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) && !isNumber(value) ? `'${value}` : value;
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Numbers too long for a double travel as text. */
function isNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}
