/** The receipt of an erasure: what was searched and changed, and what is beyond its reach. No personal data. */
import { HOUR_MILLIS } from '../../lib/contract/units';
import type { ErasureRequest } from './erase';
import type { HourRange } from './partitions';
import type { Change, NotSearched, PartitionRecord } from './records';
import type { ErasureState } from './state';
import type { WarehouseResult } from './warehouse';

/** How long copies live that an erasure cannot reach. */
export interface Horizons {
  /** What is in the stream and its buffers now has been delivered by then. */
  readonly inFlightHours: number;
  /** Automated snapshots of the warehouse. */
  readonly snapshotDays: number;
}

/** What was searched below one prefix. */
export interface SearchedPrefix {
  readonly prefix: string;
  readonly partitions: number;
  readonly objects: number;
  readonly versions: number;
  readonly bytes: number;
}

export interface Receipt {
  readonly erasureId: string;
  readonly environment: string;
  readonly subject: {
    readonly kind: 'visitor' | 'user';
    /** SHA-256 over the request and a salt that was not kept: nobody can try identifiers against it. */
    readonly saltedHash: string;
    readonly site: string | undefined;
    readonly withVisitors: boolean;
  };
  /** Arrival hours the lake was searched for; undefined is unbounded. */
  readonly range: HourRange;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Interrupted and taken up again. */
  readonly wasResumed: boolean;
  readonly searched: readonly SearchedPrefix[];
  readonly notSearched: readonly NotSearched[];
  readonly totals: {
    readonly objectsRewritten: number;
    readonly versionsDeleted: number;
    readonly erasedFromObjects: number;
    readonly unopenableRecordsDropped: number;
    readonly erasedFromWarehouse: number;
  };
  readonly changes: readonly Change[];
  readonly warehouse: WarehouseResult;
  readonly remarks: {
    readonly searchAgainFrom: string;
    readonly snapshotsExpireBy: string;
    readonly notSearchedByDesign: string;
    readonly freedBlocks: string;
  };
}

/** The receipt of a finished erasure. */
export function receiptOf(
  { target, subject }: ErasureRequest,
  state: ErasureState,
  { inFlightHours, snapshotDays }: Horizons,
): Receipt {
  const now = Date.now();
  const { erasureId, subjectHash, range, startedAt } = state.head;
  const { changes, partitions } = state;
  const warehouse = state.warehouse ?? { tables: [], left: [] };
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  return {
    erasureId,
    environment: target.environment,
    subject: {
      kind: subject.kind,
      saltedHash: `sha256:${subjectHash}`,
      site: subject.site,
      withVisitors: subject.withVisitors,
    },
    range,
    startedAt,
    finishedAt: new Date(now).toISOString(),
    wasResumed: state.isResumed,
    searched: searchedPrefixes(partitions),
    notSearched: partitions.flatMap(({ notSearched }) => notSearched),
    totals: {
      objectsRewritten: changes.filter(({ action }) => action === 'rewritten').length,
      versionsDeleted: sum(changes.map(({ versionsDeleted }) => versionsDeleted)),
      erasedFromObjects: sum(changes.map(({ erased }) => erased)),
      unopenableRecordsDropped: sum(changes.map(({ unopenable }) => unopenable)),
      erasedFromWarehouse: sum(warehouse.tables.map(({ found }) => found)),
    },
    changes,
    warehouse,
    remarks: {
      searchAgainFrom: new Date(now + inFlightHours * HOUR_MILLIS).toISOString(),
      snapshotsExpireBy: new Date(now + snapshotDays * 24 * HOUR_MILLIS).toISOString(),
      notSearchedByDesign:
        'counts/ and manifests/ hold no identifiers; tables without visitor_id and user_id hold sums only',
      freedBlocks: 'Redshift frees the blocks of deleted rows by its automatic VACUUM DELETE',
    },
  };
}

/** Searched partitions, summed by the prefix they lie below. */
export function searchedPrefixes(partitions: readonly PartitionRecord[]): SearchedPrefix[] {
  const sums = new Map<string, SearchedPrefix>();
  for (const { prefix, objects, versions, bytes } of partitions) {
    const top = prefix.slice(0, prefix.indexOf('/') + 1);
    const sum = sums.get(top) ?? { prefix: top, partitions: 0, objects: 0, versions: 0, bytes: 0 };
    sums.set(top, {
      prefix: top,
      partitions: sum.partitions + 1,
      objects: sum.objects + objects,
      versions: sum.versions + versions,
      bytes: sum.bytes + bytes,
    });
  }
  return [...sums.values()];
}
