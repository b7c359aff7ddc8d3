/** The truth against the transform: what is valid becomes a row, what is broken is rejected for the reason named. */
import type { EventRow } from '../../../lib/event/columns';
import { REJECTION_REASONS } from '../../../lib/event/rejections';
import { rowProblems } from '../../support/firehoseRecords';
import {
  countBy,
  groupBy,
  simulate,
  smallSettings,
  transformed,
  uniqueRows,
} from '../../support/simulations';

const settings = smallSettings({ events: 12_000, brokenRecords: true });
const { lines, records, truth } = simulate(settings);
const { counts, rows, rejectedByReason } = transformed(lines, records);
const unique = uniqueRows(rows);

const millis = (time: string) => Date.parse(`${time.replace(' ', 'T')}Z`);

/** Sessions by the plain definition: a visitor's events without a pause of 30 minutes. */
function countSessions(visitorRows: readonly EventRow[]): number {
  let sessions = 0;
  for (const [visitor, events] of groupBy(visitorRows, (row) => row.visitor_id ?? '')) {
    if (visitor === '') continue;
    const times = events.map((row) => millis(row.event_time)).sort((a, b) => a - b);
    sessions += times.filter(
      (time, at) => time - (times[at - 1] ?? Number.NEGATIVE_INFINITY) >= 30 * 60_000,
    ).length;
  }
  return sessions;
}

const sessionsWith = (matches: (row: EventRow) => boolean) =>
  new Set(unique.filter(matches).map(({ session_id }) => session_id)).size;

describe('what the transform makes of simulated events', () => {
  test('accounts for each of them', () => {
    expect(counts.eventsIn).toBe(truth.events);
    expect(rows.length).toBe(truth.valid + truth.duplicates);
    expect(unique.length).toBe(truth.valid);
  });

  test('is rejected for the reasons the truth names, of every kind there is', () => {
    expect(rejectedByReason).toEqual(truth.rejectedByReason);
    const { cannot_put_back: _circumstance, ...kinds } = REJECTION_REASONS;
    expect(Object.keys(rejectedByReason).sort()).toEqual(Object.keys(kinds).sort());
  });

  test('fits the table as it was sent: no value is cut and none is kept as invalid', () => {
    expect(counts.truncatedValues).toBe(0);
    expect(rows.flatMap((row) => rowProblems({ ...row }))).toEqual([]);
    expect(rows.filter(({ properties }) => properties?.includes('invalid_'))).toEqual([]);
  });

  test('has the truth’s events by site and hour, by name, and by how their times came about', () => {
    const bySiteAndHour = Object.fromEntries(
      [...groupBy(unique, ({ site_id }) => site_id)].map(([site, events]) => [
        site,
        countBy(events, ({ event_time }) => event_time.slice(0, 13)),
      ]),
    );
    expect(bySiteAndHour).toEqual(truth.bySiteAndHour);
    expect(countBy(unique, ({ event_name }) => event_name)).toEqual(truth.byName);
    expect(countBy(unique, (row) => (row.is_clock_suspect ? 'suspect' : row.event_time_source))).toEqual(
      truth.eventTimes,
    );
    expect(unique.filter(({ is_bot }) => is_bot).length).toBe(truth.bots);
  });

  test('has the same hour in every copy of an event', () => {
    const hours = new Map(unique.map(({ event_id, event_time }) => [event_id, event_time]));
    const moved = rows.filter(({ event_id, event_time }) => hours.get(event_id) !== event_time);
    expect(moved).toEqual([]);
  });

  test('has the truth’s visitors, users and sessions', () => {
    const distinct = (ids: readonly (string | undefined)[]) =>
      new Set(ids.filter((id) => id !== undefined)).size;
    expect(distinct(unique.map(({ visitor_id }) => visitor_id))).toBe(truth.visitors);
    expect(distinct(unique.map(({ user_id }) => user_id))).toBe(truth.users);
    expect(distinct(unique.map(({ session_id }) => session_id))).toBe(truth.sessions);
    expect(countSessions(unique)).toBe(truth.sessions);
  });

  test('has the truth’s funnel and revenue', () => {
    const isProductView = ({ event_name, properties = '{}' }: EventRow) =>
      event_name === 'page_view' && JSON.parse(properties).page_type === 'product';
    expect({
      productViews: sessionsWith(isProductView),
      addsToCart: sessionsWith(({ event_name }) => event_name === 'add_to_cart'),
      purchases: sessionsWith(({ event_name }) => event_name === 'purchase'),
    }).toEqual(truth.funnel);
    const purchases = unique.filter(({ event_name }) => event_name === 'purchase');
    expect(purchases.length).toBeGreaterThan(50);
    const revenue = Object.fromEntries(
      [...groupBy(purchases, ({ currency }) => String(currency))].map(([currency, paid]) => [
        currency,
        {
          purchases: paid.length,
          cents: paid.reduce((sum, { event_value }) => sum + Math.round(Number(event_value) * 100), 0),
        },
      ]),
    );
    expect(revenue).toEqual(truth.revenue);
    for (const { event_value, items = '[]' } of purchases) {
      const paid = JSON.parse(items).reduce(
        (sum: number, item: { price: number; quantity: number }) =>
          sum + Math.round(item.price * 100) * item.quantity,
        0,
      );
      expect(Math.round(Number(event_value) * 100)).toBe(paid);
    }
  });

  test('shows campaigns, referrers, devices and networks of many kinds', () => {
    const kinds = (column: keyof EventRow) =>
      Object.keys(
        countBy(unique, (row) => (row[column] === undefined ? undefined : String(row[column]))),
      ).sort();
    expect(kinds('referrer_medium')).toEqual(['ai', 'email', 'internal', 'other', 'search', 'social']);
    expect(kinds('device_class')).toEqual(['bot', 'desktop', 'mobile', 'tablet']);
    expect(kinds('platform')).toEqual(['app', 'web']);
    expect(kinds('click_network')).toEqual(['facebook', 'google', 'microsoft']);
    expect(kinds('utm_campaign')).toContain('autumn sale');
    expect(kinds('country').length).toBeGreaterThan(20);
    expect(kinds('ip_truncated').some((network) => network.startsWith('2001:db8:'))).toBe(true);
  });
});
