import { SAMPLE_SOURCE, sampleLines } from '../../local/sample';
import { BROKEN_LINES, ODD_LINES } from '../../local/sample/broken';
import { sampleTruth } from '../support/sampleTruth';

const lines = [...sampleLines()];
const truth = sampleTruth(lines);
/** Events as the collectors wrote them, read without the pipeline. */
const events = lines.flatMap((line): Record<string, unknown>[] => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'event_id' in value && 'received_at' in value
      ? [{ ...value }]
      : [];
  } catch {
    return [];
  }
});

function timeOf(value: unknown): number {
  return typeof value === 'number' ? value : Date.parse(String(value));
}

describe('the built-in sample', () => {
  test('is the same every time', () => {
    expect([...sampleLines()]).toEqual(lines);
    expect(SAMPLE_SOURCE).toBe('sample.ndjson');
  });

  test('has a few thousand lines, every one a row, rejected or blank', () => {
    const rejected = Object.values(truth.rejected).reduce((sum, count) => sum + count, 0);
    expect(truth.lines).toBeGreaterThan(3_000);
    expect(truth.lines).toBeLessThan(6_000);
    expect(truth.blank).toBe(3);
    expect(truth.rows + rejected + truth.blank).toBe(truth.lines);
  });

  test('holds broken lines of every kind, each counted under the reason it is filed under', () => {
    const filed = Object.fromEntries(
      Object.entries(BROKEN_LINES).map(([reason, kind]) => [reason, kind.length]),
    );
    expect(truth.rejected).toEqual(filed);
    expect(sampleTruth(ODD_LINES)).toMatchObject({ rows: ODD_LINES.length, rejected: {} });
  });

  test('holds no line break inside a line', () => {
    expect(lines.filter((line) => /[\n\r]/.test(line))).toEqual([]);
  });

  test('holds duplicates, late events, wrong clocks, bots, log-ins, carts and purchases', () => {
    expect(truth.rows - truth.uniqueRows).toBeGreaterThan(30);
    expect(truth.purchases).toBeGreaterThan(30);
    const hours = (event: Record<string, unknown>) =>
      (timeOf(event.received_at) - timeOf(event.occurred_at)) / 3_600_000;
    expect(events.filter((event) => hours(event) > 1.5 && hours(event) < 24).length).toBeGreaterThan(30);
    expect(events.filter((event) => Math.abs(hours(event)) > 24 * 365).length).toBeGreaterThan(20);
    expect(lines.filter((line) => /bot\/|Spider|curl\//.test(line)).length).toBeGreaterThan(100);
    expect(events.filter((event) => event.user_id !== undefined).length).toBeGreaterThan(100);
    expect(events.filter((event) => event.event_name === 'add_to_cart').length).toBeGreaterThan(100);
    expect(lines.filter((line) => line.includes('utm_campaign=')).length).toBeGreaterThan(50);
  });

  test('was received on the first three days of November 2026, so that a later import is a second one', () => {
    const days = new Set(
      events.map((event) => new Date(timeOf(event.received_at)).toISOString().slice(0, 10)),
    );
    expect([...days].sort()).toEqual(['2026-11-01', '2026-11-02', '2026-11-03']);
  });

  test('uses no address and no host of anybody', () => {
    for (const { ip = '' } of events) {
      expect(ip).toMatch(/^$|^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$|^2001:db8:/);
    }
    const hosts = events.flatMap(({ page_url }) => /^https:\/\/([^/]+)/.exec(String(page_url))?.[1] ?? []);
    expect(new Set(hosts)).toEqual(
      new Set(['www.trail-and-tent.example', 'paper-lantern.example', 'copper-kettle.example']),
    );
  });
});
