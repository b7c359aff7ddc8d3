/** The question `attribution`. Pure. */
import { all, matches } from './conditions';
import { by, dimensionOf } from './dimensions';
import { eventConditions, eventTimeConditions, FILTERS, limit, model as modelView } from './filters';
import { choice, duration, text } from './parameters';
import { defineQuestion } from './question';
import { readPattern } from './steps';

/** A touch's weight before those of a purchase are made to add up to one; `t` is the touch. */
const WEIGHTS = {
  first_touch: 'CASE WHEN t.place = 1 THEN 1 ELSE 0 END',
  last_touch: 'CASE WHEN t.place = t.places THEN 1 ELSE 0 END',
  linear: '1',
  // Of two touches each has half; a single one has all.
  position_based:
    'CASE WHEN t.places <= 2 THEN 1 WHEN t.place IN (1, t.places) THEN 0.4 ELSE 0.2 / (t.places - 2) END',
  // Measured from the latest touch, so that the weights do not vanish; beyond a thousand halvings they are nothing.
  time_decay: 'POWER(0.5, LEAST(1000, (t.age_seconds - t.least_age_seconds) / {half_life}))',
} as const;

/** Which visits earned the purchases. */
export const attribution = defineQuestion(
  {
    name: 'attribution',
    title: 'Attribution',
    description:
      'Which visits earned the purchases, when each purchase is shared out among the sessions before it.',
    rules: [
      'Touches of a purchase are the visitor’s sessions on the site that began within the window before it; the session it was made in always is one.',
      'first_touch and last_touch give it all to the first or last of them, linear the same to each; position_based 40 % to the first and the last and 20 % to those between; time_decay half as much for every half-life that a session began before the latest one.',
      'Shares of a purchase add up to 1, so purchases and revenue add up to what was bought. A purchase with no session before it goes to (no session).',
      'The period (in UTC) and the filters are about the purchase, not about the sessions.',
    ],
    example: '--model position_based --by campaign',
    columns: [
      { name: 'touch', title: 'Earned by', kind: 'text', help: 'Value of --by for the session.' },
      { name: 'currency', title: 'Currency', kind: 'text', help: 'ISO 4217 code of the purchases.' },
      { name: 'purchases', title: 'Purchases', kind: 'number', help: 'Purchases earned, in shares.' },
      { name: 'revenue', title: 'Revenue', kind: 'money', help: 'Revenue earned.' },
      { name: 'percent_of_purchases', title: 'Share', kind: 'percent', help: 'Share of all purchases.' },
    ],
    chart: { kind: 'bar', x: 'touch', y: ['purchases'], series: 'currency' },
  },
  {
    model: choice({
      options: ['first_touch', 'last_touch', 'linear', 'position_based', 'time_decay'],
      default: 'last_touch',
      help: 'The rule that shares a purchase out.',
    }),
    by: by('channel', 'What sessions are told apart by.'),
    window: duration({ default: '30d', help: 'How long before a purchase a session may have begun.' }),
    'half-life': duration({
      default: '7d',
      help: 'Of time_decay: the time in which a touch loses half its weight.',
    }),
    conversion: text({
      default: 'purchase',
      help: 'Name of the event that counts as a purchase; a star stands for any text.',
    }),
    site: FILTERS.site,
    from: FILTERS.from,
    to: FILTERS.to,
    device: FILTERS.device,
    country: FILTERS.country,
    bots: FILTERS.bots,
    limit: limit(20),
  },
  ({ model, by, window, 'half-life': halfLife, conversion, from, to, limit, ...filters }) => ({
    purchase: matches('e.event_name', readPattern(conversion)),
    filter: all([...eventConditions(filters, 'e'), ...eventTimeConditions('e', from?.millis, to?.millis)]),
    sessions: modelView('sessions', filters.bots),
    dimension: dimensionOf(by, 's'),
    window_seconds: String(window),
    weight: WEIGHTS[model].replace('{half_life}', `${halfLife}.0`),
    limit: String(limit),
  }),
);
