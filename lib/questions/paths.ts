/** The question `paths`. Pure. */
import { literal } from '../contract/sqlText';
import { DAY_MILLIS } from '../contract/units';
import { all, matches } from './conditions';
import { FILTERS, type Filters, limit, model, modelConditions } from './filters';
import { choice, integer, type Moment, requiredText } from './parameters';
import { defineQuestion } from './question';
import { readPattern } from './steps';

const DIRECTIONS = {
  next: { neighbour: 'LEAD', separator: ' > ', end: '(end)' },
  previous: { neighbour: 'LAG', separator: ' < ', end: '(begin)' },
} as const;

/** A session is hardly longer: what it saw before and after the period belongs to its paths. */
const MARGIN_MILLIS = 2 * DAY_MILLIS;

/** Filters that let whole sessions through. */
function around({ site, bots, from, to }: Filters): Filters {
  const moved = (moment: Moment | undefined, millis: number) =>
    moment && { isDay: false, millis: moment.millis + millis };
  return { site, bots, from: moved(from, -MARGIN_MILLIS), to: moved(to, MARGIN_MILLIS) };
}

/** Where visitors go from a page, or where they come from. */
export const paths = defineQuestion(
  {
    name: 'paths',
    title: 'Paths',
    description: 'Which pages visitors see after a page, or before it.',
    rules: [
      'Every time the page is seen begins a path; a page seen again at once, such as a reload, counts once.',
      'Paths stay within a session: (end) is where it ends, (begin) where it begins.',
      'With --direction previous a path is read from the page back in time.',
    ],
    example: "--page '/products/*' --direction next --depth 3",
    columns: [
      { name: 'path', title: 'Path', kind: 'text', help: 'Pages, the one asked for first.' },
      { name: 'times', title: 'Times', kind: 'count', help: 'How often it was gone.' },
      {
        name: 'percent_of_paths',
        title: 'Share',
        kind: 'percent',
        help: 'Share of all paths from the page.',
      },
    ],
    chart: { kind: 'bar', x: 'path', y: ['times'] },
  },
  {
    page: requiredText({ help: 'Path of the page; a star stands for any text.' }),
    direction: choice({
      options: ['next', 'previous'],
      default: 'next',
      help: 'After the page, or before it.',
    }),
    depth: integer({ help: 'Pages besides the one asked for.', default: 3, least: 1, most: 10 }),
    ...FILTERS,
    limit: limit(20),
  },
  ({ page, direction, depth, limit, ...filters }) => {
    const { neighbour, separator, end } = DIRECTIONS[direction];
    return {
      places: Array.from({ length: depth }, (_, index) => ({
        place: String(index + 1),
        previous: String(index),
      })),
      page_views: model('page_views', filters.bots),
      neighbour,
      separator: literal(separator),
      end: literal(end),
      page: matches('p.page_0', readPattern(page)),
      view_filter: all(modelConditions(filters, 'v', 'viewed_at')),
      around: all(modelConditions(around(filters), 'v', 'viewed_at')),
      limit: String(limit),
    };
  },
);
