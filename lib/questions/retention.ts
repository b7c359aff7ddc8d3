/** The question `retention`. Pure. */
import { all } from './conditions';
import { FILTERS, model, modelConditions } from './filters';
import { choice, integer } from './parameters';
import { defineQuestion } from './question';

const DAYS = { day: 1, week: 7 } as const;

/** How many of those who came for the first time come back. */
export const retention = defineQuestion(
  {
    name: 'retention',
    title: 'Retention',
    description:
      'Of the visitors first seen in a day or week, how many are back so many days or weeks later.',
    rules: [
      'A visitor belongs to the day or week of their first session, by the calendar of the site’s time zone. Weeks begin on Monday.',
      'The filters, the period too, are about that first session; any later session counts as coming back. --site and --bots are about all sessions.',
      'With --bots include, a visitor id that bots and people share counts as two visitors.',
      'Age 0 is the first day or week itself, so it has all visitors of the cohort.',
      'A day or week is complete when there are sessions of a later day; until then its numbers still grow, and the table marks them with a star.',
    ],
    example: '--weekly --periods 8',
    columns: [
      { name: 'cohort', title: 'First seen', kind: 'day', help: 'First day of the cohort’s day or week.' },
      { name: 'cohort_visitors', title: 'Visitors', kind: 'count', help: 'Visitors first seen then.' },
      { name: 'age', title: 'Age', kind: 'count', help: 'Days or weeks since then.' },
      {
        name: 'visitors',
        title: 'Back',
        kind: 'count',
        help: 'Those of the cohort with a session at that age.',
      },
      { name: 'percent_back', title: 'Back, share', kind: 'percent', help: 'Their share of the cohort.' },
      {
        name: 'is_complete',
        title: 'Complete',
        kind: 'boolean',
        help: 'False when that day or week is not over.',
      },
    ],
    chart: { kind: 'heatmap', x: 'age', y: 'cohort', value: 'percent_back' },
  },
  {
    every: choice({
      options: ['day', 'week'],
      default: 'week',
      shortcuts: { daily: 'day', weekly: 'week' },
      help: 'Length of a period.',
    }),
    periods: integer({ help: 'Periods a cohort is followed.', default: 12, least: 1, most: 100 }),
    ...FILTERS,
  },
  ({ every, periods, ...filters }) => {
    const { site, from, bots } = filters;
    return {
      every,
      days: String(DAYS[every]),
      periods: String(periods),
      sessions: model('sessions', bots),
      visitors: model('visitors', bots),
      first_visit_filter: all(modelConditions(filters, 's', 'started_at')),
      // Nobody in a cohort was there before it.
      later_visit_filter: all(modelConditions({ site, from, bots }, 's', 'started_at')),
    };
  },
);
