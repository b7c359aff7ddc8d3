import fc from 'fast-check';
import { sqlOf } from '../support/askQuestion';
import { dayOf, histories, type Visit, visitsOf } from '../support/visits';
import { type VisitWarehouse, visitWarehouse } from '../support/visitWarehouse';
import { periodOf, retentionReference } from './reference/retention';

let warehouse: VisitWarehouse;

beforeAll(async () => {
  warehouse = await visitWarehouse();
});

afterAll(() => warehouse.close());

const people = (visits: readonly Visit[]) => visits.filter(({ is_bot }) => !is_bot);

test('counts as filling every cell by hand does', async () => {
  const settings = fc.record({
    every: fc.constantFrom('day' as const, 'week' as const),
    periods: fc.integer({ min: 1, max: 8 }),
    channel: fc.constantFrom(undefined, 'Email'),
    from: fc.constantFrom(undefined, '2026-10-27'),
  });
  await fc.assert(
    fc.asyncProperty(histories(), settings, async (clicks, { every, periods, channel, from }) => {
      await warehouse.store(clicks);
      const visits = people(visitsOf(clicks));
      const isChosen = (first: Visit) =>
        (channel === undefined || first.channel === channel) &&
        (from === undefined || dayOf(first.startMillis) >= from);
      const expected = visits.length === 0 ? [] : retentionReference(visits, every, periods, isChosen);
      const cells = await warehouse.ask(
        sqlOf('retention', { every, periods: String(periods), channel, from }),
      );
      expect(cells.map(({ percent_back: _, ...cell }) => cell)).toEqual(expected);
      for (const { percent_back, visitors, cohort_visitors } of cells) {
        expect(percent_back).toBeCloseTo((100 * Number(visitors)) / Number(cohort_visitors), 1);
      }
    }),
    { numRuns: 12 },
  );
});

test('a trend counts sessions as adding them up by hand does, and its average the periods without any', async () => {
  const settings = fc.record({
    every: fc.constantFrom('day' as const, 'week' as const),
    average: fc.integer({ min: 1, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(histories(), settings, async (clicks, { every, average }) => {
      await warehouse.store(clicks);
      const counts = new Map<string, number>();
      for (const { startMillis } of people(visitsOf(clicks))) {
        const period = periodOf(startMillis, every);
        counts.set(period, (counts.get(period) ?? 0) + 1);
      }
      const [first = '', last = ''] = [[...counts.keys()].sort()[0], [...counts.keys()].sort().at(-1)];
      const periods: string[] = [];
      const step = every === 'day' ? 1 : 7;
      for (let day = first; day !== '' && day <= last; day = dayOf(Date.parse(day) + step * 86_400_000)) {
        periods.push(day);
      }
      const values = periods.map((period) => counts.get(period) ?? 0);
      const averages = values.map((_, index) => {
        const window = values.slice(Math.max(0, index + 1 - average), index + 1);
        return window.length < average ? null : window.reduce((sum, value) => sum + value, 0) / average;
      });
      const rows = await warehouse.ask(
        sqlOf('trend', { metric: 'sessions', every, 'moving-average': String(average) }),
      );
      expect(rows.map(({ period }) => String(period).slice(0, 10))).toEqual(periods);
      expect(rows.map(({ value }) => value)).toEqual(values);
      for (const [index, { moving_average }] of rows.entries()) {
        const expected = averages[index] ?? null;
        if (expected === null) expect(moving_average).toBeNull();
        else expect(moving_average).toBeCloseTo(expected, 1);
      }
    }),
    { numRuns: 12 },
  );
});
