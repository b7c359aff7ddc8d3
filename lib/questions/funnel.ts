/** The question `funnel`. Pure. */
import { literal } from '../contract/sqlText';
import { all, any, isBetween, isStep } from './conditions';
import { by, dimensionOf } from './dimensions';
import { eventConditions, eventTimeConditions, FILTERS, limit, model, modelConditions } from './filters';
import { duration, steps } from './parameters';
import { defineQuestion } from './question';

/** In how many steps, of which sort, and how far visitors get. */
export const funnel = defineQuestion(
  {
    name: 'funnel',
    title: 'Funnel',
    description: 'How many visitors take steps one after another, and where the others stop.',
    rules: [
      'The first step is the visitor’s first event that fits it in the period; what they begin again later is not counted.',
      'Each further step is their first event that fits, at the time of the step before or later, within the window from the first step. It may come after the end of the period.',
      'No event counts for two steps of a visitor; of several events in the same millisecond the one with the smallest event_id comes first.',
      'A visitor is counted once; events without a visitor are not.',
      '--by, --device, --country and --channel are about the session of the first step, which is missing when that event came later than the models’ look-back; --site and --bots are about all events. Days are days in UTC.',
    ],
    example: "--steps 'page_view:/products/*,add_to_cart,purchase' --within 7d --by channel",
    columns: [
      {
        name: 'dimension',
        title: 'By',
        kind: 'text',
        help: 'Value of --by for the first step; all without --by.',
      },
      { name: 'step', title: 'Step', kind: 'count', help: 'Number of the step, from 1.' },
      { name: 'step_name', title: 'What', kind: 'text', help: 'The step as it was given.' },
      { name: 'visitors', title: 'Visitors', kind: 'count', help: 'Visitors who took this step.' },
      {
        name: 'percent_of_previous',
        title: 'Of the step before',
        kind: 'percent',
        help: 'Share of those who took the step before.',
      },
      {
        name: 'percent_of_first',
        title: 'Of the first',
        kind: 'percent',
        help: 'Share of those who took the first step.',
      },
      {
        name: 'median_seconds',
        title: 'Median seconds',
        kind: 'seconds',
        help: 'Median time since the step before.',
      },
    ],
    chart: { kind: 'funnel', x: 'step_name', y: 'visitors', series: 'dimension' },
  },
  {
    steps: steps({
      help: 'Two to ten steps with commas: event_name[:page path][?property=value]. A star stands for any text; a backslash takes the next character for itself.',
    }),
    within: duration({ default: '7d', help: 'Time from the first step to the last.' }),
    by: by('none', 'Counts visitors apart by this.'),
    ...FILTERS,
    limit: limit(10, 'At most so many values of --by, those with most visitors.'),
  },
  ({ steps, within, by, limit, ...filters }) => {
    const { site, from, to, bots, ...visits } = filters;
    // Later steps may come until the window of the last entrance closes.
    const latest = to === undefined ? undefined : to.millis + within * 1_000;
    const bindings = steps.map((step, index) => ({
      step: String(index + 1),
      previous: String(index),
      label: literal(step.label),
      condition: isStep('e', step),
      earlier_event_ids: steps
        .slice(0, index)
        .map((_, earlier) => `p.event_id_${earlier + 1}`)
        .join(', '),
      union: index === 0 ? '' : 'UNION ALL ',
    }));
    return {
      steps: bindings,
      later_steps: bindings.slice(1),
      is_any_step: any(steps.map((step) => isStep('e', step))),
      event_filter: all([
        ...eventConditions({ site, bots }, 'e'),
        ...eventTimeConditions('e', from?.millis, latest),
      ]),
      period: all(isBetween('m.event_time', from?.millis, to?.millis)),
      sessions: model('sessions', bots),
      dimension: dimensionOf(by, 's'),
      visit_filter: all(modelConditions(visits, 's', 'started_at')),
      within_seconds: String(within),
      limit: String(limit),
    };
  },
);
