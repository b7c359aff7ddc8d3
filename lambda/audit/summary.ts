/** What an audit found, in numbers: the function's answer, and its metrics. Pure. */
import { AUDIT_METRICS } from '../../lib/contract/names';
import type { AuditFindings } from './audit';
import { hourText } from './hours';
import { type AuditRow, isUnexplained } from './reconcile';

/** Sums over all hours and sites. */
export interface AuditSummary {
  /** First and last hour, such as `2026-11-22T21`; undefined when there was none to audit. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly hours: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly loaded: number;
  readonly rowsNew: number;
  readonly duplicates: number;
  readonly notLoaded: number;
  readonly quarantined: number;
  /** accepted - loaded - notLoaded - quarantined. */
  readonly difference: number;
  /** Of it, what was accepted and is nowhere, and nothing says why. */
  readonly unexplained: number;
  readonly objectsListed: number;
  readonly objectsWaiting: number;
  readonly objectsChanged: number;
  readonly objectsRequeued: number;
  readonly objectsLate: number;
  readonly shortBatches: number;
}

const SUMMED = [
  'accepted',
  'rejected',
  'loaded',
  'rowsNew',
  'duplicates',
  'notLoaded',
  'quarantined',
  'difference',
] as const satisfies readonly (keyof AuditRow)[];

/** Sums of one number each. */
export function sumRows(rows: readonly AuditRow[]): Record<(typeof SUMMED)[number], number> {
  const sum = (name: (typeof SUMMED)[number]) => rows.reduce((total, row) => total + row[name], 0);
  return {
    accepted: sum('accepted'),
    rejected: sum('rejected'),
    loaded: sum('loaded'),
    rowsNew: sum('rowsNew'),
    duplicates: sum('duplicates'),
    notLoaded: sum('notLoaded'),
    quarantined: sum('quarantined'),
    difference: sum('difference'),
  };
}

/** The findings in numbers. */
export function summarize(findings: AuditFindings): AuditSummary {
  const { hours, rows, lost, late, changed, shortBatches, objectsListed, objectsWaiting } = findings;
  const [first] = hours;
  const last = hours.at(-1);
  return {
    from: first === undefined ? undefined : hourText(first),
    to: last === undefined ? undefined : hourText(last),
    hours: hours.length,
    ...sumRows(rows),
    unexplained: rows.filter(isUnexplained).reduce((total, { difference }) => total + difference, 0),
    objectsListed,
    objectsWaiting,
    objectsChanged: changed.length,
    objectsRequeued: lost.length,
    objectsLate: late.length,
    shortBatches: shortBatches.length,
  };
}

/** The summary as CloudWatch metrics. */
export function summaryMetrics(summary: AuditSummary): { name: string; value: number }[] {
  return [
    { name: AUDIT_METRICS.difference, value: summary.unexplained },
    { name: AUDIT_METRICS.objectsChanged, value: summary.objectsChanged },
    { name: AUDIT_METRICS.objectsRequeued, value: summary.objectsRequeued },
    { name: AUDIT_METRICS.objectsChecked, value: summary.objectsListed },
    { name: AUDIT_METRICS.rowsNotLoaded, value: summary.notLoaded },
  ];
}
