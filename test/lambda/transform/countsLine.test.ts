import fc from 'fast-check';
import { transformBatch } from '../../../lambda/transform/batch';
import { countsLine } from '../../../lambda/transform/countsLine';
import { firehoseRecord, packedRecord } from '../../support/firehoseRecords';

const LIMITS = { maxExpandedBytes: 1024 * 1024, maxAnswerBytes: 5 * 1024 * 1024 };
const event = (site_id: string) => ({ event_name: 'x', site_id });

/** The line of a batch, as it is written. */
function lineOf(records: Parameters<typeof transformBatch>[0], maxAnswerBytes = LIMITS.maxAnswerBytes) {
  const outcome = transformBatch(records, { ...LIMITS, maxAnswerBytes });
  return { outcome, line: JSON.parse(JSON.stringify(countsLine(records, outcome, outcome.rejected))) };
}

const total = (hours: Record<string, Record<string, number>>) =>
  Object.values(hours)
    .flatMap((sites) => Object.values(sites))
    .reduce((sum, count) => sum + count, 0);

describe('the counts of an invocation', () => {
  it('are by arrival hour and site, rejected events by reason', () => {
    const { line } = lineOf([
      packedRecord([event('shop'), event('shop'), event('blog'), { site_id: 'shop' }], 1),
      packedRecord([{ SITE_ID: 'blog' }, { event_name: 'x', site_id: ' ' }, 5], 2),
      firehoseRecord('oops', 3),
    ]);
    expect(line).toMatchObject({
      records: 3,
      rows: { 2026112212: { shop: 2, blog: 1 } },
      rejected: {
        missing_event_name: { 2026112212: { shop: 1, blog: 1 } },
        missing_site_id: { 2026112212: { '': 1 } },
        not_an_object: { 2026112212: { '': 1 } },
        not_json: { 2026112212: { '': 1 } },
      },
      put_back: {},
    });
  });

  it('have an id that the same records give again and others do not', () => {
    const one = [packedRecord([event('shop')], 1), packedRecord([event('shop')], 2)];
    expect(lineOf(one).line.counts_id).toBe(lineOf(one).line.counts_id);
    expect(lineOf(one.slice(1)).line.counts_id).not.toBe(lineOf(one).line.counts_id);
  });

  it('take any name for a site', () => {
    const { line } = lineOf([packedRecord([event('__proto__'), event('constructor')], 1)]);
    expect(Object.entries(line.rows['2026112212'])).toEqual([
      ['__proto__', 1],
      ['constructor', 1],
    ]);
  });

  it('add up to the events of the batch, however small the answer may be', () => {
    const sites = fc.array(fc.constantFrom('a', 'b', ''), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(sites, fc.integer({ min: 1_000, max: 30_000 }), (given, maxAnswerBytes) => {
        const { line, outcome } = lineOf([packedRecord(given.map(event), 1)], maxAnswerBytes);
        const rejected = Object.values<Record<string, Record<string, number>>>(line.rejected).map(total);
        const sum = rejected.reduce((all, one) => all + one, total(line.rows) + total(line.put_back));
        expect(sum).toBe(outcome.counts.eventsIn);
        expect(total(line.rows)).toBe(outcome.counts.rows);
      }),
    );
  });
});
