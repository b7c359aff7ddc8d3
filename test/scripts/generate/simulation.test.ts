import fc from 'fast-check';
import { HOUR_MILLIS } from '../../../lib/contract/units';
import { DEFAULT_SETTINGS } from '../../../scripts/generate/settings';
import { PARTITIONS, Simulation } from '../../../scripts/generate/simulation/simulation';
import type { Truth } from '../../../scripts/generate/truth';
import { countBy, groupBy, simulate, smallSettings } from '../../support/simulations';

type Fields = Record<string, unknown>;

/** The lines that are whole JSON objects with an id: valid events and their copies. */
function parsed(lines: readonly string[]): Fields[] {
  return lines.flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return typeof value === 'object' && value !== null ? [value as Fields] : [];
    } catch {
      return [];
    }
  });
}

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);

const countBySite = ({ bySiteAndHour }: Truth) =>
  Object.fromEntries(Object.entries(bySiteAndHour).map(([site, hours]) => [site, sum(hours)]));

describe('a simulation', () => {
  test('gives the same lines and the same truth for the same settings', () => {
    expect(simulate(smallSettings())).toEqual(simulate(smallSettings()));
  });

  test('gives other events for another seed', () => {
    const one = simulate(smallSettings({ seed: 1 }));
    const other = simulate(smallSettings({ seed: 2 }));
    const shared = new Set(one.lines.filter((line) => line.length > 100));
    expect(other.lines.filter((line) => shared.has(line))).toEqual([]);
    expect(other.truth).not.toEqual(one.truth);
  });

  test('gives a partition the same events whoever else is simulated with it', () => {
    const settings = smallSettings();
    const alone = [...new Simulation(settings, [5]).slices()].map(([only]) => only);
    const together = [...new Simulation(settings).slices()].map((slice) => slice[5]);
    expect(alone).toEqual(together);
  });

  test('writes as many events as asked for, and its truth adds up, whatever the settings', () => {
    fc.assert(
      fc.property(
        fc.record({
          events: fc.integer({ min: 1, max: 800 }),
          sites: fc.integer({ min: 1, max: 400 }),
          days: fc.integer({ min: 1, max: 3 }),
          seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
          brokenPercent: fc.integer({ min: 0, max: 100 }),
          duplicatePercent: fc.integer({ min: 0, max: 100 }),
          brokenRecords: fc.boolean(),
        }),
        (changes) => {
          const { lines, records, truth } = simulate({ ...DEFAULT_SETTINGS, ...changes });
          const companions = records.filter(({ companion }) => companion !== undefined).length;
          expect(lines.length + records.length + companions).toBe(changes.events);
          expect(truth.events).toBe(changes.events);
          expect(truth.valid + truth.duplicates + truth.rejected).toBe(changes.events);
          expect(sum(truth.byName)).toBe(truth.valid);
          expect(Object.keys(truth.bySiteAndHour).length).toBeLessThanOrEqual(changes.sites);
          expect(sum(countBySite(truth))).toBe(truth.valid);
          expect(sum(truth.rejectedByReason)).toBe(truth.rejected);
          const { device, corrected, suspect } = truth.eventTimes;
          expect(device + corrected + suspect).toBe(truth.valid);
          expect(truth.funnel.addsToCart).toBeLessThanOrEqual(truth.funnel.productViews);
          expect(truth.funnel.purchases).toBeLessThanOrEqual(truth.funnel.addsToCart);
          expect(lines.filter((line) => line.includes('\n') || line.trim() === '')).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('has nothing broken and nothing twice when told so', () => {
    const { lines, truth } = simulate(smallSettings({ brokenPercent: 0, duplicatePercent: 0 }));
    expect(truth).toMatchObject({ valid: 4_000, duplicates: 0, rejected: 0, rejectedByReason: {} });
    expect(new Set(lines).size).toBe(4_000);
  });

  test('breaks and repeats as many events as asked for', () => {
    const { truth } = simulate(smallSettings({ events: 30_000, brokenPercent: 5, duplicatePercent: 20 }));
    expect(truth.rejected / truth.events).toBeCloseTo(0.05, 2);
    expect(truth.duplicates / truth.valid).toBeCloseTo(0.2, 1);
  });
});

describe('simulated traffic', () => {
  const { lines } = simulate(
    smallSettings({ events: 30_000, sites: 300, days: 4, brokenPercent: 0, duplicatePercent: 4 }),
  );
  const events = parsed(lines);
  const time = (event: Fields, name: string) => new Date(event[name] as string | number).getTime();

  test('comes to few sites mostly, and to many seldom', () => {
    const bySite = Object.values(countBy(events, ({ site_id }) => String(site_id))).sort((a, b) => b - a);
    expect(bySite.length).toBeGreaterThan(200);
    expect((bySite[0] ?? 0) / events.length).toBeGreaterThan(0.1);
    expect(sum(Object.fromEntries(bySite.slice(0, 10).entries())) / events.length).toBeGreaterThan(0.35);
  });

  test('rises and falls with the hour of the day at the visitor’s place', () => {
    const berlin = events.filter(({ time_zone }) => time_zone === 'Europe/Berlin');
    const byHour = countBy(berlin, (event) =>
      new Date(time(event, 'received_at')).toISOString().slice(11, 13),
    );
    const evening = (byHour['18'] ?? 0) + (byHour['19'] ?? 0) + (byHour['20'] ?? 0);
    const night = (byHour['01'] ?? 0) + (byHour['02'] ?? 0) + (byHour['03'] ?? 0);
    expect(evening).toBeGreaterThan(3 * night);
  });

  test('is in order of slices, and not in order within them', () => {
    const received = events.map((event) => time(event, 'received_at'));
    const backwards = received.filter((millis, index) => millis < (received[index - 1] ?? 0)).length;
    expect(backwards).toBeGreaterThan(1_000);
    expect(received.at(-1)).toBeGreaterThan((received[0] ?? 0) + 3.5 * 24 * HOUR_MILLIS);
  });

  test('has events of devices that were offline for hours, and of devices whose clocks are off', () => {
    const tracked = events.filter(({ sent_at }) => sent_at !== undefined);
    const waited = tracked.map((event) => time(event, 'sent_at') - time(event, 'occurred_at'));
    const skews = tracked.map((event) => Math.abs(time(event, 'sent_at') - time(event, 'received_at')));
    expect(Math.min(...waited)).toBeGreaterThan(0);
    expect(waited.filter((millis) => millis > HOUR_MILLIS).length).toBeGreaterThan(100);
    expect(skews.filter((millis) => millis > 60_000 && millis < 11 * HOUR_MILLIS).length).toBeGreaterThan(
      1_000,
    );
    expect(skews.filter((millis) => millis > 365 * 24 * HOUR_MILLIS).length).toBeGreaterThan(100);
    expect(skews.filter((millis) => millis <= 1_000).length).toBeGreaterThan(20_000);
  });

  test('repeats events as they were, or as the device sends them again, seconds and hours later', () => {
    const copies = [...groupBy(events, ({ event_id }) => String(event_id ?? '')).values()].flatMap(
      ([one, other, ...more]) => (one && other && more.length === 0 ? [[one, other] as const] : []),
    );
    const gaps = copies.map(([one, other]) =>
      Math.abs(time(one, 'received_at') - time(other, 'received_at')),
    );
    expect(gaps.filter((millis) => millis === 0).length).toBeGreaterThan(100);
    expect(gaps.filter((millis) => millis > 0 && millis < 120_000).length).toBeGreaterThan(100);
    expect(gaps.filter((millis) => millis > HOUR_MILLIS).length).toBeGreaterThan(20);
    // The warehouse looks back six hours at least.
    expect(Math.max(...gaps)).toBeLessThanOrEqual(4 * HOUR_MILLIS);
    for (const [one, other] of copies) expect(one.occurred_at).toBe(other.occurred_at);
  });

  test('has users on more than one device, and nobody on more than one site', () => {
    const visitorsByUser = new Map<unknown, Set<unknown>>();
    const sitesByVisitor = new Map<unknown, Set<unknown>>();
    for (const { user_id, visitor_id, site_id } of events) {
      if (user_id !== undefined) {
        visitorsByUser.set(user_id, (visitorsByUser.get(user_id) ?? new Set()).add(visitor_id));
      }
      if (visitor_id !== undefined) {
        sitesByVisitor.set(visitor_id, (sitesByVisitor.get(visitor_id) ?? new Set()).add(site_id));
      }
    }
    expect([...visitorsByUser.values()].filter(({ size }) => size === 2).length).toBeGreaterThan(5);
    expect([...sitesByVisitor.values()].filter(({ size }) => size !== 1)).toEqual([]);
  });

  test('has bots, which keep no visitor id and give no event id', () => {
    const bots = events.filter(({ event_id }) => event_id === undefined);
    expect(bots.length / events.length).toBeGreaterThan(0.03);
    expect(bots.filter(({ visitor_id }) => visitor_id !== undefined)).toEqual([]);
    expect(new Set(bots.map(({ request_id }) => request_id)).size).toBe(bots.length);
  });
});

test('a simulation has as many partitions as there may be processes', () => {
  expect([...new Simulation(smallSettings({ events: 100 })).slices()][0]).toHaveLength(PARTITIONS);
});
