/** Puts a replay's counts into words. */
import { count, counted } from '../../lib/contract/words';
import { type ByReason, type OriginalCounts, sum } from './counts';
import type { LakeCounts } from './replayLake';
import type { LogCounts } from './replayLogs';

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(bytes < 100_000 ? 3 : 1)} MB`;

function reasons(counts: ByReason): string {
  return Object.entries(counts)
    .map(([reason, events]) => `${count(events)} ${reason}`)
    .join(', ');
}

/** Terms of a sum, without those that are nothing but for the first. */
function terms(all: readonly (readonly [amount: number, name: string])[]): string {
  return all
    .filter(([amount], index) => index === 0 || amount > 0)
    .map(([amount, name]) => `${count(amount)} ${name}`)
    .join(' + ');
}

/** Counts of a replay from `errors/` or `rejected/`. */
export function originalsText(counts: OriginalCounts, isDryRun: boolean): string {
  const { lines, records, blank, corrupt, duplicate, otherReason, parts } = counts;
  const { events, stamped, unchanged, unsendable, skipped } = counts;
  const verb = isDryRun ? 'would go' : 'went';
  return [
    `objects   ${counted(counts.objects, 'object')} read, ${megabytes(counts.bytes)}${skippedText(counts.objectsSkipped)}`,
    `lines     ${count(lines)} = ${terms([
      [records, 'originals'],
      [parts, 'further parts'],
      [duplicate, 'duplicate'],
      [otherReason, 'with another reason'],
      [corrupt, 'corrupt'],
      [blank, 'blank'],
    ])}`,
    `events    ${count(events)} = ${terms([
      [stamped, 'with id and time of receipt'],
      [unchanged, 'sent as they came, to be rejected'],
      [unsendable, 'too large to go back'],
      ...Object.entries(skipped).map(([reason, count]) => [count, reason] as const),
    ])}`,
    `stream    ${counted(counts.recordsSent, 'record')} ${verb}, ${megabytes(counts.bytesSent)}`,
  ].join('\n');
}

/** Counts of a replay of the lake. */
export function lakeText(counts: LakeCounts, isDryRun: boolean): string {
  const verb = isDryRun ? 'would be announced' : 'announced';
  const copied = counts.copied === 0 ? '' : `, ${count(counts.copied)} of them copied`;
  const unmarked = counts.unmarked === 0 ? '' : `, ${count(counts.unmarked)} of them marked as loaded before`;
  return `objects   ${count(counts.objects)} ${verb} to the loader${copied}${unmarked}, ${megabytes(counts.bytes)}${skippedText(counts.objectsSkipped)}`;
}

/** Counts of a replay of logs. */
export function logsText(counts: LogCounts, isDryRun: boolean): string {
  const verb = isDryRun ? 'would go' : 'went';
  return [
    `files     ${counted(counts.files, 'file')} read, ${megabytes(counts.bytes)}${skippedText(counts.filesSkipped)}`,
    `lines     ${count(counts.lines)} = ${terms([
      [counts.events, 'events'],
      [counts.unparsable, 'unparsable'],
      [counts.blank, 'blank'],
    ])}`,
    `events    ${count(counts.events)} = ${terms([
      [counts.sent, isDryRun ? 'to be sent' : 'sent'],
      [counts.unsent, 'too large for a record'],
    ])}`,
    `stream    ${counted(counts.recordsSent, 'record')} ${verb}, ${megabytes(counts.bytesSent)}`,
  ].join('\n');
}

function skippedText(skipped: ByReason): string {
  return sum(skipped) === 0 ? '' : `; skipped: ${reasons(skipped)}`;
}
