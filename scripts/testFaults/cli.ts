/** The command line of `npm run test:faults`. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { LOCAL_DIRECTORY } from '../../local/endpoints';
import { FAULT_CASES } from '../../local/faults/cases';
import type { FaultCase } from '../../local/faults/faultCase';
import { type CaseReport, runCases } from '../../local/faults/runCases';
import { synthesize } from '../../local/run/synthesize';
import { EXIT, runProgram, UsageError, wholeNumber } from '../terminal/program';
import type { Terminal } from '../terminal/terminal';
import { caseList, markdownReport, progressLine, textReport, withReport } from './report';

const DOCUMENT = path.resolve(__dirname, '..', '..', 'docs', 'reliability.md');
const DEFAULT_SEED = 1;
const DEFAULT_EVENTS = 2_000;
/** Enough for every fault to meet several records and objects. */
const LEAST_EVENTS = 200;
const MOST = 2 ** 31 - 1;

const EXAMPLES = `
Examples:
  npm run test:faults -- --list
  npm run test:faults
  npm run test:faults -- --case two-loaders sqs-lost --seed 7
  npm run test:faults -- --json > faults.json
  npm run test:faults -- --write            the table of docs/reliability.md anew

Every case runs in a pipeline of its own or after others, with traffic of its own. The same seed gives the same
traffic and the same faults.
Exit code: 0 every case passed, 1 one did not, 2 wrong usage.
`;

interface Flags {
  readonly case?: readonly FaultCase[];
  readonly seed: number;
  readonly events: number;
  readonly directory: string;
  readonly json?: true;
  readonly write?: true;
  readonly list?: true;
}

/** Runs the command; the exit code. */
export async function runTestFaults(args: readonly string[], terminal: Terminal): Promise<number> {
  let hasPassed = true;
  const program = new Command('npm run test:faults --')
    .description('Lets things go wrong in a local pipeline, and holds the warehouse against the truth.')
    .option('--case <name...>', 'only these cases (default: all)', addCase)
    .option(
      '--seed <number>',
      'another seed gives other traffic and faults',
      wholeNumber(0, MOST),
      DEFAULT_SEED,
    )
    .option('--events <count>', 'events of each case', wholeNumber(LEAST_EVENTS, MOST), DEFAULT_EVENTS)
    .option('--directory <path>', 'where pipelines keep their state', path.join(LOCAL_DIRECTORY, 'faults'))
    .option('--json', 'print the reports as JSON')
    .option('--write', 'write the table of docs/reliability.md')
    .option('--list', 'print the cases, and run none')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      const cases = flags.case ?? FAULT_CASES;
      if (flags.write && flags.case) throw new UsageError('--write is for all cases: leave --case out');
      if (flags.list) terminal.out(flags.json ? `${JSON.stringify(cases, undefined, 2)}\n` : caseList(cases));
      else hasPassed = await run(cases, flags, terminal);
    });
  return runProgram(program, args, terminal, () => (hasPassed ? EXIT.done : EXIT.failed));
}

/** @returns whether every case passed */
async function run(cases: readonly FaultCase[], flags: Flags, terminal: Terminal): Promise<boolean> {
  const { seed, events } = flags;
  const assemblyDirectory = path.join(flags.directory, 'cdk.out');
  const state = path.join(flags.directory, 'state');
  rmSync(state, { recursive: true, force: true });
  terminal.err('synthesizing the pipeline\n');
  await synthesize('dev', assemblyDirectory);
  const onCase = (report: CaseReport) => terminal.err(`${progressLine(report)}\n`);
  const reports = await runCases(cases, { assemblyDirectory, directory: state, seed, events, onCase });
  terminal.out(flags.json ? `${JSON.stringify(reports, undefined, 2)}\n` : textReport(reports));
  const hasPassed = reports.every(({ passed }) => passed);
  // What can be looked into is kept: the state of a run in which something is wrong.
  if (hasPassed) rmSync(state, { recursive: true, force: true });
  else terminal.err(`The state of the pipelines is kept in ${state}\n`);
  if (flags.write && !hasPassed) terminal.err(`${DOCUMENT} is left as it is: not every case passed\n`);
  else if (flags.write) {
    const command = ['npm run test:faults -- --write', ...settingsGiven(flags)].join(' ');
    const table = markdownReport(cases, reports, command);
    writeFileSync(DOCUMENT, withReport(readFileSync(DOCUMENT, 'utf8'), table));
  }
  return hasPassed;
}

function settingsGiven({ seed, events }: Flags): string[] {
  return [`--seed ${seed}`, `--events ${events}`];
}

function addCase(name: string, before: readonly FaultCase[] = []): readonly FaultCase[] {
  const found = FAULT_CASES.find((one) => one.name === name);
  if (found !== undefined) return [...before, found];
  throw new InvalidArgumentError(`There is no case "${name}"; --list prints all.`);
}
