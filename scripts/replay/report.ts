/** Puts a replay's counts into words. */
import { type ByReason, type OriginalCounts, sum } from './counts';
import type { LakeCounts } from './replayLake';
import type { LogCounts } from './replayLogs';

const number = (value: number) => value.toLocaleString('en-US');
const several = (count: number, what: string) => `${number(count)} ${what}${count === 1 ? '' : 's'}`;
const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(bytes < 100_000 ? 3 : 1)} MB`;

function reasons(counts: ByReason): string {
  return Object.entries(counts)
    .map(([reason, count]) => `${number(count)} ${reason}`)
    .join(', ');
}

/** Terms of a sum, without those that are nothing but for the first. */
function terms(all: readonly (readonly [count: number, name: string])[]): string {
  return all
    .filter(([count], index) => index === 0 || count > 0)
    .map(([count, name]) => `${number(count)} ${name}`)
    .join(' + ');
}

/** Counts of a replay from `errors/` or `rejected/`. */
export function originalsText(counts: OriginalCounts, isDryRun: boolean): string {
  const { lines, records, blank, corrupt, duplicate, otherReason, parts } = counts;
  const { events, stamped, unchanged, unsendable, skipped } = counts;
  const verb = isDryRun ? 'would go' : 'went';
  return [
    `objects   ${several(counts.objects, 'object')} read, ${megabytes(counts.bytes)}${skippedText(counts.objectsSkipped)}`,
    `lines     ${number(lines)} = ${terms([
      [records, 'originals'],
      [parts, 'further parts'],
      [duplicate, 'duplicate'],
      [otherReason, 'with another reason'],
      [corrupt, 'corrupt'],
      [blank, 'blank'],
    ])}`,
    `events    ${number(events)} = ${terms([
      [stamped, 'with id and time of receipt'],
      [unchanged, 'sent as they came, to be rejected'],
      [unsendable, 'too large to go back'],
      ...Object.entries(skipped).map(([reason, count]) => [count, reason] as const),
    ])}`,
    `stream    ${several(counts.recordsSent, 'record')} ${verb}, ${megabytes(counts.bytesSent)}`,
  ].join('\n');
}

/** Counts of a replay of the lake. */
export function lakeText(counts: LakeCounts, isDryRun: boolean): string {
  const verb = isDryRun ? 'would be announced' : 'announced';
  const copied = counts.copied === 0 ? '' : `, ${number(counts.copied)} of them copied`;
  const unmarked =
    counts.unmarked === 0 ? '' : `, ${number(counts.unmarked)} of them marked as loaded before`;
  return `objects   ${number(counts.objects)} ${verb} to the loader${copied}${unmarked}, ${megabytes(counts.bytes)}${skippedText(counts.objectsSkipped)}`;
}

/** Counts of a replay of logs. */
export function logsText(counts: LogCounts, isDryRun: boolean): string {
  const verb = isDryRun ? 'would go' : 'went';
  return [
    `files     ${several(counts.files, 'file')} read, ${megabytes(counts.bytes)}${skippedText(counts.filesSkipped)}`,
    `lines     ${number(counts.lines)} = ${terms([
      [counts.events, 'events'],
      [counts.unparsable, 'unparsable'],
      [counts.blank, 'blank'],
    ])}`,
    `events    ${number(counts.events)} = ${terms([
      [counts.sent, isDryRun ? 'to be sent' : 'sent'],
      [counts.unsent, 'too large for a record'],
    ])}`,
    `stream    ${several(counts.recordsSent, 'record')} ${verb}, ${megabytes(counts.bytesSent)}`,
  ].join('\n');
}

function skippedText(skipped: ByReason): string {
  return sum(skipped) === 0 ? '' : `; skipped: ${reasons(skipped)}`;
}
