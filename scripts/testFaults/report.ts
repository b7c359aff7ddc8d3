/** Shows what came of fault cases: at a terminal, and as the table of docs/reliability.md. Pure. */

import Table from 'cli-table3';
import { count } from '../../lib/contract/words';
import type { Signal } from '../../local/faults/drill';
import type { FaultCase } from '../../local/faults/faultCase';
import type { CaseReport } from '../../local/faults/runCases';

const BEGIN = '<!-- faults: begin -->';
const END = '<!-- faults: end -->';

const HEAD = ['case', 'injected', 'events in', 'rows out', 'lost', 'duplicated', 'recovered in'];

/** A case in one line, while others still run. */
export function progressLine(report: CaseReport): string {
  return `${report.passed ? 'passed' : 'FAILED'}  ${report.name}${report.passed ? '' : `: ${failures(report).join('; ')}`}`;
}

/** All cases for a terminal. */
export function textReport(reports: readonly CaseReport[]): string {
  const table = new Table({
    head: [...HEAD, ''],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const report of reports) table.push([...cells(report), report.passed ? 'passed' : 'FAILED']);
  const failed = reports.filter(({ passed }) => !passed);
  const lines = failed.flatMap((report) => [
    `ERROR: ${report.name}`,
    ...failures(report).map((why) => `  ${why}`),
  ]);
  const sum = (of: (report: CaseReport) => number) => reports.reduce((total, one) => total + of(one), 0);
  lines.push(
    `${reports.length - failed.length} of ${reports.length} cases passed: ${count(sum(({ lost }) => lost))} events lost, ` +
      `${count(sum(({ duplicated }) => duplicated))} duplicated; ` +
      `${count(sum(({ compared }) => compared))} numbers compared with the truth`,
  );
  return `${table.toString()}\n${lines.join('\n')}\n`;
}

/** What each case stands for, in words. */
export function caseList(cases: readonly FaultCase[]): string {
  return cases
    .map(
      ({ name, standsFor, injects, seenBy }) =>
        `${name}\n  stands for: ${standsFor}\n  injected:   ${injects}\n  seen by:    ${seenBy}\n`,
    )
    .join('\n');
}

/**
 * All cases as Markdown.
 * @param command what made the run
 */
export function markdownReport(
  cases: readonly FaultCase[],
  reports: readonly CaseReport[],
  command: string,
): string {
  const row = (values: readonly string[]) =>
    `| ${values.map((value) => value.replaceAll('|', '\\|')).join(' | ')} |`;
  const named = new Map(cases.map((one) => [one.name, one]));
  return [
    `\`${command}\``,
    '',
    row(HEAD),
    '|---|--:|--:|--:|--:|--:|--:|',
    ...reports.map((report) => row(cells(report))),
    '',
    '| case | what it stands for | what is injected | what tells of it | seen |',
    '|---|---|---|---|---|',
    ...reports.map(({ name, signals }) => {
      const { standsFor = '', injects = '', seenBy = '' } = named.get(name) ?? {};
      return row([name, standsFor, injects, seenBy, signals.map(signalText).join('; ')]);
    }),
  ].join('\n');
}

/**
 * A document with the table between its markers replaced.
 * @throws Error when it has no markers
 */
export function withReport(document: string, table: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin)
    throw new Error(`The document has no place for the table: ${BEGIN} and ${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n${table}\n${document.slice(end)}`;
}

function cells(report: CaseReport): string[] {
  const { name, injected, eventsIn, rowsOut, lost, duplicated, secondsToRecover } = report;
  return [
    name,
    ...[injected, eventsIn, rowsOut, lost, duplicated].map(count),
    `${secondsToRecover.toFixed(1)} s`,
  ];
}

/** Differences shown of a case; --json has all. */
const SHOWN_DIFFERENCES = 5;

/** Why a case did not pass. */
function failures({ problem, lost, duplicated, differences, signals, injected }: CaseReport): string[] {
  const hidden = differences.length - SHOWN_DIFFERENCES;
  return [
    ...(problem === undefined ? [] : [problem]),
    ...(lost === 0 ? [] : [`${count(lost)} events lost`]),
    ...(duplicated === 0 ? [] : [`${count(duplicated)} rows too many`]),
    ...(injected > 0 ? [] : ['no fault was injected']),
    ...differences
      .slice(0, SHOWN_DIFFERENCES)
      .map(({ what, expected, found }) => `${what}: ${count(expected)} expected, ${count(found)} found`),
    ...(hidden > 0 ? [`and ${count(hidden)} further numbers`] : []),
    ...signals
      .filter(({ isRight }) => !isRight)
      .map(({ what, expected, found }) => `${what}: ${expected} expected, ${count(found)} found`),
  ];
}

function signalText({ what, found }: Signal): string {
  return `${what} ${count(found)}`;
}
