/** How a number develops, with its moving average. */
import { useCallback, useId, useState } from 'preact/hooks';
import { axis, Chart, type Palette, tooltip } from '../ui/chart';
import { compact } from '../ui/format';
import type { PanelProps } from './analysisSection';
import { type Answer, type AnswerRow, QuestionPanel } from './panel';
import { valueText } from './questionTable';

const METRICS = ['sessions', 'visitors', 'page_views', 'purchases', 'revenue'] as const;
const STEPS = ['hour', 'day', 'week'] as const;

export function TrendPanel(props: PanelProps) {
  const id = useId();
  const [metric, setMetric] = useState<string>('sessions');
  const [every, setEvery] = useState<string>('day');
  return (
    <QuestionPanel
      {...props}
      question="trend"
      values={{ metric, every }}
      emptyText="Nothing happened in this period."
      controls={
        <form class="filters" onSubmit={(event) => event.preventDefault()}>
          <label for={`${id}-metric`}>Show</label>
          <select
            id={`${id}-metric`}
            value={metric}
            onChange={(event) => setMetric(event.currentTarget.value)}
          >
            {METRICS.map((name) => (
              <option key={name} value={name}>
                {name.replace('_', ' ')}
              </option>
            ))}
          </select>
          <label for={`${id}-every`}>by</label>
          <select id={`${id}-every`} value={every} onChange={(event) => setEvery(event.currentTarget.value)}>
            {STEPS.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </form>
      }
      picture={(answer) => <TrendChart answer={answer} />}
    />
  );
}

function TrendChart({ answer: { info, rows } }: { answer: Answer }) {
  const option = useCallback(
    (palette: Palette) => {
      const periods = [...new Set(rows.map((row) => valueText(row.period ?? null, 'time')))];
      // Amounts of different currencies do not add up: each has a line of its own.
      const groups = Map.groupBy(rows, (row) => row.currency ?? '');
      const titleOf = (name: string) => info.columns.find((column) => column.name === name)?.title ?? name;
      return {
        grid: { left: 4, right: 12, top: 34, bottom: 4, containLabel: true },
        legend: {
          top: 0,
          left: 0,
          itemWidth: 22,
          icon: 'roundRect',
          itemHeight: 3,
          textStyle: { color: palette.muted, fontSize: 12 },
        },
        tooltip: tooltip(palette),
        xAxis: { type: 'category', boundaryGap: false, data: periods, ...axis(palette) },
        yAxis: {
          type: 'value',
          ...axis(palette, { axisLabel: { color: palette.muted, fontSize: 11, formatter: compact } }),
        },
        series: [...groups].flatMap(([currency, points], group) =>
          drawnColumns(points).map((column) => {
            const colour = palette.series[group % palette.series.length];
            return {
              name: `${titleOf(column)} ${currency}`.trim(),
              type: 'line',
              showSymbol: periods.length < 40,
              symbolSize: 5,
              itemStyle: { color: colour },
              lineStyle: {
                width: column === 'value' ? 2 : 1.5,
                type: column === 'value' ? 'solid' : 'dashed',
              },
              ...(column === 'value' && groups.size === 1 ? { areaStyle: { opacity: 0.1 } } : {}),
              data: points.map((row) => row[column] ?? null),
            };
          }),
        ),
      };
    },
    [info, rows],
  );
  return <Chart label={`${info.title}; press Table for the numbers`} height={264} option={option} />;
}

/** There is no moving average while there are too few periods. */
function drawnColumns(points: readonly AnswerRow[]): string[] {
  return ['value', 'moving_average'].filter((column) => points.some((row) => row[column] !== null));
}
