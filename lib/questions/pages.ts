/** The question `pages`. Pure. */
import { all } from './conditions';
import { FILTERS, limit, model, modelConditions } from './filters';
import { defineQuestion } from './question';

/** What is seen most. */
export const pages = defineQuestion(
  {
    name: 'pages',
    title: 'Top pages',
    description: 'Which pages are seen most, how long, and how often visits begin and end there.',
    rules: ['Engaged time is that of analysis.page_views; views without any count as 0 seconds.'],
    example: '--site shop --limit 20',
    columns: [
      { name: 'site_id', title: 'Site', kind: 'text', help: 'The site.' },
      { name: 'page', title: 'Page', kind: 'text', help: 'Path of the page.' },
      { name: 'page_views', title: 'Views', kind: 'count', help: 'How often it was seen.' },
      { name: 'visitors', title: 'Visitors', kind: 'count', help: 'Different visitors who saw it.' },
      { name: 'entries', title: 'Entries', kind: 'count', help: 'Sessions that began with it.' },
      { name: 'exits', title: 'Exits', kind: 'count', help: 'Sessions that ended with it.' },
      {
        name: 'exit_percent',
        title: 'Exit rate',
        kind: 'percent',
        help: 'Share of its views that were the last of their session.',
      },
      {
        name: 'average_engaged_seconds',
        title: 'Engaged seconds',
        kind: 'seconds',
        help: 'Average over its views.',
      },
    ],
    chart: { kind: 'bar', x: 'page', y: ['page_views', 'visitors'] },
  },
  { ...FILTERS, limit: limit(20) },
  ({ limit, ...filters }) => ({
    page_views: model('page_views', filters.bots),
    filter: all(modelConditions(filters, 'v', 'viewed_at')),
    limit: String(limit),
  }),
);
