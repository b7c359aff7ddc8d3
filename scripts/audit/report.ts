/** Puts what an audit found into tables for people. Pure. */

import type { AuditFindings } from '../../lambda/audit/audit';
import { hourText } from '../../lambda/audit/hours';
import { type AuditRow, isUnexplained } from '../../lambda/audit/reconcile';
import { summarize, sumRows } from '../../lambda/audit/summary';
import { EVENT_OBJECT_SUFFIX } from '../../lib/contract/lakeLayout';
import { count, counted } from '../../lib/contract/words';
import { type Heading, table } from '../plan/table';

/** What a line of the table stands for. */
export type Grouping = 'hour' | 'site';

/** Lines about single objects or sites that are shown; JSON has all. */
const SHOWN = 20;

const HEADINGS: readonly Heading[] = [
  'accepted',
  'rejected',
  'loaded',
  'new',
  'duplicates',
  'not loaded',
  'quarantined',
  'difference',
].map((numbers) => ({ numbers }));

/** Everything there is to say to a person. */
export function findingsText(findings: AuditFindings, by: Grouping, isRequeued: boolean): string {
  const { rows } = findings;
  const groups = new Map<string, AuditRow[]>();
  for (const row of rows) {
    const name = by === 'hour' ? hourText(row.hour) : siteText(row);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const lines = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, own]) => [name, ...numbers(own)]);
  const different = rows.filter(({ difference }) => difference !== 0);
  const conclusion = [...objectLines(findings, isRequeued), ...verdict(findings, isRequeued)];
  return [
    rows.length === 0
      ? 'Nothing was accepted, rejected or loaded in these hours.'
      : table([by === 'hour' ? 'hour (UTC)' : 'site', ...HEADINGS], [...lines, ['total', ...numbers(rows)]]),
    ...(different.length === 0 ? [] : ['', differencesText(different)]),
    ...(conclusion.length === 0 ? [] : ['', ...conclusion]),
  ].join('\n');
}

/** Rows with hours as text, for JSON. */
export function rowObjects(rows: readonly AuditRow[]): (Omit<AuditRow, 'hour'> & { hour: string })[] {
  return rows.map((row) => ({ ...row, hour: hourText(row.hour) }));
}

function numbers(rows: readonly AuditRow[]): string[] {
  const { accepted, rejected, loaded, rowsNew, duplicates, notLoaded, quarantined, difference } =
    sumRows(rows);
  return [accepted, rejected, loaded, rowsNew, duplicates, notLoaded, quarantined, difference].map(count);
}

function differencesText(rows: readonly AuditRow[]): string {
  return table(
    ['hour (UTC)', 'site', { numbers: 'difference' }, 'why'],
    rows
      .toSorted((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
      .slice(0, SHOWN)
      .map((row) => [
        hourText(row.hour),
        siteText(row),
        count(row.difference),
        row.explanation ?? (isUnexplained(row) ? 'NOT EXPLAINED' : ''),
      ]),
  );
}

function objectLines(
  { lost, late, changed, shortBatches, foreign }: AuditFindings,
  isRequeued: boolean,
): string[] {
  const done = isRequeued ? 'put on the queue again' : 'lost: --requeue has it loaded';
  const lines = [
    ...lost.map(({ key }) => `${key}: ${done}`),
    ...foreign.map(({ key }) => `${key}: is no event object (*${EVENT_OBJECT_SUFFIX}); nobody loads it`),
    ...late.map(({ key }) => `${key}: waits longer than it should; the loader still has a message about it`),
    ...changed.map(({ key, bytes, loadedBytes }) => `${key}: has ${bytes} bytes, ${loadedBytes} were loaded`),
    ...shortBatches.map(
      ({ batchId, rowsExpected, rowsStaged }) =>
        `load ${batchId}: staged ${count(rowsStaged)} rows, its objects announce ${count(rowsExpected)}`,
    ),
  ];
  const more = lines.length - SHOWN;
  return [...lines.slice(0, SHOWN), ...(more > 0 ? [`... and ${more} more: --json`] : [])];
}

/** Whether all is well, in a line; none when there was nothing at all. */
function verdict(findings: AuditFindings, isRequeued: boolean): string[] {
  const { unexplained, objectsChanged, shortBatches } = summarize(findings);
  const lost = isRequeued ? 0 : findings.lost.length;
  const problems = [
    ...(lost === 0 ? [] : [`${counted(lost, 'object')} will not be loaded unless told of again: --requeue`]),
    ...(unexplained === 0 ? [] : [`${count(unexplained)} accepted rows are missing and nothing says why`]),
    ...(objectsChanged === 0 ? [] : [`${counted(objectsChanged, 'object')} changed after the load`]),
    ...(shortBatches === 0
      ? []
      : [`${counted(shortBatches, 'load')} staged another number of rows than announced`]),
  ];
  if (problems.length > 0) return [`ERROR: ${problems.join('; ')}.`];
  if (findings.rows.length === 0) return [];
  return findings.rows.every((row) => row.difference === 0)
    ? ['Every accepted row is loaded, waiting or in quarantine.']
    : ['Every difference is explained.'];
}

function siteText({ siteId }: AuditRow): string {
  return siteId || '(not told)';
}
