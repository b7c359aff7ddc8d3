/** The questions `channels`, `referrers` and `campaigns`: where visits come from, and which bring buyers. Pure. */
import { all } from './conditions';
import { type Dimension, dimensionOf } from './dimensions';
import { FILTERS, limit, model, modelConditions } from './filters';
import { defineQuestion, type Question, type QuestionColumn } from './question';

const MEASURES: readonly QuestionColumn[] = [
  { name: 'sessions', title: 'Sessions', kind: 'count', help: 'Sessions that came from there.' },
  { name: 'visitors', title: 'Visitors', kind: 'count', help: 'Different visitors in them.' },
  { name: 'buyers', title: 'Buyers', kind: 'count', help: 'Visitors with a purchase in one of them.' },
  {
    name: 'buyer_percent',
    title: 'Buyers, share',
    kind: 'percent',
    help: 'Share of the visitors who bought.',
  },
  { name: 'purchases', title: 'Purchases', kind: 'count', help: 'Purchases in these sessions.' },
  {
    name: 'revenue',
    title: 'Revenue',
    kind: 'text',
    help: 'Amounts by currency, such as EUR 79.90, USD 12.00.',
  },
  {
    name: 'bounce_percent',
    title: 'Bounce rate',
    kind: 'percent',
    help: 'Share of the sessions that bounced.',
  },
  { name: 'pages_per_session', title: 'Pages', kind: 'number', help: 'Page views a session.' },
];

interface Sources {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly dimensions: readonly { readonly name: string; readonly title: string; readonly of: Dimension }[];
  /** Which sessions are meant, as a condition on `s`, and in words. */
  readonly only?: { readonly condition: string; readonly words: string };
  readonly chartBy: string;
}

function question({ name, title, description, dimensions, only, chartBy }: Sources): Question {
  return defineQuestion(
    {
      name,
      template: 'visits',
      title,
      description,
      rules: [
        ...(only === undefined ? [] : [only.words]),
        'Everything is about the sessions themselves; what other sessions of a visitor led to a purchase is a question of attribution.',
        'A visitor with sessions in several rows counts in each of them.',
      ],
      example: '--from 2026-11-01 --to 2026-12-01',
      columns: [
        ...dimensions.map((dimension) => ({
          name: dimension.name,
          title: dimension.title,
          kind: 'text' as const,
          help: 'As docs/models.md defines it; (none) where there is none.',
        })),
        ...MEASURES,
      ],
      chart: { kind: 'bar', x: chartBy, y: ['visitors', 'buyers'] },
    },
    { ...FILTERS, limit: limit(20) },
    ({ limit, ...filters }) => {
      const names = dimensions.map((dimension) => dimension.name);
      return {
        dimensions: dimensions.map((dimension) => ({
          dimension: dimension.name,
          expression: dimensionOf(dimension.of, 's'),
        })),
        sessions: model('sessions', filters.bots),
        names: names.join(', '),
        same_names: all(names.map((name) => `r.${name} = c.${name}`)),
        order: names.map((dimension) => `c.${dimension}`).join(', '),
        filter: all([
          ...modelConditions(filters, 's', 'started_at'),
          ...(only === undefined ? [] : [only.condition]),
        ]),
        limit: String(limit),
      };
    },
  );
}

/** Which channel brings visitors who buy. */
export const channels = question({
  name: 'channels',
  title: 'Channels',
  description: 'What visits come by each channel, and which of them bring buyers.',
  dimensions: [{ name: 'channel', title: 'Channel', of: 'channel' }],
  chartBy: 'channel',
});

/** Which other sites send visitors. */
export const referrers = question({
  name: 'referrers',
  title: 'Referrers',
  description: 'Which other sites send visits, and which of them bring buyers.',
  dimensions: [
    { name: 'referrer', title: 'Referrer', of: 'referrer' },
    { name: 'channel', title: 'Channel', of: 'channel' },
  ],
  only: { condition: 's.referrer_host IS NOT NULL', words: 'Only sessions that began with a referrer.' },
  chartBy: 'referrer',
});

/** Which campaigns bring visitors. */
export const campaigns = question({
  name: 'campaigns',
  title: 'Campaigns',
  description: 'What visits campaigns bring, and which of them bring buyers.',
  dimensions: [
    { name: 'campaign', title: 'Campaign', of: 'campaign' },
    { name: 'source', title: 'Source', of: 'source' },
    { name: 'medium', title: 'Medium', of: 'medium' },
  ],
  only: { condition: 's.campaign IS NOT NULL', words: 'Only sessions that began with a campaign.' },
  chartBy: 'campaign',
});
