/** A table whose numbers are also bars, for comparing a few rows. */
import type { QuestionInfo } from '../../wire';

type QuestionColumn = QuestionInfo['columns'][number];

import { type AnswerRow, numberOf } from './panel';
import { alignmentOf, valueText } from './questionTable';

export interface RankTableProps {
  readonly info: QuestionInfo;
  readonly rows: readonly AnswerRow[];
  /** Columns to show, in order. */
  readonly columns: readonly string[];
  /** Columns drawn as bars. */
  readonly bars: readonly string[];
  /** Columns a phone has room for. @default all */
  readonly essential?: readonly string[];
}

export function RankTable({ info, rows, columns, bars, essential = columns }: RankTableProps) {
  const shown = columns.flatMap((name) => info.columns.find((column) => column.name === name) ?? []);
  const classOf = ({ name, kind }: QuestionColumn) =>
    `${alignmentOf(kind)}${essential.includes(name) ? '' : ' minor'}`;
  const most = new Map(bars.map((name) => [name, Math.max(...rows.map((row) => numberOf(row, name)))]));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section class="table-scroll" aria-label={info.title} tabIndex={0}>
      <table class="rank">
        <thead>
          <tr>
            {shown.map((column) => (
              <th key={column.name} scope="col" class={classOf(column)} title={column.help}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {shown.map((column) => {
                const { name, kind } = column;
                const highest = most.get(name) ?? 0;
                const share = highest > 0 ? numberOf(row, name) / highest : 0;
                return (
                  <td
                    key={name}
                    class={classOf(column)}
                    title={kind === 'text' ? String(row[name] ?? '') : undefined}
                  >
                    {most.has(name) && (
                      <span
                        class="bar"
                        style={{ width: `${(share * 100).toFixed(1)}%` }}
                        aria-hidden="true"
                      />
                    )}
                    <span class="value">{valueText(row[name] ?? null, kind)}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
