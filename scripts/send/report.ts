/** Puts a send's summary into words. */
import { count } from '../../lib/contract/words';
import type { SendSummary } from './sendFiles';
import type { SourceSummary } from './source';

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;

/** True when every line was read and every event reached the stream; unparsable lines are counted and kept. */
export function isComplete(summary: SendSummary): boolean {
  return summary.eventsUnsent === 0 && summary.sources.every((source) => source.problem === undefined);
}

/** The summary for people, some lines of text. */
export function reportLines(summary: SendSummary): string[] {
  const { isDryRun, packs, bytes, expandedBytes } = summary;
  const size = packs === 0 ? '' : `, ${megabytes(bytes)} (${megabytes(expandedBytes)} before compression)`;
  const lines = [
    ...summary.sources.flatMap(sourceLines),
    `${isDryRun ? 'would send' : 'sent'} ${count(summary.eventsSent)} events in ${count(packs)} ${packs === 1 ? 'record' : 'records'}${size}`,
  ];
  if (summary.throttledPacks > 0) {
    lines.push(
      `${count(summary.throttledPacks)} times a shard was at its limit and a record was offered again`,
    );
  }
  if (summary.eventsUnsent > 0) {
    lines.push(`NOT sent: ${count(summary.eventsUnsent)} events, kept in ${summary.unsentFile}`);
    lines.push(...summary.firstUnsent.map(({ events, reason }) => `  ${count(events)} events: ${reason}`));
  }
  return lines;
}

function sourceLines(source: SourceSummary): string[] {
  const { lines, events, unparsable, blank, format } = source;
  const result = [
    `${source.source}${format === undefined ? '' : ` (${format})`}: ${count(lines)} lines = ` +
      `${count(events)} events + ${count(unparsable)} unparsable + ${count(blank)} blank`,
    ...source.firstUnparsable.map(
      ({ lineNumber, reason, text }) => `  line ${count(lineNumber)}: ${reason}: ${JSON.stringify(text)}`,
    ),
  ];
  if (source.sideFile !== undefined) result.push(`  all unparsable lines: ${source.sideFile}`);
  if (source.problem !== undefined) result.push(`  PROBLEM: ${source.problem}`);
  return result;
}
