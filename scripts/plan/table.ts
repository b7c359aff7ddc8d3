/** Tables for a terminal. */
import Table from 'cli-table3';

/** A column: its heading, and whether it holds numbers, which align to the right. */
export type Heading = string | { readonly numbers: string };

/** A table with a heading row, without colours so that it can be pasted. */
export function table(headings: readonly Heading[], rows: ReadonlyArray<readonly string[]>): string {
  const result = new Table({
    head: headings.map((heading) => (typeof heading === 'string' ? heading : heading.numbers)),
    colAligns: headings.map((heading) => (typeof heading === 'string' ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
    chars: OPEN_BORDERS,
  });
  result.push(...rows.map((row) => [...row]));
  return result
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Columns two blanks apart and one rule under the headings. */
const OPEN_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '-',
  'mid-mid': '-',
  right: '',
  'right-mid': '',
  middle: ' ',
} as const;
