/** The models of simulated traffic against what the simulation knows of it. */
import { USUAL_ANALYSIS } from '../../lib/config/analysis';
import type { EventRow } from '../../lib/event/columns';
import { ModelWarehouse } from '../support/modelWarehouse';
import { simulate, smallSettings, transformed, uniqueRows } from '../support/simulations';
import type { ModelEvent } from './reference';

const LOADS = 3;

it('sessions, visitors, purchases and revenue are those of the simulated visits, load after load', async () => {
  const { lines, truth } = simulate(smallSettings({ events: 1_500, sites: 3, brokenPercent: 0 }));
  const events = uniqueRows(transformed(lines).rows).map(modelEvent);
  const warehouse = await ModelWarehouse.open();
  try {
    const perLoad = Math.ceil(events.length / LOADS);
    for (let load = 0; load < LOADS; load++) {
      await warehouse.load(events.slice(load * perLoad, (load + 1) * perLoad));
      await warehouse.follow({ ...USUAL_ANALYSIS, lookBackDays: 30 });
    }
    const ask = async (sql: string) => (await warehouse.warehouse.query(sql)).rows ?? [];
    const [totals] = await ask(`SELECT COUNT(*), SUM(CASE WHEN add_to_cart_count > 0 THEN 1 ELSE 0 END),
      SUM(CASE WHEN purchase_count > 0 THEN 1 ELSE 0 END) FROM analysis.sessions`);
    expect(totals?.map(Number)).toEqual([truth.sessions, truth.funnel.addsToCart, truth.funnel.purchases]);
    const revenue = await ask(`SELECT currency, SUM(purchase_count), SUM(revenue) FROM analysis.sessions
      WHERE purchase_count > 0 GROUP BY 1`);
    expect(truth.funnel.purchases).toBeGreaterThan(5);
    expect(
      Object.fromEntries(
        revenue.map(([currency, purchases, paid]) => [
          currency,
          { purchases: Number(purchases), cents: Math.round(Number(paid) * 100) },
        ]),
      ),
    ).toEqual(truth.revenue);
    const [visitors] = await ask(
      `SELECT COUNT(*), SUM(session_count), SUM(purchase_count) FROM analysis.visitors`,
    );
    const purchases = Object.values(truth.revenue).reduce((sum, one) => sum + one.purchases, 0);
    expect(visitors?.map(Number)).toEqual([truth.visitors, truth.sessions, purchases]);
    const daily = await ask(
      `SELECT event_name, SUM(event_count) FROM analysis.events_daily_with_bots GROUP BY 1`,
    );
    expect(Object.fromEntries(daily.map(([name, count]) => [name, Number(count)]))).toEqual(truth.byName);
    const [users] = await ask(`SELECT COUNT(DISTINCT user_id) FROM analysis.visitors`);
    expect(Number(users?.[0])).toBe(truth.users);
  } finally {
    await warehouse.close();
  }
});

function modelEvent(row: EventRow): ModelEvent {
  const millis = (time: string) => Date.parse(`${time.replace(' ', 'T')}Z`);
  return {
    eventId: row.event_id,
    eventName: row.event_name,
    siteId: row.site_id,
    visitorId: row.visitor_id ?? null,
    isBot: row.is_bot,
    eventTime: millis(row.event_time),
    receivedAt: millis(row.received_at),
    userId: row.user_id ?? null,
    pagePath: row.page_path ?? null,
    utmSource: row.utm_source ?? null,
    utmMedium: row.utm_medium ?? null,
    utmCampaign: row.utm_campaign ?? null,
    clickNetwork: row.click_network ?? null,
    referrerMedium: row.referrer_medium ?? null,
    referrerHost: row.referrer_host ?? null,
    deviceClass: row.device_class ?? null,
    country: row.country ?? null,
    cents: row.event_value === undefined ? null : Math.round(row.event_value * 100),
    currency: row.currency ?? null,
    scrollPercent: null,
  };
}
