import fc from 'fast-check';
import { sqlOf } from '../support/askQuestion';
import { histories, visitsOf } from '../support/visits';
import { type VisitWarehouse, visitWarehouse } from '../support/visitWarehouse';
import { attributionReference, type Model, shares } from './reference/attribution';

let warehouse: VisitWarehouse;

beforeAll(async () => {
  warehouse = await visitWarehouse();
});

afterAll(() => warehouse.close());

const MODELS: readonly Model[] = ['first_touch', 'last_touch', 'linear', 'position_based', 'time_decay'];

test('the reference’s own shares are those of the textbook', () => {
  expect(shares('position_based', [4, 3, 2, 1], 1)).toEqual([0.4, 0.1, 0.1, 0.4]);
  expect(shares('position_based', [2, 1], 1)).toEqual([0.5, 0.5]);
  expect(shares('time_decay', [14, 7], 7)).toEqual([1 / 3, 2 / 3]);
  expect(shares('linear', [9, 5, 1, 0], 1)).toEqual([0.25, 0.25, 0.25, 0.25]);
});

test('shares purchases out as doing it one after another does, and they add up to what was bought', async () => {
  const settings = fc.record({
    model: fc.constantFrom(...MODELS),
    window: fc.constantFrom('1h', '2d', '30d'),
    'half-life': fc.constantFrom('1s', '12h', '7d'),
  });
  const seconds: Record<string, number> = {
    '1s': 1,
    '1h': 3_600,
    '12h': 43_200,
    '2d': 172_800,
    '7d': 604_800,
  };
  await fc.assert(
    fc.asyncProperty(histories(), settings, async (clicks, values) => {
      await warehouse.store(clicks);
      const expected = attributionReference(
        clicks,
        visitsOf(clicks),
        values.model,
        seconds[values.window] ?? 2_592_000,
        seconds[values['half-life']] ?? 0,
      );
      const rows = await warehouse.ask(sqlOf('attribution', values));
      expect(new Set(rows.map(({ touch, currency }) => `${touch} ${currency}`))).toEqual(
        new Set(expected.keys()),
      );
      for (const { touch, currency, purchases, revenue } of rows) {
        const earned = expected.get(`${touch} ${currency}`);
        expect(purchases).toBeCloseTo(earned?.purchases ?? Number.NaN, 3);
        expect(revenue).toBeCloseTo(earned?.revenue ?? Number.NaN, 1);
      }
      const bought = clicks.filter(({ event_name, is_bot }) => event_name === 'purchase' && !is_bot);
      const total = rows.reduce((sum, { purchases }) => sum + Number(purchases), 0);
      expect(total).toBeCloseTo(bought.length, 2);
    }),
    { numRuns: 20 },
  );
});

test('a purchase that no session leads to is not lost', async () => {
  const [clicks = []] = fc.sample(histories(), { numRuns: 1, seed: 1 });
  await warehouse.store(clicks);
  await warehouse.ask('DELETE FROM models.sessions');
  const bought = clicks.filter(({ event_name, is_bot }) => event_name === 'purchase' && !is_bot).length;
  expect(bought).toBeGreaterThan(0);
  for (const model of MODELS) {
    const rows = await warehouse.ask(sqlOf('attribution', { model }));
    expect(new Set(rows.map(({ touch }) => touch))).toEqual(new Set(['(no session)']));
    expect(rows.reduce((sum, { purchases }) => sum + Number(purchases), 0)).toBe(bought);
  }
});

test('the session a purchase is made in is a touch, however long it has lasted', async () => {
  const [[any] = []] = fc.sample(histories(), { numRuns: 1, seed: 2 });
  if (any === undefined) throw new Error('The sample is empty');
  const minutes = (count: number) => ({ millis: any.millis + count * 60_000, event_id: `at-${count}` });
  const click = { ...any, is_bot: false, channel: 'Email' };
  await warehouse.store([
    ...[0, 25, 50].map((count) => ({ ...click, event_name: 'page_view', ...minutes(count) })),
    { ...click, event_name: 'purchase', ...minutes(75) },
  ]);
  expect(await warehouse.ask(sqlOf('attribution', { window: '1h' }))).toMatchObject([
    { touch: 'Email', purchases: 1 },
  ]);
});
