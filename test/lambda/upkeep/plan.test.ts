/** Which slices of events are closed and dropped, and when. */

import fc from 'fast-check';
import { modelCutoffMillis, planSlices, type Slice } from '../../../lambda/upkeep/plan';
import { DAY_MILLIS } from '../../../lib/contract/units';
import { sliceDaysFor } from '../../../lib/warehouse/slices';

const NOW = Date.parse('2026-11-22T10:30:00.000Z');
const SETTINGS = { sliceDays: 5, retentionDays: 30, modelRetentionDays: 400 };

/** A slice by its ages in days. */
const slice = (name: string, openedDaysAgo: number, closedDaysAgo?: number): Slice => ({
  name,
  openedAtMillis: NOW - openedDaysAgo * DAY_MILLIS,
  closedAtMillis: closedDaysAgo === undefined ? undefined : NOW - closedDaysAgo * DAY_MILLIS,
});

it('closes the current slice when it is old enough, not a moment sooner', () => {
  expect(planSlices([slice('events', 5)], SETTINGS, NOW).closeCurrent).toBe(true);
  expect(planSlices([slice('events', 5)], SETTINGS, NOW - 1).closeCurrent).toBe(false);
});

it('drops closed slices by the time of their last load, oldest first', () => {
  const slices = [slice('events', 1), slice('b', 40, 31), slice('c', 36, 29), slice('a', 50, 40)];
  expect(planSlices(slices, SETTINGS, NOW).drop).toEqual(['a', 'b']);
});

it('drops no more at once than one transaction takes', () => {
  const many = Array.from({ length: 60 }, (_, n) => slice(`s${n}`, 400 - n, 399 - n));
  const { drop } = planSlices([slice('events', 1), ...many], SETTINGS, NOW);
  expect(drop).toEqual(many.slice(0, 20).map(({ name }) => name));
});

it.each([
  ['no slice is open', [slice('a', 9, 8)], 'has 0 slices that are not closed'],
  ['two are', [slice('a', 9), slice('b', 8)], 'has 2 slices that are not closed'],
])('says so when %s', (_what, slices, message) => {
  expect(() => planSlices(slices, SETTINGS, NOW)).toThrow(message);
});

it('never drops an event that was loaded within the retention', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 800 }),
      fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 20 }),
      (retentionDays, ages) => {
        const slices = [slice('events', 0), ...ages.map((age, n) => slice(`s${n}`, age + 1, age))];
        const { drop } = planSlices(slices, { ...SETTINGS, retentionDays }, NOW);
        for (const name of drop) expect(ages[Number(name.slice(1))]).toBeGreaterThanOrEqual(retentionDays);
      },
    ),
  );
});

it.each([
  [1, 1],
  [5, 1],
  [30, 5],
  [90, 15],
  [400, 31],
])('divides a retention of %i days into slices of %i', (retentionDays, days) => {
  expect(sliceDaysFor(retentionDays)).toBe(days);
});

it('drops page views by whole days in UTC', () => {
  const cutoff = modelCutoffMillis({ ...SETTINGS, modelRetentionDays: 2 }, NOW);
  expect(new Date(cutoff).toISOString()).toBe('2026-11-20T00:00:00.000Z');
});
