/** A chart of a result, of the columns somebody picks. */
import { useCallback, useId, useState } from 'preact/hooks';
import type { StatementResult } from '../../wire';
import { axis, Chart, type Palette, tooltip } from '../ui/chart';
import { compact } from '../ui/format';

/** More points than pixels say nothing. */
const MOST_POINTS = 2_000;

type Shape = 'bar' | 'line';

export function ResultChart({ result }: { result: StatementResult }) {
  const { columns, rows } = result;
  const id = useId();
  const numbers = columns.flatMap(({ kind }, index) => (kind === 'number' ? [index] : []));
  const [x, setX] = useState(() =>
    Math.max(
      0,
      columns.findIndex(({ kind }) => kind !== 'number'),
    ),
  );
  const [y, setY] = useState(() => numbers.find((index) => index !== x) ?? numbers[0] ?? 0);
  const [shape, setShape] = useState<Shape>(() => (columns[x]?.kind === 'time' ? 'line' : 'bar'));
  const name = (index: number) => columns[index]?.name ?? '';

  const option = useCallback(
    (palette: Palette) => {
      const drawn = rows.slice(0, MOST_POINTS);
      return {
        grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
        tooltip: tooltip(palette),
        xAxis: { type: 'category', data: drawn.map((row) => String(row[x] ?? 'NULL')), ...axis(palette) },
        yAxis: {
          type: 'value',
          ...axis(palette, { axisLabel: { color: palette.muted, formatter: compact } }),
        },
        series: [{ name: columns[y]?.name, type: shape, data: drawn.map((row) => Number(row[y] ?? 0)) }],
      };
    },
    [columns, rows, x, y, shape],
  );

  return (
    <figure class="result-chart">
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label for={`${id}-x`}>Along</label>
        <select id={`${id}-x`} value={x} onChange={(event) => setX(Number(event.currentTarget.value))}>
          {columns.map((column, index) => (
            <option key={index} value={index}>
              {column.name}
            </option>
          ))}
        </select>
        <label for={`${id}-y`}>height</label>
        <select id={`${id}-y`} value={y} onChange={(event) => setY(Number(event.currentTarget.value))}>
          {numbers.map((index) => (
            <option key={index} value={index}>
              {name(index)}
            </option>
          ))}
        </select>
        <label for={`${id}-shape`}>as</label>
        <select
          id={`${id}-shape`}
          value={shape}
          onChange={({ currentTarget }) => setShape(currentTarget.value === 'line' ? 'line' : 'bar')}
        >
          <option value="bar">bars</option>
          <option value="line">a line</option>
        </select>
      </form>
      <Chart
        label={`${name(y)} by ${name(x)}; the rows are in the table below`}
        height={280}
        option={option}
      />
    </figure>
  );
}
