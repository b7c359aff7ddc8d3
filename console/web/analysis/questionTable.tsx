/** The answer to a question as a table, with the question's own titles and units. */
import type { Cell, CellKind, QuestionInfo } from '../../wire';
import { DataTable } from '../ui/dataTable';
import { amount, count } from '../ui/format';
import type { AnswerRow } from './panel';

type ColumnKind = QuestionInfo['columns'][number]['kind'];

const NUMBERS: readonly ColumnKind[] = ['count', 'number', 'percent', 'money', 'seconds'];

/** A value as people read it. */
export function valueText(value: Cell, kind: ColumnKind): string {
  if (value === null) return '–';
  // Times of a question are those of the site; midnight says nothing.
  if (kind === 'time' || kind === 'day') return String(value).replace(/ 00:00:00(\.0+)?$/, '');
  if (!NUMBERS.includes(kind)) return String(value);
  const number = Number(value);
  if (kind === 'count') return count(number);
  return kind === 'percent' ? `${number.toFixed(1)} %` : amount(number);
}

/** How a table aligns a column. */
export function alignmentOf(kind: ColumnKind): CellKind {
  return NUMBERS.includes(kind) ? 'number' : 'text';
}

export function QuestionTable({ info, rows }: { info: QuestionInfo; rows: readonly AnswerRow[] }) {
  const known = info.columns.filter(({ name }) => rows.some((row) => name in row));
  return (
    <DataTable
      caption={info.title}
      columns={known.map(({ title, kind }) => ({
        title,
        kind: alignmentOf(kind),
        show: (value: Cell) => valueText(value, kind),
      }))}
      rows={rows.map((row) => known.map(({ name }) => row[name] ?? null))}
    />
  );
}
