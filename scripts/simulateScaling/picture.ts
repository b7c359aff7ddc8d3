/** Draws the week: what producers wanted to send, what each strategy could take, and when records were turned away. */
import { MEGABYTE } from '../../lib/contract/units';
import type { Sample } from '../../lib/scaling/simulation/simulate';
import {
  FLASH_CROWD,
  type Incident,
  REGIONAL_OUTAGE,
  REPORTED_DAYS,
  SECONDS_PER_DAY,
  SECONDS_PER_HOUR,
  WARM_UP_DAYS,
} from '../../lib/scaling/simulation/week';
import { type Comparison, type PricedWeek, STRATEGIES } from './compare';

const WIDTH = 1_000;
const HEIGHT = 572;
const PLOT = { left: 70, right: 980, top: 80, bottom: 410 };
/** One row a strategy below the plot, with a mark for each hour in which records were turned away. */
const ROWS = { top: 466, height: 24, gap: 6 };

/** A point of a line stands for the highest of this many seconds. */
const POINT_SECONDS = 600;

/** Told apart without colour by their dashes too. */
const STYLES = [
  { name: STRATEGIES.planned, colour: '#7a7a7a', dash: '2 3', width: 1.5 },
  { name: STRATEGIES.highest, colour: '#b35900', dash: '8 4', width: 1.5 },
  { name: STRATEGIES.scaled, colour: '#0b5cad', dash: '', width: 2.5 },
  { name: STRATEGIES.onDemand, colour: '#1b7f4b', dash: '1 4 6 4', width: 1.5 },
] as const;

type Style = (typeof STYLES)[number];

const DEMAND_COLOUR = '#f2b8a0';
const DAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** The comparison as an SVG document. */
export function comparisonPicture({ environment, weeks }: Comparison): string {
  const drawn = STYLES.flatMap((style) => {
    const week = weeks.find(({ name }) => name === style.name);
    return week === undefined ? [] : [{ style, week }];
  });
  const [first] = drawn;
  if (first === undefined) throw new Error('There is no week to draw');
  const demand = points(first.week, ({ demandBytesPerSecond }) => demandBytesPerSecond);
  const lines = drawn.map(({ style, week }) => ({
    style,
    values: points(week, ({ takesBytesPerSecond }) => takesBytesPerSecond),
  }));
  const top = axisTop(Math.max(...demand, ...lines.flatMap(({ values }) => values)));
  const y = (value: number) => PLOT.bottom - (value / top) * (PLOT.bottom - PLOT.top);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
    `<title>A week of environment ${environment}: traffic, capacity and throttling</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    ...[FLASH_CROWD, REGIONAL_OUTAGE].map(incident),
    ...grid(top, y),
    `<path d="${area(demand, y)}" fill="${DEMAND_COLOUR}"/>`,
    ...lines.map(({ style, values }) => `<path d="${steps(values, y)}" ${stroke(style)}/>`),
    ...legend(),
    text(PLOT.left, ROWS.top - 10, 'Records turned away, hour by hour (the darker, the longer):'),
    ...drawn.flatMap(({ style, week }, row) => throttledRow(style, week, row)),
    '</svg>',
  ].join('\n')}\n`;
}

/** The highest value of each stretch of the week. */
function points({ samples }: PricedWeek, value: (sample: Sample) => number): number[] {
  const highest: number[] = [];
  for (const sample of samples) {
    const index = Math.floor(weekSecond(sample.second) / POINT_SECONDS);
    highest[index] = Math.max(highest[index] ?? 0, value(sample));
  }
  return highest;
}

function weekSecond(second: number): number {
  return second - WARM_UP_DAYS * SECONDS_PER_DAY;
}

function x(second: number): number {
  return PLOT.left + (second / (REPORTED_DAYS * SECONDS_PER_DAY)) * (PLOT.right - PLOT.left);
}

/** A round number above the highest value, and a fifth of it for each line of the grid. */
function axisTop(highest: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(highest));
  const factor = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((candidate) => candidate * magnitude >= highest) ?? 10;
  return factor * magnitude;
}

const GRID_LINES = 5;

function grid(top: number, y: (value: number) => number): string[] {
  const levels = Array.from({ length: GRID_LINES + 1 }, (_, index) => (top * index) / GRID_LINES);
  const days = DAY_NAMES.map((name, day) => ({ name, at: x(day * SECONDS_PER_DAY) }));
  return [
    ...levels.flatMap((level) => [
      `<path d="M${PLOT.left} ${fixed(y(level))}H${PLOT.right}" stroke="#dddddd"/>`,
      text(PLOT.left - 8, y(level) + 4, String(level / MEGABYTE), 'end'),
    ]),
    text(16, PLOT.top - 12, 'MB/s'),
    ...days.flatMap(({ name, at }) => [
      `<path d="M${fixed(at)} ${PLOT.top}V${PLOT.bottom}" stroke="#dddddd"/>`,
      text(at + x(SECONDS_PER_DAY / 2) - PLOT.left, PLOT.bottom + 18, name, 'middle'),
    ]),
  ];
}

function incident({ name, fromSecond, toSecond }: Incident): string {
  const left = x(weekSecond(fromSecond));
  const width = x(weekSecond(toSecond)) - left;
  return [
    `<rect x="${fixed(left)}" y="${PLOT.top}" width="${fixed(width)}" height="${PLOT.bottom - PLOT.top}" fill="#f3f0d8"/>`,
    text(left + width / 2, PLOT.top - 12, name, 'middle'),
  ].join('\n');
}

function area(values: readonly number[], y: (value: number) => number): string {
  const along = values.map((value, index) => `L${fixed(x(index * POINT_SECONDS))} ${fixed(y(value))}`);
  return `M${PLOT.left} ${PLOT.bottom}${along.join('')}L${PLOT.right} ${PLOT.bottom}Z`;
}

/** A line that keeps its height until the value changes. */
function steps(values: readonly number[], y: (value: number) => number): string {
  const corners = values.flatMap((value, index) =>
    index > 0 && values[index - 1] === value
      ? []
      : [`H${fixed(x(index * POINT_SECONDS))}V${fixed(y(value))}`],
  );
  return `M${PLOT.left} ${fixed(y(values[0] ?? 0))}${corners.join('')}H${PLOT.right}`;
}

function stroke({ colour, dash, width }: Style): string {
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  return `fill="none" stroke="${colour}" stroke-width="${width}"${dashes}`;
}

const LEGEND = { top: 28, left: 70, line: 36, columns: [0, 190, 370, 615, 735] };

function legend(): string[] {
  const { top, left, line, columns } = LEGEND;
  const place = (index: number) => left + (columns[index] ?? 0);
  return [
    `<rect x="${left}" y="${top - 10}" width="${line}" height="12" fill="${DEMAND_COLOUR}"/>`,
    text(left + line + 6, top, 'wanted by producers'),
    ...STYLES.flatMap((style, index) => [
      `<path d="M${place(index + 1)} ${top - 4}h${line}" ${stroke(style)}/>`,
      text(place(index + 1) + line + 6, top, style.name),
    ]),
  ];
}

function throttledRow({ name, colour }: Style, { samples }: PricedWeek, row: number): string[] {
  const hours: number[] = [];
  for (const { second, throttledSeconds } of samples) {
    const hour = Math.floor(weekSecond(second) / SECONDS_PER_HOUR);
    hours[hour] = (hours[hour] ?? 0) + throttledSeconds;
  }
  const top = ROWS.top + row * ROWS.height;
  const height = ROWS.height - ROWS.gap;
  const width = x(SECONDS_PER_HOUR) - PLOT.left;
  const total = hours.reduce((sum, seconds) => sum + seconds, 0);
  return [
    `<rect x="${PLOT.left}" y="${top}" width="${PLOT.right - PLOT.left}" height="${height}" fill="#f6f6f6"/>`,
    ...hours.flatMap((seconds, hour) =>
      seconds === 0
        ? []
        : [
            `<rect x="${fixed(x(hour * SECONDS_PER_HOUR))}" y="${top}" width="${fixed(width)}" height="${height}" ` +
              `fill="${colour}" opacity="${(0.3 + (0.7 * seconds) / SECONDS_PER_HOUR).toFixed(2)}"/>`,
          ],
    ),
    text(PLOT.left + 6, top + 13, `${name}: ${total.toLocaleString('en-US')} s`),
  ];
}

function text(left: number, baseline: number, words: string, anchor = 'start'): string {
  return `<text x="${fixed(left)}" y="${fixed(baseline)}" text-anchor="${anchor}" fill="#222222">${words}</text>`;
}

function fixed(value: number): string {
  return String(Number(value.toFixed(1)));
}
