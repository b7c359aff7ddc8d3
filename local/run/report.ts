/** Puts a local run into tables for people. */

import Table from 'cli-table3';
import { count, counted } from '../../lib/contract/words';
import { amountText } from '../../scripts/quarantine/report';
import type { SendSummary } from '../../scripts/send/sendFiles';
import type { Answer } from './answers';
import type { AuditCounts } from './auditing';
import { type Check, checks, type PipelineCounts, violations, type WarehouseCounts } from './counts';
import { type LoadCounts, quarantined } from './loading';

/** Everything there is to say about a run. */
export interface RunReport {
  readonly sent: SendSummary;
  readonly counts: PipelineCounts;
  readonly warehouse: WarehouseCounts;
  /** What an earlier run had left, and was loaded first. */
  readonly recovered: LoadCounts;
  readonly audit: AuditCounts;
  readonly checks: readonly Check[];
  readonly answers: readonly Answer[];
  /** What went wrong behind the scenes. */
  readonly problems: readonly string[];
  readonly seconds: number;
}

/** Puts the parts of a report together. */
export function runReport(parts: Omit<RunReport, 'checks'>): RunReport {
  return { ...parts, checks: checks(parts.sent, parts.counts, parts.warehouse, parts.audit) };
}

/** True when every line is accounted for and nothing went wrong. */
export function isSound({ checks: all, problems, sent }: RunReport): boolean {
  const unread = sent.sources.some(({ problem }) => problem !== undefined);
  return violations(all).length === 0 && problems.length === 0 && !unread;
}

/** The whole report. */
export function reportText(report: RunReport): string {
  return [stages(report), ...report.answers.map(answerText), verdict(report)].join('\n');
}

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;

type Line = [what: string, amount: string, note?: string];

function stages({ sent, counts, warehouse, recovered }: RunReport): string {
  const { transform, delivery, rejectedDelivery, loads } = counts;
  const ratio = sent.bytes === 0 ? '' : `, ${(sent.expandedBytes / sent.bytes).toFixed(1)} times smaller`;
  const table = new Table({
    head: ['stage', 'what', 'count', ''],
    colAligns: ['left', 'left', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  const stage = (name: string, lines: Line[]) => {
    for (const [index, [what, amount, note = '']] of lines.entries()) {
      table.push([index === 0 ? name : '', what, amount, note]);
    }
  };
  stage('read', [
    ['lines', count(sent.lines), sent.sources.map(({ source }) => source).join(', ')],
    ['events', count(sent.events)],
    ['unparsable', count(sent.unparsable), kept(sent)],
    ['blank', count(sent.blank)],
  ]);
  stage('stream', [
    ['events sent', count(sent.eventsSent)],
    ['packs', count(sent.packs), `${megabytes(sent.expandedBytes)} as ${megabytes(sent.bytes)}${ratio}`],
    ...someOf('events not sent', sent.eventsUnsent, sent.unsentFile ?? ''),
  ]);
  stage('transform', [
    ['rows', count(transform.rows), `${count(transform.bots)} of bots, flagged`],
    ['rejected', count(transform.rejected)],
    ...Object.entries(transform.rejectedByReason)
      .sort(([, a], [, b]) => b - a)
      .map(([reason, events]): Line => [`  ${reason}`, count(events)]),
    ...someOf('put back on the stream', transform.putBack, 'did not fit the answer, came again'),
  ]);
  stage('lake', [
    ['rows', count(delivery.rowsDelivered), `in ${counted(delivery.objects, 'Parquet object')}`],
    ['rejected events', count(counts.rejectedTaken), `in ${counted(rejectedDelivery.objects, 'object')}`],
    ...Object.entries(delivery.recordsFailed).flatMap(([type, records]) =>
      someOf(type, records, 'in errors/'),
    ),
  ]);
  stage('warehouse', [
    ['rows loaded', count(loads.rowsStaged), `in ${counted(loads.batchesLoaded, 'transaction')}`],
    ...someOf('objects in quarantine', loads.objectsQuarantined, amountText(quarantined(loads))),
    ['duplicates removed', count(loads.rowsDuplicate)],
    ['new rows', count(loads.rowsNew)],
    ...someOf('recovered rows', recovered.rowsNew, 'of objects an earlier run had not loaded'),
    ['rows in total', count(warehouse.rowsAfter), `${count(warehouse.rowsBefore)} before`],
  ]);
  return table.toString();
}

function kept({ sources }: SendSummary): string {
  return sources.flatMap(({ sideFile }) => sideFile ?? []).join(', ');
}

/** A line that is only worth its place when there is something to count. */
function someOf(what: string, amount: number, note: string): Line[] {
  return amount === 0 ? [] : [[what, count(amount), note]];
}

function answerText({ title, rows, money = [] }: Answer): string {
  const names = Object.keys(rows[0] ?? {});
  const isNumber = (name: string) =>
    rows.every((row) => row[name] === undefined || typeof row[name] === 'number');
  const leastDigits = (name: string) => (money.includes(name) ? MOST_DIGITS : 0);
  const table = new Table({
    head: names.map((name) => name.replaceAll('_', ' ')),
    colAligns: names.map((name) => (isNumber(name) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push(names.map((name) => cell(row[name], leastDigits(name))));
  return `\n${title}\n${table.toString()}`;
}

const LONGEST_CELL = 60;
/** Digits behind the point of a number. */
const MOST_DIGITS = 2;

function cell(value: unknown, leastDigits: number): string {
  if (value === undefined) return '';
  if (typeof value === 'number') {
    const digits = { minimumFractionDigits: leastDigits, maximumFractionDigits: MOST_DIGITS };
    return value.toLocaleString('en-US', digits);
  }
  const text = String(value);
  return text.length <= LONGEST_CELL ? text : `${text.slice(0, LONGEST_CELL - 1)}…`;
}

function verdict(report: RunReport): string {
  const { sent, problems, seconds } = report;
  const broken = violations(report.checks);
  const unread = sent.sources.filter(({ problem }) => problem !== undefined);
  const lines = [''];
  if (broken.length === 0) {
    lines.push(
      `Every line accounted for: ${report.checks.length} of ${report.checks.length} checks hold (${seconds.toFixed(1)} s).`,
    );
  } else {
    lines.push('ERROR: NOT every line is accounted for:');
    lines.push(...broken.map(({ says, left, right }) => `  ${says}: ${count(left)} is not ${count(right)}`));
  }
  lines.push(...unread.map(({ source, problem }) => `ERROR: ${source} was not read to its end: ${problem}`));
  lines.push(...problems.map((problem) => `ERROR: ${problem}`));
  return lines.join('\n');
}
