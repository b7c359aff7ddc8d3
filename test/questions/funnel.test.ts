import fc from 'fast-check';
import { sqlOf } from '../support/askQuestion';
import { type Click, histories, visitsOf } from '../support/visits';
import { type VisitWarehouse, visitWarehouse } from '../support/visitWarehouse';
import { funnelReference } from './reference/funnel';

let warehouse: VisitWarehouse;

beforeAll(async () => {
  warehouse = await visitWarehouse();
});

afterAll(() => warehouse.close());

/** Steps as they are written, and what they mean. */
const STEPS: Readonly<Record<string, (click: Click) => boolean>> = {
  page_view: ({ event_name }) => event_name === 'page_view',
  'page_view:/product/*': ({ event_name, page_path }) =>
    event_name === 'page_view' && page_path.startsWith('/product/'),
  'page_view:/product/b_1': ({ event_name, page_path }) =>
    event_name === 'page_view' && page_path === '/product/b_1',
  'page_*:*b%1': ({ event_name, page_path }) => event_name.startsWith('page_') && page_path.endsWith('b%1'),
  add_to_cart: ({ event_name }) => event_name === 'add_to_cart',
  purchase: ({ event_name }) => event_name === 'purchase',
  'purchase?coupon=AUTUMN': ({ event_name, coupon }) => event_name === 'purchase' && coupon === 'AUTUMN',
  'page_view?coupon=7': ({ event_name, coupon }) => event_name === 'page_view' && coupon === 7,
};

async function funnelOf(values: Record<string, string>) {
  const rows = await warehouse.ask(sqlOf('funnel', { by: 'channel', ...values }));
  const counts = new Map<string, number[]>();
  for (const { dimension, visitors } of rows) {
    counts.set(String(dimension), [...(counts.get(String(dimension)) ?? []), Number(visitors)]);
  }
  return { rows, counts };
}

test('counts as going through every visitor by hand does', async () => {
  const settings = fc.record({
    steps: fc.array(fc.constantFrom(...Object.keys(STEPS)), { minLength: 2, maxLength: 4 }),
    within: fc.constantFrom('1s', '29m', '1h', '7d'),
    device: fc.constantFrom(undefined, undefined, 'mobile'),
    from: fc.constantFrom(undefined, '2026-10-26'),
    to: fc.constantFrom(undefined, '2026-10-27T05:00'),
  });
  const seconds: Record<string, number> = { '1s': 1, '29m': 1_740, '1h': 3_600, '7d': 604_800 };
  await fc.assert(
    fc.asyncProperty(histories(), settings, async (clicks, { steps, within, device, from, to }) => {
      await warehouse.store(clicks);
      const expected = funnelReference(clicks, visitsOf(clicks), {
        steps: steps.map((step) => STEPS[step] ?? (() => false)),
        withinSeconds: seconds[within] ?? 0,
        fromMillis: from === undefined ? 0 : Date.UTC(2026, 9, 26),
        toMillis: to === undefined ? Number.POSITIVE_INFINITY : Date.UTC(2026, 9, 27, 5),
        isChosen: (visit) => device === undefined || visit.device_class === device,
      });
      const values = { steps: steps.join(','), within, device, from, to };
      const given = Object.entries(values).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      expect((await funnelOf(Object.fromEntries(given))).counts).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});

/** A click of one visitor, `second` seconds in. */
function click(second: number, event_name: string, more: Partial<Click> = {}): Click {
  return {
    event_id: `${event_name}-${second}`,
    event_name,
    site_id: 'shop',
    visitor_id: 'ann',
    is_bot: false,
    millis: Date.UTC(2026, 10, 2, 12) + second * 1_000,
    page_path: '/',
    device_class: 'desktop',
    channel: 'Email',
    coupon: undefined,
    amount: 0,
    currency: 'EUR',
    ...more,
  };
}

test('tells rates from step to step, from the first, and the median time between', async () => {
  await warehouse.store([
    click(0, 'view'),
    click(10, 'buy'),
    click(0, 'view', { visitor_id: 'bob', event_id: 'b1' }),
    click(30, 'buy', { visitor_id: 'bob', event_id: 'b2' }),
    click(0, 'view', { visitor_id: 'cyd', event_id: 'c1' }),
    click(5, 'view', { visitor_id: 'dan', event_id: 'd1', channel: 'Direct' }),
  ]);
  expect(await warehouse.ask(sqlOf('funnel', { steps: 'view,buy' }))).toEqual([
    {
      dimension: 'all',
      step: 1,
      step_name: 'view',
      visitors: 4,
      percent_of_previous: null,
      percent_of_first: 100,
      median_seconds: null,
    },
    {
      dimension: 'all',
      step: 2,
      step_name: 'buy',
      visitors: 2,
      percent_of_previous: 50,
      percent_of_first: 50,
      median_seconds: 20,
    },
  ]);
  const { rows } = await funnelOf({ steps: 'view,buy', limit: '1' });
  expect(rows.map(({ dimension, visitors }) => [dimension, visitors])).toEqual([
    ['Email', 3],
    ['Email', 2],
  ]);
});

test('lets two steps fall on the same millisecond, but takes no event for two steps', async () => {
  await warehouse.store([click(0, 'view', { event_id: 'z' }), click(0, 'buy', { event_id: 'a' })]);
  expect((await funnelOf({ steps: 'view,buy' })).counts.get('Email')).toEqual([1, 1]);
  expect((await funnelOf({ steps: 'view,view' })).counts.get('Email')).toEqual([1, 0]);
});

test('a second entrance counts for nothing, whatever follows it', async () => {
  await warehouse.store([click(0, 'view'), click(3_600, 'view'), click(3_610, 'buy')]);
  expect((await funnelOf({ steps: 'view,buy', within: '1m' })).counts.get('Email')).toEqual([1, 0]);
});

test('an entrance without a session belongs to none', async () => {
  await warehouse.store([click(0, 'view'), click(1, 'buy')]);
  await warehouse.ask('DELETE FROM models.sessions');
  expect((await funnelOf({ steps: 'view,buy' })).counts).toEqual(new Map([['(none)', [1, 1]]]));
});
