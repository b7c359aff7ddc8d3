import { checks, type PipelineCounts, violations } from '../../../local/run/counts';
import { noLoads } from '../../../local/run/loading';
import { isSound, reportText, runReport } from '../../../local/run/report';
import type { SendSummary } from '../../../scripts/send/sendFiles';

const sent: SendSummary = {
  isDryRun: false,
  sources: [],
  lines: 110,
  blank: 3,
  unparsable: 7,
  events: 100,
  eventsSent: 100,
  eventsUnsent: 0,
  packs: 4,
  bytes: 1_000,
  expandedBytes: 10_000,
  throttledPacks: 0,
  firstUnsent: [],
  unsentFile: undefined,
};

const delivery = (recordsIn: number, rowsDelivered: number) => ({
  recordsIn,
  bytesIn: 1_000,
  recordsDropped: 0,
  recordsFailed: { 'processing-failed': 0, 'format-conversion-failed': 0 },
  rowsDelivered,
  objects: 1,
});

const counts: PipelineCounts = {
  transform: {
    recordsIn: 5,
    eventsIn: 120,
    rows: 95,
    rejected: 5,
    rejectedByReason: { not_json: 5 },
    putBack: 20,
    bots: 9,
  },
  delivery: delivery(5, 95),
  rejectedDelivery: delivery(6, 6),
  rejectedTaken: 5,
  loads: { ...noLoads(), objectsLoaded: 1, batchesLoaded: 1, rowsStaged: 95, rowsNew: 90, rowsDuplicate: 5 },
  notificationsWaiting: 0,
  notificationsDead: 0,
};
const warehouse = { rowsBefore: 1_000, rowsAfter: 1_090 };

const broken = (change: Partial<PipelineCounts>, sentChange: Partial<SendSummary> = {}, rowsAfter = 1_090) =>
  violations(checks({ ...sent, ...sentChange }, { ...counts, ...change }, { ...warehouse, rowsAfter })).map(
    ({ says }) => says,
  );

describe('the account of a run', () => {
  it('holds when every stage hands on what it was given', () => {
    expect(broken({})).toEqual([]);
  });

  it.each<[string, Partial<PipelineCounts>, Partial<SendSummary>, number, string[]]>([
    ['a line', {}, { lines: 111 }, 1_090, ['lines read = events + unparsable + blank']],
    [
      'an event not sent',
      {},
      { eventsSent: 99 },
      1_090,
      ['events = events sent', 'events sent + put back = events transformed'],
    ],
    ['a record', { delivery: delivery(6, 95) }, {}, 1_090, ['records delivered = records transformed']],
    [
      'an event in the transform',
      { transform: { ...counts.transform, rejected: 4 } },
      {},
      1_090,
      ['events transformed = rows + rejected + put back', 'rejected = rejected events taken by Firehose'],
    ],
    ['a rejected event', { rejectedTaken: 4 }, {}, 1_090, ['rejected = rejected events taken by Firehose']],
    [
      'a row on its way to the lake',
      { delivery: delivery(5, 94) },
      {},
      1_090,
      ['rows = rows in the lake', 'rows in the lake = rows loaded + quarantined'],
    ],
    [
      'a rejected record',
      { rejectedDelivery: delivery(6, 5) },
      {},
      1_090,
      ['rejected records taken = rejected records in the lake'],
    ],
    ['a row in the warehouse', {}, {}, 1_089, ['rows in the warehouse = before + new']],
    ['an object', { notificationsWaiting: 1 }, {}, 1_090, ['notifications left or given up']],
    ['a given-up object', { notificationsDead: 1 }, {}, 1_090, ['notifications left or given up']],
  ])('does not hold when it loses %s', (_what, change, sentChange, rowsAfter, says) => {
    expect(broken(change, sentChange, rowsAfter)).toEqual(says);
  });

  it('counts rows in quarantine among those that reached the lake', () => {
    const loads = { ...counts.loads, rowsStaged: 90, rowsNew: 85, objectsQuarantined: 1, rowsQuarantined: 5 };
    expect(broken({ loads }, {}, 1_085)).toEqual([]);
    expect(broken({ loads: { ...loads, rowsQuarantined: 4 } }, {}, 1_085)).toEqual([
      'rows in the lake = rows loaded + quarantined',
    ]);
  });

  it('does not hold when Firehose failed a record', () => {
    const failed = {
      ...counts.delivery,
      recordsFailed: { 'processing-failed': 2, 'format-conversion-failed': 0 },
    };
    expect(broken({ delivery: failed })).toEqual(['records that failed in Firehose']);
  });
});

describe('the report of a run', () => {
  const audit = { accepted: counts.transform.rows, found: counts.transform.rows };
  const parts = {
    sent,
    counts,
    warehouse,
    audit,
    recovered: noLoads(),
    answers: [],
    problems: [],
    seconds: 1.25,
  };

  it('shows each stage and says that every line is accounted for', () => {
    const report = runReport(parts);
    const text = reportText(report);
    expect(text).toMatch(/lines +│ +110/);
    expect(text).toMatch(/not_json +│ +5/);
    expect(text).toMatch(/put back on the stream +│ +20/);
    expect(text).toMatch(/duplicates removed +│ +5/);
    expect(text).toContain('0.0 MB as 0.0 MB, 10.0 times smaller');
    expect(text).toContain('Every line accounted for: 15 of 15 checks hold (1.3 s).');
    expect(isSound(report)).toBe(true);
  });

  it('names the equation that does not hold, loudly', () => {
    const report = runReport({ ...parts, warehouse: { rowsBefore: 1_000, rowsAfter: 1_000 } });
    expect(reportText(report)).toContain(
      'ERROR: NOT every line is accounted for:\n  rows in the warehouse = before + new: 1,000 is not 1,090',
    );
    expect(isSound(report)).toBe(false);
  });

  it('names what the audit has not found', () => {
    const lost = { ...audit, found: audit.found - 3 };
    expect(reportText(runReport({ ...parts, audit: lost }))).toMatch(
      /rows counted = rows the audit finds: \d+ is not \d+/,
    );
    const uncounted = { accepted: audit.accepted - 2, found: audit.accepted - 2 };
    expect(violations(runReport({ ...parts, audit: uncounted }).checks).map(({ says }) => says)).toEqual([
      'rows = rows counted for the audit',
    ]);
  });

  it('is not sound when something went wrong behind the scenes, or a file was not read to its end', () => {
    const withProblem = runReport({ ...parts, problems: ['Firehose: disk full'] });
    expect(reportText(withProblem)).toContain('ERROR: Firehose: disk full');
    expect(isSound(withProblem)).toBe(false);
    const source = {
      source: 'day.log',
      format: undefined,
      lines: 1,
      blank: 0,
      unparsable: 0,
      events: 1,
      firstUnparsable: [],
      sideFile: undefined,
      problem: 'no such file',
    };
    const unread = runReport({ ...parts, sent: { ...sent, sources: [source] } });
    expect(reportText(unread)).toContain('ERROR: day.log was not read to its end: no such file');
    expect(isSound(unread)).toBe(false);
  });

  it('shows objects in quarantine, those whose rows nobody can count among them', () => {
    const loads = {
      ...counts.loads,
      objectsQuarantined: 3,
      rowsQuarantined: 9,
      objectsQuarantinedUncounted: 1,
    };
    expect(reportText(runReport({ ...parts, counts: { ...counts, loads } }))).toMatch(
      /objects in quarantine +│ +3 │ 2 objects with 9 rows, and 1 object whose rows nobody can count/,
    );
  });

  it('shows amounts of money with their cents', () => {
    const rows = [
      { currency: 'USD', revenue: 573_926.6, purchases: 7 },
      { currency: 'GBP', revenue: 12, purchases: 1 },
    ];
    const answers = [{ title: 'Purchases', sql: '', money: ['revenue'], rows }];
    const text = reportText(runReport({ ...parts, answers }));
    expect(text).toMatch(/USD +│ +573,926\.60 │ +7 │/);
    expect(text).toMatch(/GBP +│ +12\.00 │ +1 │/);
  });

  it('shows answers as tables, numbers to the right', () => {
    const answers = [{ title: 'Top pages', sql: '', rows: [{ page_path: '/', page_views: 1234.5 }] }];
    const text = reportText(runReport({ ...parts, answers }));
    expect(text).toContain('Top pages');
    expect(text).toMatch(/page path │ page views/);
    expect(text).toMatch(/│ \/ +│ +1,234\.5 │/);
  });
});
