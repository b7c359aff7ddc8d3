/** Answers in a form for people to read. Pure. */
import type { Question, QuestionColumn } from '../../lib/questions';
import type { ResultTable } from '../query/queryResult';

type Row = ResultTable['rows'][number];
type Value = Row[number];

/** Values as people write them, under the columns' titles; cohorts as a table with a column for each age. */
export function forReading(question: Question, table: ResultTable): ResultTable {
  return question.chart.kind === 'heatmap'
    ? crossed(question.chart, question, table)
    : titled(question, table);
}

function titled(question: Question, { columns, rows }: ResultTable): ResultTable {
  const known = columns.map(({ name }) => question.columns.find((column) => column.name === name));
  return {
    columns: columns.map((column, index) => ({ ...column, name: known[index]?.title ?? column.name })),
    rows: rows.map((row) => row.map((value, index) => readable(value, known[index]?.kind ?? 'text'))),
  };
}

function readable(value: Value, kind: QuestionColumn['kind']): string {
  if (value === null) return '';
  switch (kind) {
    case 'count':
      return Number(value).toLocaleString('en-US');
    case 'number':
      return Number(value).toLocaleString('en-US', { maximumFractionDigits: 2 });
    case 'percent':
      return `${Number(value).toFixed(1)} %`;
    case 'money':
      return Number(value).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    case 'seconds':
      return Number(value).toLocaleString('en-US', { maximumFractionDigits: 1 });
    case 'boolean':
      return value === true ? 'yes' : 'no';
    case 'time':
      return String(value)
        .replace(/ 00:00:00(\.0+)?$/, '')
        .replace(/:00(\.0+)?$/, '');
    case 'day':
    case 'text':
      return String(value);
  }
}

type Heatmap = Extract<Question['chart'], { kind: 'heatmap' }>;

/** A row a cohort, a column an age. A star marks what may still grow. */
function crossed({ x, y, value }: Heatmap, question: Question, { columns, rows }: ResultTable): ResultTable {
  const place = new Map(columns.map(({ name }, index) => [name, index]));
  const at = (row: Row | undefined, name: string) => row?.[place.get(name) ?? -1] ?? null;
  const titleOf = (name: string) => question.columns.find((column) => column.name === name)?.title ?? name;
  const ages = [...new Set(rows.map((row) => Number(at(row, x))))].sort((one, other) => one - other);
  const cell = (row: Row | undefined) =>
    readable(at(row, value), 'percent') + (at(row, 'is_complete') === false ? '*' : '');
  return {
    columns: [
      { name: titleOf(y), typeName: 'varchar' },
      { name: titleOf('cohort_visitors'), typeName: 'int8' },
      ...ages.map((age) => ({ name: String(age), typeName: 'numeric' })),
    ],
    rows: [...new Set(rows.map((row) => at(row, y)))].map((cohort) => {
      const cells = rows.filter((row) => at(row, y) === cohort);
      return [
        cohort,
        readable(at(cells[0], 'cohort_visitors'), 'count'),
        ...ages.map((age) => cell(cells.find((row) => Number(at(row, x)) === age))),
      ];
    }),
  };
}
