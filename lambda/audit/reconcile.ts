/** The equation of the audit: accepted = loaded + not loaded + quarantined + difference, by hour and site. Pure. */

import { partitionHour } from '../../lib/contract/lakeLayout';
import { HOUR_MILLIS } from '../../lib/contract/units';
import { BySite } from './bySite';
import type { ObjectFates } from './classify';
import type { Counts } from './counts';
import type { LoadCount } from './ledger';
import type { Split } from './split';

/** One hour and site. */
export interface AuditRow {
  /** Start of the arrival hour, epoch milliseconds. */
  readonly hour: number;
  readonly siteId: string;
  /** Events the transform made rows of. */
  readonly accepted: number;
  readonly rejected: number;
  /** Rows of first loads; rowsNew + duplicates. */
  readonly loaded: number;
  readonly rowsNew: number;
  readonly duplicates: number;
  readonly notLoaded: number;
  readonly quarantined: number;
  readonly difference: number;
  /** Why there is a difference; undefined when there is none, or nobody knows. */
  readonly explanation: string | undefined;
}

/** Rows that are somewhere, but nobody can say of which sites they are. */
export interface UnsplitRows {
  /** Partition of their object: its rows arrived in this hour and the next. */
  readonly hour: number;
  readonly kind: 'not loaded' | 'quarantined' | 'given up in quarantine';
  /** Undefined when not even their number is known. */
  readonly rows: number | undefined;
}

/** What is held against each other. */
export interface Evidence {
  readonly hours: readonly number[];
  readonly nowMillis: number;
  /** How long after they were counted rows may be on their way into the lake. */
  readonly settleMillis: number;
  readonly counts: Pick<Counts, 'accepted' | 'rejected' | 'lastStored'>;
  readonly loads: readonly LoadCount[];
  readonly fates: ObjectFates;
  /** Of waiting and quarantined objects, and of those loaded again beside others, by key. */
  readonly splits: ReadonlyMap<string, Split>;
  /** Objects in errors/ by hour. */
  readonly errorObjects: ReadonlyMap<number, number>;
}

/** Site of rows nobody can assign. */
const NO_SITE = '';

/** What is left over is unexplained when more was accepted than can be found and nothing says why. */
export function isUnexplained({ difference, explanation }: AuditRow): boolean {
  return difference > 0 && explanation === undefined;
}

/** Hours whose rows have a positive difference, in order. */
export function hoursWithLosses(rows: readonly AuditRow[]): number[] {
  return [...new Set(rows.filter(({ difference }) => difference > 0).map(({ hour }) => hour))];
}

/** A row for each hour and site of which anything is known, in order. */
export function reconcile(evidence: Evidence): AuditRow[] {
  const { counts, fates, splits } = evidence;
  const unsplit: UnsplitRows[] = [];
  const loaded = new BySite();
  const rowsNew = new BySite();
  for (const { batchId, hour, siteId, rowsStaged, rowsNew: fresh } of evidence.loads) {
    if (fates.repeatedBatches.has(batchId)) continue;
    loaded.add(hour, siteId, rowsStaged);
    rowsNew.add(hour, siteId, fresh);
  }
  for (const { key } of fates.repeatedFiles) {
    const split = splits.get(key);
    if (split?.kind === 'split') loaded.addAll(split.rows, -1);
  }
  const place = (kind: UnsplitRows['kind'], keys: readonly { key: string; rows?: number | undefined }[]) => {
    const table = new BySite();
    for (const { key, rows: announced } of keys) {
      const split = splits.get(key);
      if (split?.kind === 'split') table.addAll(split.rows);
      if (split?.kind !== 'unsplit') continue;
      const hour = partitionHour(key) ?? Number.NaN;
      const rows = split.rows ?? announced;
      unsplit.push({ hour, kind, rows });
      table.add(hour, NO_SITE, rows ?? 0);
    }
    return table;
  };
  const notLoaded = place('not loaded', fates.waiting);
  const quarantined = place('quarantined', fates.quarantined);
  for (const { key, rows } of fates.dropped) {
    unsplit.push({ hour: partitionHour(key) ?? Number.NaN, kind: 'given up in quarantine', rows });
  }
  const tables = {
    accepted: counts.accepted,
    rejected: counts.rejected,
    loaded,
    rowsNew,
    notLoaded,
    quarantined,
  };
  return evidence.hours.flatMap((hour) => hourRows(hour, tables, evidence, unsplit));
}

type Tables = Record<'accepted' | 'rejected' | 'loaded' | 'rowsNew' | 'notLoaded' | 'quarantined', BySite>;

function hourRows(
  hour: number,
  tables: Tables,
  evidence: Evidence,
  unsplit: readonly UnsplitRows[],
): AuditRow[] {
  const sites = new Set(Object.values(tables).flatMap((table) => [...table.sites(hour)]));
  const rows = [...sites].sort().map((siteId) => {
    const of = (table: BySite) => table.get(hour, siteId);
    const loaded = of(tables.loaded);
    const rowsNew = of(tables.rowsNew);
    const parts = {
      accepted: of(tables.accepted),
      notLoaded: of(tables.notLoaded),
      quarantined: of(tables.quarantined),
    };
    return {
      hour,
      siteId,
      ...parts,
      rejected: of(tables.rejected),
      loaded,
      rowsNew,
      duplicates: loaded - rowsNew,
      difference: parts.accepted - loaded - parts.notLoaded - parts.quarantined,
    };
  });
  const missing = rows.reduce((sum, { difference }) => sum + Math.max(0, difference), 0);
  const reason = missing === 0 ? undefined : lossReason(hour, missing, evidence, unsplit);
  return rows.map((row) => ({ ...row, explanation: row.difference > 0 ? reason : surplusReason(row) }));
}

/** Why rows that were accepted in an hour are not found. */
function lossReason(
  hour: number,
  missing: number,
  { nowMillis, settleMillis, counts, errorObjects }: Evidence,
  unsplit: readonly UnsplitRows[],
): string | undefined {
  if (nowMillis < (counts.lastStored.get(hour) ?? 0) + settleMillis) return 'on the way into the lake';
  const near = unsplit.filter((one) => one.hour === hour || one.hour === hour - HOUR_MILLIS);
  const room = near.reduce((sum, { rows }) => sum + (rows ?? Number.POSITIVE_INFINITY), 0);
  if (near.length > 0 && missing <= room) {
    const kinds = [...new Set(near.map(({ kind }) => kind))].join(', ');
    return `in ${objects(near.length)} whose sites cannot be told (${kinds})`;
  }
  const failed = errorObjects.get(hour) ?? 0;
  return failed === 0 ? undefined : `errors/ holds ${objects(failed)} of this hour`;
}

/** Why more rows are found than were counted. */
function surplusReason({
  difference,
  siteId,
  duplicates,
}: Omit<AuditRow, 'explanation'>): string | undefined {
  if (difference === 0) return undefined;
  if (siteId === NO_SITE) return 'rows of other sites, in objects whose sites cannot be told';
  const cause = 'lost counts, or an object from elsewhere';
  return -difference <= duplicates
    ? `more rows than counted: a repeated delivery, ${cause}`
    : `more rows than counted: ${cause}`;
}

function objects(count: number): string {
  return count === 1 ? '1 object' : `${count} objects`;
}
