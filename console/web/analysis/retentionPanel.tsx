/** Who comes back: a heat map that is a table. */
import { useState } from 'preact/hooks';
import { count } from '../ui/format';
import type { PanelProps } from './analysisSection';
import { type Answer, type AnswerRow, numberOf, QuestionPanel } from './panel';

/** Periods that fit beside each other. */
const MOST_PERIODS = 12;

export function RetentionPanel(props: PanelProps) {
  const [every, setEvery] = useState('day');
  return (
    <QuestionPanel
      {...props}
      question="retention"
      values={{ every }}
      emptyText="Nobody was seen for the first time in this period."
      controls={
        <fieldset class="choice">
          <legend class="hidden">Length of a period</legend>
          {['day', 'week'].map((name) => (
            <label key={name} class="check">
              <input type="radio" name="retention" checked={every === name} onChange={() => setEvery(name)} />
              by {name}
            </label>
          ))}
        </fieldset>
      }
      picture={(answer) => <HeatMap {...answer} unit={every} />}
    />
  );
}

function HeatMap({ info, rows, unit }: Answer & { unit: string }) {
  const { chart } = info;
  if (chart.kind !== 'heatmap') return null;
  const cohorts = Map.groupBy(rows, (row) => String(row[chart.y]));
  const periods = [...new Set(rows.map((row) => numberOf(row, chart.x)))]
    .sort((left, right) => left - right)
    .slice(0, MOST_PERIODS);
  // Everybody is there in the period they were first seen in: colours tell the others apart.
  const most = Math.max(
    0,
    ...rows.filter((row) => numberOf(row, chart.x) > 0).map((row) => numberOf(row, chart.value)),
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section class="table-scroll" aria-label={info.title} tabIndex={0}>
      <table class="heat">
        <thead>
          <tr>
            <th scope="col">first seen</th>
            <th scope="col" class="number">
              visitors
            </th>
            {periods.map((period) => (
              <th key={period} scope="col" class="number">
                {unit} {period}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...cohorts].map(([cohort, cells]) => (
            <tr key={cohort}>
              <th scope="row">{cohort.slice(0, 10)}</th>
              <td class="number">
                {count(Math.max(...cells.map((cell) => numberOf(cell, 'cohort_visitors'))))}
              </td>
              {periods.map((period) => (
                <HeatCell
                  key={period}
                  cell={cells.find((row) => numberOf(row, chart.x) === period)}
                  value={chart.value}
                  most={period === 0 ? Number.POSITIVE_INFINITY : most}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="muted">* not over yet</p>
    </section>
  );
}

interface HeatCellProps {
  readonly cell: AnswerRow | undefined;
  readonly value: string;
  /** Share with the darkest colour. */
  readonly most: number;
}

function HeatCell({ cell, value, most }: HeatCellProps) {
  if (cell === undefined) return <td class="number none" />;
  const isOpen = cell.is_complete === false;
  const share = numberOf(cell, value);
  // Ten steps of one colour; the style sheet knows on which the text is light.
  const step = share <= 0 ? 0 : Math.min(10, Math.ceil((share / most) * 10));
  return (
    <td class={`number heat-${step}`} title={isOpen ? 'not over yet' : undefined}>
      {share.toFixed(1)} %{isOpen && <span class="muted">*</span>}
    </td>
  );
}
