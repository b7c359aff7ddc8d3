/** Channels, referrers, campaigns, pages, paths and revenue against plain counting. */
import fc from 'fast-check';
import { sqlOf } from '../support/askQuestion';
import { histories, pageViews, type Visit, visitsOf } from '../support/visits';
import { type VisitWarehouse, visitWarehouse } from '../support/visitWarehouse';

let warehouse: VisitWarehouse;

beforeAll(async () => {
  warehouse = await visitWarehouse();
});

afterAll(() => warehouse.close());

const RUNS = { numRuns: 6 };
const people = (visits: readonly Visit[]) => visits.filter(({ is_bot }) => !is_bot);
const who = ({ site_id, visitor_id }: Visit) => `${site_id} ${visitor_id}`;
const purchases = (visits: readonly Visit[]) =>
  visits.flatMap(({ clicks }) => clicks.filter(({ event_name }) => event_name === 'purchase'));

function groupsBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

test('channels count sessions, visitors and buyers, with bots only when asked to', async () => {
  await fc.assert(
    fc.asyncProperty(
      histories(),
      fc.constantFrom('exclude', 'include', 'only'),
      fc.constantFrom(undefined, 'shop', 'shop,blog'),
      async (clicks, bots, site) => {
        await warehouse.store(clicks);
        const meant = visitsOf(clicks).filter(
          ({ is_bot, site_id }) =>
            (bots === 'include' || is_bot === (bots === 'only')) &&
            (site === undefined || site.includes(site_id)),
        );
        const expected = [...groupsBy(meant, ({ channel }) => channel)].map(([channel, visits]) => {
          const buyers = visits.filter((visit) => purchases([visit]).length > 0);
          return {
            channel,
            sessions: visits.length,
            visitors: new Set(visits.map(who)).size,
            buyers: new Set(buyers.map(who)).size,
            purchases: purchases(visits).length,
          };
        });
        const rows = await warehouse.ask(sqlOf('channels', { bots, site }));
        const found = rows.map(({ channel, sessions, visitors, buyers, purchases }) => ({
          channel,
          sessions,
          visitors,
          buyers,
          purchases,
        }));
        expect(new Set(found)).toEqual(new Set(expected));
      },
    ),
    RUNS,
  );
});

test('revenue keeps currencies apart and adds up to what was paid', async () => {
  await fc.assert(
    fc.asyncProperty(histories(), fc.constantFrom('day', 'week', 'channel', 'none'), async (clicks, by) => {
      await warehouse.store(clicks);
      const paid = purchases(people(visitsOf(clicks)));
      const rows = await warehouse.ask(sqlOf('revenue', { by }));
      const sum = (name: string) => rows.reduce((total, row) => total + Number(row[name]), 0);
      expect(sum('purchases')).toBe(paid.length);
      expect(sum('revenue')).toBeCloseTo(
        paid.reduce((total, { amount }) => total + amount, 0),
        2,
      );
      const known = rows.filter(({ currency }) => currency === 'USD');
      const usd = people(visitsOf(clicks))
        .map((visit) => purchases([visit]))
        .filter((bought) => bought.length > 0 && bought.every(({ currency }) => currency === 'USD'));
      expect(known.reduce((total, row) => total + Number(row.purchases), 0)).toBe(usd.flat().length);
    }),
    RUNS,
  );
});

test('channels list revenue by currency, to the hundredth', async () => {
  const [history = []] = fc.sample(histories(), { numRuns: 1, seed: 3 });
  const [any] = history;
  if (any === undefined) throw new Error('The sample is empty');
  const purchase = { ...any, event_name: 'purchase', is_bot: false, channel: 'Email' };
  await warehouse.store([
    { ...purchase, event_id: '1', visitor_id: 'a', amount: 79.9, currency: 'EUR' },
    { ...purchase, event_id: '2', visitor_id: 'b', amount: 0.1, currency: 'EUR' },
    { ...purchase, event_id: '3', visitor_id: 'c', amount: 12, currency: 'USD' },
    { ...purchase, event_id: '4', visitor_id: 'd', event_name: 'page_view' },
  ]);
  expect(await warehouse.ask(sqlOf('channels'))).toMatchObject([
    { channel: 'Email', sessions: 4, buyers: 3, buyer_percent: 75, revenue: 'EUR 80.00, USD 12.00' },
  ]);
  expect(await warehouse.ask(sqlOf('referrers'))).toEqual([]);
  expect(await warehouse.ask(sqlOf('campaigns'))).toEqual([]);
});

test('pages count views, visitors, entries and exits', async () => {
  await fc.assert(
    fc.asyncProperty(histories(), async (clicks) => {
      await warehouse.store(clicks);
      const views = people(visitsOf(clicks)).flatMap((visit) =>
        pageViews(visit).map((view, index, all) => ({
          ...view,
          isEntry: index === 0,
          isExit: index === all.length - 1,
        })),
      );
      const groups = groupsBy(views, ({ site_id, page_path }) => JSON.stringify([site_id, page_path]));
      const expected = [...groups].map(([key, group]) => ({
        key,
        page_views: group.length,
        visitors: new Set(group.map(({ visitor_id }) => visitor_id)).size,
        entries: group.filter(({ isEntry }) => isEntry).length,
        exits: group.filter(({ isExit }) => isExit).length,
      }));
      const rows = await warehouse.ask(sqlOf('pages', { limit: '100' }));
      const found = rows.map(({ site_id, page, page_views, visitors, entries, exits }) => ({
        key: JSON.stringify([site_id, page]),
        page_views,
        visitors,
        entries,
        exits,
      }));
      expect(new Set(found)).toEqual(new Set(expected));
      expect(found.map(({ page_views }) => page_views)).toEqual(
        expected.map(({ page_views }) => page_views).sort((one, other) => other - one),
      );
    }),
    RUNS,
  );
});

const minuteText = (millis: number) => new Date(millis).toISOString().slice(0, 16);

test('paths follow sessions page by page, reloads left out, from pages in the period and beyond its edges', async () => {
  const settings = fc.record({
    page: fc.constantFrom('/', '/product/*', '/product/b_1'),
    direction: fc.constantFrom('next', 'previous'),
    depth: fc.integer({ min: 1, max: 3 }),
    // Clicks at whose times the period begins and ends.
    edges: fc.option(fc.tuple(fc.nat(), fc.nat()), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(histories(), settings, async (clicks, { page, direction, depth, edges }) => {
      const times = edges?.map((edge) => clicks[edge % clicks.length]?.millis ?? 0) ?? [0, 2 ** 42];
      const [from, to] = [Math.min(...times), Math.max(...times) + 60_000];
      await warehouse.store(clicks);
      const [separator, end] = direction === 'next' ? [' > ', '(end)'] : [' < ', '(begin)'];
      const paths = people(visitsOf(clicks)).flatMap((visit) => {
        const pages = pageViews(visit).filter(
          ({ page_path }, index, all) => page_path !== all[index - 1]?.page_path,
        );
        if (direction === 'previous') pages.reverse();
        return pages.flatMap(({ page_path: path, millis }, index) => {
          const isPage = page.endsWith('*') ? path.startsWith(page.slice(0, -1)) : path === page;
          const fits = isPage && millis >= from && millis < to;
          const following = pages.slice(index, index + depth + 1).map(({ page_path }) => page_path);
          const way = [...following, end].slice(0, depth + 1);
          return fits ? [way.join(separator)] : [];
        });
      });
      const expected = new Map(
        [...groupsBy(paths, (path) => path)].map(([path, times]) => [path, times.length]),
      );
      const rows = await warehouse.ask(
        sqlOf('paths', {
          page,
          direction,
          depth: String(depth),
          limit: '1000',
          ...(edges === undefined ? {} : { from: minuteText(from), to: minuteText(to) }),
        }),
      );
      expect(new Map(rows.map(({ path, times }) => [path, times]))).toEqual(expected);
    }),
    RUNS,
  );
});
