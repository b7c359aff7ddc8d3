/** What a run of the loader did: the function's answer, and the numbers of its metrics. */
import { LOADER_METRICS } from '../../lib/contract/names';

/** Counts of one run. */
export interface LoadSummary {
  batchesLoaded: number;
  /** Loads Redshift refused, those of parts included. */
  batchesFailed: number;
  /** Loads that still ran when the time was up. */
  batchesRunning: number;
  objectsLoaded: number;
  bytesLoaded: number;
  rowsStaged: number;
  rowsNew: number;
  rowsDuplicate: number;
  /** Rows the footers announced minus rows staged: anything but 0 is wrong. */
  rowsMissing: number;
  objectsVanished: number;
  /** Objects that were rewritten when their rows were loaded already. */
  objectsRewritten: number;
  /** Objects S3 did not hand out, or that look like those of a later release; left for a later run. */
  objectsUnreadable: number;
  /** Objects that can never be loaded and were moved aside. */
  objectsQuarantined: number;
  /** Rows their footers announce, of those whose footer can be read. */
  rowsQuarantined: number;
  /** Objects among them whose footer cannot be read: nobody knows their rows. */
  objectsQuarantinedUncounted: number;
  /** Loads whose hours could not be registered in the catalog. */
  partitionsUnregistered: number;
  messagesIgnored: number;
  messagesMalformed: number;
  /** Messages given back or left for a later run. */
  messagesLeft: number;
  /** Age of the oldest object loaded when its load was committed; undefined when none was. */
  oldestObjectAgeSeconds: number | undefined;
}

/** A run that has done nothing yet. */
export function emptySummary(): LoadSummary {
  return {
    batchesLoaded: 0,
    batchesFailed: 0,
    batchesRunning: 0,
    objectsLoaded: 0,
    bytesLoaded: 0,
    rowsStaged: 0,
    rowsNew: 0,
    rowsDuplicate: 0,
    rowsMissing: 0,
    objectsVanished: 0,
    objectsRewritten: 0,
    objectsUnreadable: 0,
    objectsQuarantined: 0,
    rowsQuarantined: 0,
    objectsQuarantinedUncounted: 0,
    partitionsUnregistered: 0,
    messagesIgnored: 0,
    messagesMalformed: 0,
    messagesLeft: 0,
    oldestObjectAgeSeconds: undefined,
  };
}

/** The summary as CloudWatch metrics; those without a value are left out. */
export function summaryMetrics(
  summary: LoadSummary,
): { name: string; unit: 'Count' | 'Seconds'; value: number }[] {
  const { oldestObjectAgeSeconds } = summary;
  const counts = [
    [LOADER_METRICS.batchesLoaded, summary.batchesLoaded],
    [LOADER_METRICS.batchesFailed, summary.batchesFailed],
    [LOADER_METRICS.objectsLoaded, summary.objectsLoaded],
    [LOADER_METRICS.rowsStaged, summary.rowsStaged],
    [LOADER_METRICS.rowsNew, summary.rowsNew],
    [LOADER_METRICS.rowsDuplicate, summary.rowsDuplicate],
    [LOADER_METRICS.rowsMissing, summary.rowsMissing],
    [LOADER_METRICS.objectsVanished, summary.objectsVanished],
    [LOADER_METRICS.objectsUnreadable, summary.objectsUnreadable],
    [LOADER_METRICS.objectsQuarantined, summary.objectsQuarantined],
    [LOADER_METRICS.partitionsUnregistered, summary.partitionsUnregistered],
    [LOADER_METRICS.messagesIgnored, summary.messagesIgnored],
    [LOADER_METRICS.messagesMalformed, summary.messagesMalformed],
  ] as const;
  return [
    ...counts.map(([name, value]) => ({ name, unit: 'Count' as const, value })),
    ...(oldestObjectAgeSeconds === undefined
      ? []
      : [
          {
            name: LOADER_METRICS.oldestObjectAgeSeconds,
            unit: 'Seconds' as const,
            value: oldestObjectAgeSeconds,
          },
        ]),
  ];
}
