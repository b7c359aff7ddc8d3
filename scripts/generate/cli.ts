/** The command line of `npm run generate`. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { loadEnvironment } from '../../lib/config';
import { readEndpoints } from '../../local/endpoints';
import { EXIT, runProgram, UsageError } from '../terminal/program';
import { progressBar } from '../terminal/progressBar';
import type { Terminal } from '../terminal/terminal';
import { check } from './check';
import { type Flags, generateCommand } from './command';
import { type Destination, type GenerateOptions, generate, MOST_PROCESSES } from './generate';
import { localStream } from './output/streamTarget';
import { reportLines, type Summary, totalsOf } from './report';
import { endMillis, type GeneratorSettings, LAST_STRAGGLER_MILLIS, settingsProblems } from './settings';
import { writeTruth } from './truthFile';

/** What the command touches of its process. */
export interface GenerateContext extends Terminal {
  nowMillis(): number;
}

/**
 * Runs the command.
 * @param args what follows the command's name
 * @returns the exit code
 */
export function runGenerate(args: readonly string[], context: GenerateContext): Promise<number> {
  let isComplete = true;
  const command = generateCommand().action(async (flags: Flags) => {
    isComplete = flags.check === undefined ? await simulate(flags, context) : await compare(flags.check);
  });
  return runProgram(command, args, context, () => (isComplete ? EXIT.done : EXIT.failed));

  async function compare(truthFile: string): Promise<boolean> {
    const { isEqual, lines } = await check(truthFile, command.opts<Flags>().directory);
    context.out(`${lines.join('\n')}\n`);
    return isEqual;
  }
}

/** @returns whether everything was sent */
async function simulate(flags: Flags, context: GenerateContext): Promise<boolean> {
  const summary = await run(flags, generateOptions(flags, context), context);
  const { destination, truth, seconds, truthFile, fileBytes, sent } = summary;
  const report = { destination, truth: totalsOf(truth), truthFile, seconds, fileBytes, sent };
  context.out(`${flags.json ? JSON.stringify(report) : reportLines(summary).join('\n')}\n`);
  return (sent?.eventsUnsent ?? 0) === 0;
}

const BAR = '{bar} {percentage}% | {value} of {total} events | {eta_formatted} left';

async function run(flags: Flags, options: GenerateOptions, context: GenerateContext): Promise<Summary> {
  const { destination, settings } = options;
  const bar = progressBar(context, BAR, settings.events);
  const startMillis = performance.now();
  const generated = await generate({ ...options, onProgress: bar.update }).finally(bar.stop);
  const seconds = (performance.now() - startMillis) / 1_000;
  const truthFile = flags.truth ?? truthFileOf(destination, flags);
  if (truthFile !== undefined) writeTruth(truthFile, settings, generated.truth);
  return { ...generated, destination: nameOf(destination), truthFile, seconds };
}

function nameOf(destination: Destination): string {
  switch (destination.kind) {
    case 'file':
      return destination.file;
    case 'stream':
      return `stream ${destination.stream.name}`;
    case 'none':
      return 'dry run';
  }
}

/** Where the truth goes when nobody said: beside the file, or with the local run's state. */
function truthFileOf(destination: Destination, { directory }: Flags): string | undefined {
  if (destination.kind === 'none') return undefined;
  if (destination.kind === 'stream') return path.join(directory, 'truth.json');
  return `${destination.file.replace(/\.(ndjson|jsonl|json)$/, '')}.truth.json`;
}

function fail(message: string): never {
  throw new UsageError(`error: ${message}`);
}

/** @throws UsageError when flags do not go together or name what is not there */
function generateOptions(flags: Flags, context: GenerateContext): GenerateOptions {
  const isStream = flags.stream !== undefined || flags.local === true;
  const settings: GeneratorSettings = {
    events: flags.events,
    sites: flags.sites,
    seed: flags.seed,
    startMillis: flags.start,
    days: flags.days,
    brokenPercent: flags.brokenPercent,
    duplicatePercent: flags.duplicatePercent,
    brokenRecords: isStream,
    ...(flags.distributions === undefined ? {} : { distributions: path.resolve(flags.distributions) }),
  };
  const problems = settingsProblems(settings);
  if (problems.length > 0) fail(problems.join('; '));
  if (settings.distributions !== undefined && !isDirectory(settings.distributions)) {
    fail(`--distributions ${flags.distributions} is no directory`);
  }
  if (flags.processes < 1 || flags.processes > MOST_PROCESSES) {
    fail(`--processes is ${flags.processes}, it must be from 1 to ${MOST_PROCESSES}`);
  }
  if (isStream) checkPast(settings, context);
  const destination = destinationOf(flags);
  const rate = flags.rate === undefined ? {} : { eventsPerSecond: flags.rate };
  return { settings, destination, processes: flags.processes, ...rate };
}

function isDirectory(directory: string): boolean {
  return statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The pipeline does not believe a `received_at` after the arrival of the event, so the truth would not hold. */
function checkPast(settings: GeneratorSettings, { nowMillis }: GenerateContext): void {
  const last = endMillis(settings) + LAST_STRAGGLER_MILLIS;
  if (last <= nowMillis()) return;
  fail(
    `the simulated time with its stragglers ends at ${new Date(last).toISOString()}, it must be over before the ` +
      'events are sent: choose an earlier --start or fewer --days',
  );
}

function destinationOf(flags: Flags): Destination {
  if (flags.dryRun) return { kind: 'none' };
  if (flags.out !== undefined) return { kind: 'file', file: flags.out };
  const { packing } = loadEnvironment('dev');
  if (flags.stream !== undefined) {
    const region = flags.region === undefined ? {} : { region: flags.region };
    return { kind: 'stream', stream: { name: flags.stream, ...region }, packing };
  }
  if (!flags.local) return fail('say where to: --out FILE, --stream NAME or --local, or --dry-run');
  const endpoints = readEndpoints(flags.directory);
  if (endpoints === undefined) return fail('no local run is up; start one with: npm start -- --keep');
  return { kind: 'stream', stream: localStream(endpoints), packing };
}
