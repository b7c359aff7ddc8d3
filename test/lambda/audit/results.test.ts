import type { AuditRow } from '../../../lambda/audit/reconcile';
import { resultBatches } from '../../../lambda/audit/results';
import { HOUR_MILLIS } from '../../../lib/contract/units';

const HOUR = Date.parse('2026-03-01T12:00:00.000Z');

const row = (hour: number, siteId: string): AuditRow => ({
  hour,
  siteId,
  accepted: 10,
  rejected: 1,
  loaded: 7,
  rowsNew: 6,
  duplicates: 1,
  notLoaded: 1,
  quarantined: 1,
  difference: 1,
  explanation: 'errors/ holds 1 object of this hour',
});

describe('the statements that write down an audit', () => {
  it('replace the rows of its hours in one transaction', () => {
    const [statements, ...others] = resultBatches([HOUR, HOUR + HOUR_MILLIS], [row(HOUR, "it's")], HOUR);
    expect(others).toEqual([]);
    expect(statements?.[0]).toBe(
      "DELETE FROM ops.audits WHERE arrived_hour IN ('2026-03-01 12:00:00.000', '2026-03-01 13:00:00.000')",
    );
    expect(statements?.[1]).toContain(
      "('2026-03-01 12:00:00.000', 'it''s', 10, 1, 7, 6, 1, 1, 1, 1, 'errors/ holds 1 object of this hour', " +
        "'2026-03-01 12:00:00.000')",
    );
  });

  it('stay within the Data API with hundreds of sites over a day, and tear no hour apart', () => {
    const hours = Array.from({ length: 26 }, (_, index) => HOUR + index * HOUR_MILLIS);
    const sites = Array.from({ length: 1_000 }, (_, index) => `${index}`.padStart(64, "'"));
    const rows = hours.flatMap((hour) => sites.map((site) => row(hour, site)));
    const batches = resultBatches(hours, rows, HOUR);
    expect(batches.length).toBeGreaterThan(1);
    for (const statements of batches) {
      expect(statements.length).toBeLessThanOrEqual(40);
      for (const sql of statements) expect(Buffer.byteLength(sql)).toBeLessThanOrEqual(100_000);
      const deleted = statements[0]?.split("'2026").length ?? 0;
      const inserted = statements.slice(1).join('').split('errors/ holds').length - 1;
      expect(inserted).toBe((deleted - 1) * sites.length);
    }
  });

  it('refuse an hour with more sites than one transaction takes', () => {
    const rows = Array.from({ length: 40_000 }, (_, index) => row(HOUR, `${index}`));
    expect(() => resultBatches([HOUR], rows, HOUR)).toThrow(/^40000 rows of one hour take \d+ statements/);
  });
});
