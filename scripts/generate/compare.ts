/** Compares a warehouse with the truth, number by number. The statements are Redshift SQL over what analysts see. */
import { sourceOf } from './settings';
import type { Truth } from './truth';
import type { TruthFile } from './truthFile';

/** Runs a statement; its rows by column name. */
export type Ask = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** A number that the warehouse has otherwise. */
export interface Difference {
  /** Such as `sessions` or `events of shop-001 at 2026-10-05 13`. */
  readonly what: string;
  readonly expected: number;
  readonly found: number;
}

/** What a comparison came to. */
export interface Comparison {
  /** Numbers that were compared. */
  readonly compared: number;
  readonly differences: readonly Difference[];
}

const TOTALS = (events: string) => `
SELECT COUNT(*) AS valid,
  COUNT(DISTINCT event_id) AS event_ids,
  SUM(CASE WHEN is_bot THEN 1 ELSE 0 END) AS bots,
  SUM(CASE WHEN event_time_source = 'device' THEN 1 ELSE 0 END) AS device,
  SUM(CASE WHEN event_time_source = 'corrected' THEN 1 ELSE 0 END) AS corrected,
  SUM(CASE WHEN is_clock_suspect THEN 1 ELSE 0 END) AS suspect,
  COUNT(DISTINCT visitor_id) AS visitors,
  COUNT(DISTINCT user_id) AS users,
  COUNT(DISTINCT session_id) AS session_ids
FROM ${events}`;

/** Thirty minutes without an event end a session, whatever the tracker calls it. */
const SESSIONS = (events: string) => `
SELECT SUM(CASE WHEN previous_time IS NULL OR DATEDIFF(second, previous_time, event_time) >= 1800 THEN 1 ELSE 0 END)
  AS sessions
FROM (
  SELECT event_time, LAG(event_time) OVER (PARTITION BY visitor_id ORDER BY event_time) AS previous_time
  FROM ${events}
  WHERE visitor_id IS NOT NULL
) AS steps`;

const FUNNEL = (events: string) => `
SELECT SUM(has_view) AS product_views, SUM(has_add) AS adds_to_cart, SUM(has_purchase) AS purchases
FROM (
  SELECT session_id,
    MAX(CASE WHEN event_name = 'page_view' AND properties.page_type = 'product' THEN 1 ELSE 0 END) AS has_view,
    MAX(CASE WHEN event_name = 'add_to_cart' THEN 1 ELSE 0 END) AS has_add,
    MAX(CASE WHEN event_name = 'purchase' THEN 1 ELSE 0 END) AS has_purchase
  FROM ${events}
  WHERE session_id IS NOT NULL
  GROUP BY session_id
) AS sessions`;

const BY_NAME = (events: string) =>
  `SELECT event_name AS name, COUNT(*) AS events FROM ${events} GROUP BY event_name`;

const BY_SITE_AND_HOUR = (events: string) => `
SELECT site_id AS site, TO_CHAR(event_time, 'YYYY-MM-DD HH24') AS hour, COUNT(*) AS events
FROM ${events}
GROUP BY site_id, TO_CHAR(event_time, 'YYYY-MM-DD HH24')`;

const REVENUE = (events: string) => `
SELECT currency, COUNT(*) AS purchases, SUM(CAST(ROUND(event_value * 100) AS BIGINT)) AS cents
FROM ${events}
WHERE event_name = 'purchase'
GROUP BY currency`;

/**
 * Compares what a warehouse holds of a simulation with its truth. Events of other sources, and of simulations with
 * another seed, may lie beside them. What was rejected is not in the warehouse; the transform counts it.
 */
export async function compare({ settings, truth }: TruthFile, ask: Ask): Promise<Comparison> {
  const expected = new Map(expectedNumbers(truth));
  const found = new Map(await foundNumbers(sourceOf(settings), ask));
  const differences: Difference[] = [];
  for (const what of new Set([...expected.keys(), ...found.keys()])) {
    const difference = { what, expected: expected.get(what) ?? 0, found: found.get(what) ?? 0 };
    if (difference.expected !== difference.found) differences.push(difference);
  }
  return { compared: expected.size, differences };
}

type Numbers = (readonly [what: string, value: number])[];

function expectedNumbers(truth: Truth): Numbers {
  const { valid, bots, eventTimes, visitors, users, sessions, funnel } = truth;
  return [
    ['valid events', valid],
    ['distinct event ids', valid],
    ['events of bots', bots],
    ['events with the time of the device', eventTimes.device],
    ['events with a corrected time', eventTimes.corrected],
    ['events with a suspect clock', eventTimes.suspect],
    ['visitors', visitors],
    ['users', users],
    ['sessions', sessions],
    ['session ids', sessions],
    ['sessions with a product view', funnel.productViews],
    ['sessions with something in the cart', funnel.addsToCart],
    ['sessions with a purchase', funnel.purchases],
    ...Object.entries(truth.byName).map(([name, events]) => [`${name} events`, events] as const),
    ...Object.entries(truth.revenue).flatMap(
      ([currency, { purchases, cents }]) =>
        [
          [`purchases in ${currency}`, purchases],
          [`cents paid in ${currency}`, cents],
        ] as const,
    ),
    ...Object.entries(truth.bySiteAndHour).flatMap(([site, hours]) =>
      Object.entries(hours).map(([hour, events]) => [`events of ${site} at ${hour}`, events] as const),
    ),
  ];
}

async function foundNumbers(source: string, askWarehouse: Ask): Promise<Numbers> {
  const events = `(SELECT * FROM analysis.events WHERE source = '${source}') AS simulated`;
  const ask = (statement: (events: string) => string) => askWarehouse(statement(events));
  const [totals = {}] = await ask(TOTALS);
  const [sessions = {}] = await ask(SESSIONS);
  const [funnel = {}] = await ask(FUNNEL);
  const named = await ask(BY_NAME);
  const revenue = await ask(REVENUE);
  const hours = await ask(BY_SITE_AND_HOUR);
  return [
    ['valid events', Number(totals.valid)],
    ['distinct event ids', Number(totals.event_ids)],
    ['events of bots', Number(totals.bots)],
    ['events with the time of the device', Number(totals.device)],
    ['events with a corrected time', Number(totals.corrected)],
    ['events with a suspect clock', Number(totals.suspect)],
    ['visitors', Number(totals.visitors)],
    ['users', Number(totals.users)],
    ['sessions', Number(sessions.sessions)],
    ['session ids', Number(totals.session_ids)],
    ['sessions with a product view', Number(funnel.product_views)],
    ['sessions with something in the cart', Number(funnel.adds_to_cart)],
    ['sessions with a purchase', Number(funnel.purchases)],
    ...named.map(({ name, events }) => [`${name} events`, Number(events)] as const),
    ...revenue.flatMap(
      ({ currency, purchases, cents }) =>
        [
          [`purchases in ${currency}`, Number(purchases)],
          [`cents paid in ${currency}`, Number(cents)],
        ] as const,
    ),
    ...hours.map(({ site, hour, events }) => [`events of ${site} at ${hour}`, Number(events)] as const),
  ];
}
