/** The question `trend`. Pure. */
import { all, matches } from './conditions';
import {
  eventConditions,
  eventTimeConditions,
  FILTERS,
  type Filters,
  model,
  modelConditions,
} from './filters';
import { choice, integer, text } from './parameters';
import { defineQuestion } from './question';
import { QuestionError } from './questionError';
import { readPattern } from './steps';
import type { Bindings } from './template';

/** What sessions are summed up to; any other metric is an event's name. */
const SESSION_METRICS: Readonly<Record<string, string>> = {
  sessions: 'COUNT(*)',
  visitors: 'COUNT(DISTINCT s.site_id || CHR(31) || s.visitor_id)',
  page_views: 'SUM(s.page_view_count)',
  purchases: 'SUM(s.purchase_count)',
  revenue: 'SUM(s.revenue)',
};

/** How a number develops. */
export const trend = defineQuestion(
  {
    name: 'trend',
    title: 'Trend',
    description: 'How a number develops over time, with its moving average.',
    rules: [
      'Sessions, their visitors, page views, purchases and revenue belong to the period the session begins in.',
      'Their days and weeks are those of the site’s time zone; hours, and all periods of events of a name, are in UTC. Weeks begin on Monday.',
      'Periods without anything count as zero, from the first to the last with something.',
      'The moving average is that of the period and those before it, and begins when there are enough of them.',
      'Revenue has a row a currency.',
    ],
    example: '--metric visitors --every day --moving-average 7',
    columns: [
      { name: 'period', title: 'Period', kind: 'time', help: 'Its beginning.' },
      { name: 'currency', title: 'Currency', kind: 'text', help: 'Of revenue; null for other metrics.' },
      { name: 'value', title: 'Value', kind: 'number', help: 'The metric in the period.' },
      {
        name: 'moving_average',
        title: 'Moving average',
        kind: 'number',
        help: 'Null while there are too few periods.',
      },
    ],
    chart: { kind: 'line', x: 'period', y: ['value', 'moving_average'], series: 'currency' },
  },
  {
    metric: text({
      default: 'sessions',
      options: Object.keys(SESSION_METRICS),
      help: 'sessions, visitors, page_views, purchases, revenue, or the name of an event.',
    }),
    every: choice({ options: ['hour', 'day', 'week'], default: 'day', help: 'Length of a period.' }),
    'moving-average': integer({
      help: 'Periods of the moving average.',
      default: 7,
      least: 1,
      most: 100,
    }),
    ...FILTERS,
  },
  ({ metric, every, 'moving-average': periods, ...filters }) => {
    const measure = Object.hasOwn(SESSION_METRICS, metric) ? SESSION_METRICS[metric] : undefined;
    return {
      every,
      earlier: periods === 1 ? 'CURRENT ROW' : `${periods - 1} PRECEDING`,
      periods_averaged: String(periods),
      ...(measure === undefined ? ofEvents(metric, filters) : ofSessions(metric, measure, every, filters)),
    };
  },
);

type TrendFilters = Filters & Required<Pick<Filters, 'bots'>>;

function ofSessions(metric: string, measure: string, every: string, filters: TrendFilters): Bindings {
  return {
    rows: `${model('sessions', filters.bots)} s`,
    measure,
    currency: metric === 'revenue' ? "NVL(s.currency, '(several or none)')" : "''",
    // The models know the day in the site's time zone, not the hour.
    time: every === 'hour' ? 's.started_at' : 's.local_date',
    filter: all([
      ...modelConditions(filters, 's', 'started_at'),
      ...(metric === 'revenue' ? ['s.purchase_count > 0'] : []),
    ]),
  };
}

function ofEvents(name: string, { from, to, channel, ...filters }: TrendFilters): Bindings {
  if (channel !== undefined) {
    const metrics = Object.keys(SESSION_METRICS).join(', ');
    throw new QuestionError(
      'channel',
      `--channel is known of sessions only: choose --metric from ${metrics}`,
    );
  }
  return {
    rows: 'analysis.events e',
    measure: 'COUNT(*)',
    currency: "''",
    time: 'e.event_time',
    filter: all([
      matches('e.event_name', readPattern(name)),
      ...eventConditions(filters, 'e'),
      ...eventTimeConditions('e', from?.millis, to?.millis),
    ]),
  };
}
