/** The question `revenue`. Pure. */
import { all } from './conditions';
import { DIMENSION_NAMES, type Dimension, dimensionOf } from './dimensions';
import { FILTERS, limit, model, modelConditions } from './filters';
import { choice } from './parameters';
import { defineQuestion } from './question';

const PERIODS = ['day', 'week', 'month'] as const;
type Period = (typeof PERIODS)[number];

function isPeriod(by: Dimension | Period): by is Period {
  return PERIODS.some((period) => period === by);
}

/** What was bought. */
export const revenue = defineQuestion(
  {
    name: 'revenue',
    title: 'Revenue',
    description: 'What was bought, by day or by where the visits came from.',
    rules: [
      'Purchases belong to the day on which their session began, in the site’s time zone; weeks begin on Monday.',
      'A row a currency. A session with purchases in several currencies, or without one, is under (several or none).',
    ],
    example: '--by week --from 2026-10-01',
    columns: [
      {
        name: 'dimension',
        title: 'By',
        kind: 'text',
        help: 'Value of --by; a day, week or month is its first day.',
      },
      { name: 'currency', title: 'Currency', kind: 'text', help: 'ISO 4217 code.' },
      { name: 'purchases', title: 'Purchases', kind: 'count', help: 'Purchases.' },
      { name: 'buyers', title: 'Buyers', kind: 'count', help: 'Different visitors who bought.' },
      { name: 'revenue', title: 'Revenue', kind: 'money', help: 'Sum of event_value of the purchases.' },
      { name: 'average_purchase', title: 'Average', kind: 'money', help: 'Revenue a purchase.' },
    ],
    chart: { kind: 'bar', x: 'dimension', y: ['revenue'], series: 'currency' },
  },
  {
    by: choice<Dimension | Period>({
      options: [...PERIODS, ...DIMENSION_NAMES],
      default: 'day',
      help: 'A row for each value of this and each currency.',
    }),
    ...FILTERS,
    limit: limit(100),
  },
  ({ by, limit, ...filters }) => ({
    sessions: model('sessions', filters.bots),
    dimension: isPeriod(by)
      ? `TO_CHAR(DATE_TRUNC('${by}', s.local_date), 'YYYY-MM-DD')`
      : dimensionOf(by, 's'),
    filter: all(modelConditions(filters, 's', 'started_at')),
    // By time the newest are wanted, by anything else the largest.
    order: isPeriod(by) ? '1 DESC, 2' : 'revenue DESC, 1, 2',
    limit: String(limit),
  }),
);
