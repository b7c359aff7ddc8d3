import fc from 'fast-check';
import { BySite } from '../../../lambda/audit/bySite';
import { classify } from '../../../lambda/audit/classify';
import type { Ledger, QuarantinedObject } from '../../../lambda/audit/ledger';
import { type Evidence, hoursWithLosses, isUnexplained, reconcile } from '../../../lambda/audit/reconcile';
import type { Split } from '../../../lambda/audit/split';
import { HOUR_MILLIS } from '../../../lib/contract/units';

const HOUR = Date.parse('2026-03-01T12:00:00.000Z');
const KEY = 'events/year=2026/month=03/day=01/hour=12/a.parquet';
const SETTLE = 600_000;

function table(...entries: [site: string, rows: number, hour?: number][]): BySite {
  const numbers = new BySite();
  for (const [site, rows, hour = HOUR] of entries) numbers.add(hour, site, rows);
  return numbers;
}

const split = (...entries: [string, number, number?][]): Split => ({
  kind: 'split',
  rows: table(...entries),
});

const ledger = (more: Partial<Ledger> = {}): Ledger => ({
  counts: [],
  files: [],
  quarantined: [],
  shortBatches: [],
  newestLoadedMillis: undefined,
  ...more,
});

const load = (batchId: string, siteId: string, rowsStaged: number, rowsNew = rowsStaged, hour = HOUR) => ({
  batchId,
  hour,
  siteId,
  rowsStaged,
  rowsNew,
});

const file = (batchId: string, key: string, loadNumber = 1) => ({ batchId, key, bytes: 10, loadNumber });

const listed = (key: string, bytes = 10) => ({ key, bytes, createdAtMillis: HOUR });

const aside = (key: string, more: Partial<QuarantinedObject> = {}): QuarantinedObject => ({
  key,
  quarantineKey: `quarantine/${key}`,
  rows: undefined,
  isDropped: false,
  ...more,
});

interface Case {
  readonly accepted: BySite;
  readonly ledger?: Ledger;
  readonly keys?: readonly string[];
  readonly splits?: Record<string, Split>;
  readonly more?: Partial<Evidence>;
}

/** The audit of a day later, when everything has settled. */
function audited({ accepted, ledger: own = ledger(), keys = [], splits = {}, more = {} }: Case) {
  return reconcile({
    hours: [HOUR],
    nowMillis: HOUR + 24 * HOUR_MILLIS,
    settleMillis: SETTLE,
    counts: { accepted, rejected: new BySite(), lastStored: new Map([[HOUR, HOUR + HOUR_MILLIS]]) },
    loads: own.counts,
    fates: classify(
      keys.map((key) => listed(key)),
      own,
    ),
    splits: new Map(Object.entries(splits)),
    errorObjects: new Map(),
    ...more,
  });
}

describe('the equation of an audit', () => {
  it('holds when what was accepted is loaded, duplicates among it', () => {
    const rows = audited({
      accepted: table(['blog', 3], ['shop', 10]),
      ledger: ledger({ counts: [load('1', 'shop', 6, 6), load('2', 'shop', 4, 1), load('2', 'blog', 3)] }),
    });
    expect(rows).toMatchObject([
      { siteId: 'blog', accepted: 3, loaded: 3, rowsNew: 3, duplicates: 0, difference: 0 },
      { siteId: 'shop', accepted: 10, loaded: 10, rowsNew: 7, duplicates: 3, difference: 0 },
    ]);
    expect(rows.map(({ explanation }) => explanation)).toEqual([undefined, undefined]);
  });

  it('counts rows that wait in the lake and rows in quarantine', () => {
    const [row] = audited({
      accepted: table(['shop', 10]),
      ledger: ledger({ counts: [load('1', 'shop', 5)], quarantined: [aside('events/broken')] }),
      keys: [KEY],
      splits: { [KEY]: split(['shop', 3]), 'events/broken': split(['shop', 2]) },
    });
    expect(row).toMatchObject({ loaded: 5, notLoaded: 3, quarantined: 2, difference: 0 });
  });

  it('raises what is nowhere', () => {
    const rows = audited({
      accepted: table(['shop', 10]),
      ledger: ledger({ counts: [load('1', 'shop', 4)] }),
    });
    expect(rows).toMatchObject([{ difference: 6, explanation: undefined }]);
    expect(rows.map(isUnexplained)).toEqual([true]);
    expect(hoursWithLosses(rows)).toEqual([HOUR]);
  });

  it('waits for what was counted a moment ago', () => {
    const more = { nowMillis: HOUR + HOUR_MILLIS + SETTLE - 1 };
    expect(audited({ accepted: table(['shop', 1]), more })).toMatchObject([
      { difference: 1, explanation: 'on the way into the lake' },
    ]);
    const later = { nowMillis: HOUR + HOUR_MILLIS + SETTLE };
    expect(audited({ accepted: table(['shop', 1]), more: later }).map(isUnexplained)).toEqual([true]);
  });

  it('names errors/ when Firehose has put something there', () => {
    const more = { errorObjects: new Map([[HOUR, 2]]) };
    expect(audited({ accepted: table(['shop', 1]), more })).toMatchObject([
      { explanation: 'errors/ holds 2 objects of this hour' },
    ]);
  });

  it('does not count a load again that brought only objects that were loaded before', () => {
    const own = ledger({
      counts: [load('1', 'shop', 4), load('2', 'shop', 4, 0)],
      files: [file('1', KEY), file('2', KEY, 2)],
    });
    expect(audited({ accepted: table(['shop', 4]), ledger: own, keys: [KEY] })).toMatchObject([
      { loaded: 4, duplicates: 0, difference: 0 },
    ]);
  });

  it('takes off what was loaded again beside objects that were new', () => {
    const own = ledger({
      counts: [load('1', 'shop', 4), load('2', 'shop', 9, 5)],
      files: [file('1', KEY), file('2', KEY, 2), file('2', `${KEY}2`)],
    });
    expect(
      audited({
        accepted: table(['shop', 9]),
        ledger: own,
        keys: [KEY, `${KEY}2`],
        splits: { [KEY]: split(['shop', 4]) },
      }),
    ).toMatchObject([{ loaded: 9, rowsNew: 9, duplicates: 0, difference: 0 }]);
  });

  it('explains no more than the rows of an object whose sites cannot be told', () => {
    const own = ledger({ quarantined: [aside(KEY, { rows: 5 })] });
    const splits: Record<string, Split> = { [KEY]: { kind: 'unsplit', rows: undefined } };
    expect(audited({ accepted: table(['blog', 2], ['shop', 3]), ledger: own, splits })).toMatchObject([
      { siteId: '', quarantined: 5, difference: -5 },
      { siteId: 'blog', explanation: 'in 1 object whose sites cannot be told (quarantined)' },
      { siteId: 'shop', explanation: 'in 1 object whose sites cannot be told (quarantined)' },
    ]);
    const tooMany = audited({ accepted: table(['blog', 2], ['shop', 4]), ledger: own, splits });
    expect(tooMany.filter(isUnexplained).map(({ siteId }) => siteId)).toEqual(['blog', 'shop']);
  });

  it('remembers what somebody has dropped from quarantine', () => {
    const own = ledger({ quarantined: [aside(KEY, { rows: 5, isDropped: true })] });
    expect(audited({ accepted: table(['shop', 5]), ledger: own })).toMatchObject([
      { difference: 5, explanation: 'in 1 object whose sites cannot be told (given up in quarantine)' },
    ]);
  });

  it('names all that can be behind more rows than were counted, and copies only when there are enough', () => {
    const twice = ledger({ counts: [load('1', 'shop', 8, 4)] });
    expect(audited({ accepted: table(['shop', 4]), ledger: twice })).toMatchObject([
      {
        difference: -4,
        explanation: 'more rows than counted: a repeated delivery, lost counts, or an object from elsewhere',
      },
    ]);
    const uncounted = ledger({ counts: [load('1', 'shop', 8, 8)] });
    expect(audited({ accepted: table(['shop', 4]), ledger: uncounted })).toMatchObject([
      { difference: -4, explanation: 'more rows than counted: lost counts, or an object from elsewhere' },
    ]);
  });

  it('adds up whatever there is', () => {
    const site = fc.constantFrom('a', 'b', 'c');
    const numbers = fc.array(fc.tuple(site, fc.integer({ min: 1, max: 50 })), { maxLength: 8 });
    fc.assert(
      fc.property(numbers, numbers, numbers, numbers, (accepted, loaded, waiting, broken) => {
        const own = ledger({
          counts: loaded.map(([siteId, rows], index) =>
            load(String(index), siteId, rows, Math.floor(rows / 2)),
          ),
          quarantined: [aside('events/broken')],
        });
        const rows = audited({
          accepted: table(...accepted),
          ledger: own,
          keys: [KEY],
          splits: { [KEY]: split(...waiting), 'events/broken': split(...broken) },
        });
        for (const row of rows) {
          expect(row.accepted).toBe(row.loaded + row.notLoaded + row.quarantined + row.difference);
          expect(row.loaded).toBe(row.rowsNew + row.duplicates);
        }
        const total = (list: [string, number][]) => list.reduce((sum, [, count]) => sum + count, 0);
        const difference = rows.reduce((sum, row) => sum + row.difference, 0);
        expect(difference).toBe(total(accepted) - total(loaded) - total(waiting) - total(broken));
      }),
    );
  });
});

describe('the objects of an audit', () => {
  it('are changed when S3 shows another size than was loaded last', () => {
    const own = ledger({ files: [file('1', KEY), { ...file('2', KEY, 2), bytes: 7 }] });
    expect(classify([listed(KEY, 7)], own).changed).toEqual([]);
    expect(classify([listed(KEY, 10)], own).changed).toEqual([{ key: KEY, bytes: 10, loadedBytes: 7 }]);
  });

  it('do not wait when they are loaded, or in quarantine', () => {
    const own = ledger({ files: [file('1', 'loaded')], quarantined: [aside('aside')] });
    const { waiting } = classify(
      ['loaded', 'aside', 'new'].map((key) => listed(key)),
      own,
    );
    expect(waiting.map(({ key }) => key)).toEqual(['new']);
  });
});
