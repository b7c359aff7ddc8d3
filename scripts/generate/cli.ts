/** The command line of `npm run generate`. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { CommanderError } from 'commander';
import { loadEnvironment } from '../../lib/config';
import { LOCAL_DIRECTORY, readEndpoints } from '../../local/endpoints';
import { check } from './check';
import { type Flags, generateCommand } from './command';
import { type Destination, type GenerateOptions, generate, MOST_PROCESSES } from './generate';
import { localStream } from './output/streamTarget';
import { progressDisplay } from './progress';
import { reportLines, type Summary, totalsOf } from './report';
import { endMillis, type GeneratorSettings, LAST_STRAGGLER_MILLIS, settingsProblems } from './settings';
import { writeTruth } from './truthFile';

/** Exit codes: all generated; it failed or something was not sent; the command itself is wrong. */
const EXIT = { complete: 0, incomplete: 1, usage: 2 } as const;

/** Where the command writes, and what it knows of its surroundings. */
export interface GenerateCommandContext {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean };
  readonly nowMillis: () => number;
  /** Where the local run keeps its state. */
  readonly localDirectory: string;
}

const SYSTEM_CONTEXT: GenerateCommandContext = {
  stdout: process.stdout,
  stderr: process.stderr,
  nowMillis: Date.now,
  localDirectory: LOCAL_DIRECTORY,
};

/**
 * Runs the command.
 * @param args what follows the command's name
 * @returns the exit code
 */
export async function runGenerate(
  args: readonly string[],
  context: GenerateCommandContext = SYSTEM_CONTEXT,
): Promise<number> {
  const command = generateCommand(context);
  try {
    command.parse([...args], { from: 'user' });
    const flags = command.opts<Flags>();
    if (flags.check !== undefined) {
      const { isEqual, lines } = await check(flags.check, context.localDirectory);
      context.stdout.write(`${lines.join('\n')}\n`);
      return isEqual ? EXIT.complete : EXIT.incomplete;
    }
    const options = generateOptions(flags, context, (message) => command.error(`error: ${message}`));
    const summary = await run(flags, options, context);
    const { destination, truth, seconds, truthFile, fileBytes, sent } = summary;
    const report = { destination, truth: totalsOf(truth), truthFile, seconds, fileBytes, sent };
    context.stdout.write(`${flags.json ? JSON.stringify(report) : reportLines(summary).join('\n')}\n`);
    return (sent?.eventsUnsent ?? 0) === 0 ? EXIT.complete : EXIT.incomplete;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.complete : EXIT.usage;
    context.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return EXIT.incomplete;
  }
}

async function run(
  flags: Flags,
  options: GenerateOptions,
  context: GenerateCommandContext,
): Promise<Summary> {
  const { destination, settings } = options;
  const display = progressDisplay(settings.events, context.stderr);
  const startMillis = performance.now();
  const generated = await generate({ ...options, onProgress: display.update }).finally(display.stop);
  const seconds = (performance.now() - startMillis) / 1_000;
  const truthFile = flags.truth ?? truthFileOf(destination, context);
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
function truthFileOf(
  destination: Destination,
  { localDirectory }: GenerateCommandContext,
): string | undefined {
  if (destination.kind === 'none') return undefined;
  if (destination.kind === 'stream') return path.join(localDirectory, 'truth.json');
  return `${destination.file.replace(/\.(ndjson|jsonl|json)$/, '')}.truth.json`;
}

type Fail = (message: string) => never;

function generateOptions(flags: Flags, context: GenerateCommandContext, fail: Fail): GenerateOptions {
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
  if (isStream) checkPast(settings, context, fail);
  const destination = destinationOf(flags, context, fail);
  const rate = flags.rate === undefined ? {} : { eventsPerSecond: flags.rate };
  return { settings, destination, processes: flags.processes, ...rate };
}

function isDirectory(directory: string): boolean {
  return statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The pipeline does not believe a `received_at` after the arrival of the event, so the truth would not hold. */
function checkPast(settings: GeneratorSettings, { nowMillis }: GenerateCommandContext, fail: Fail): void {
  const last = endMillis(settings) + LAST_STRAGGLER_MILLIS;
  if (last <= nowMillis()) return;
  fail(
    `the simulated time with its stragglers ends at ${new Date(last).toISOString()}, it must be over before the ` +
      'events are sent: choose an earlier --start or fewer --days',
  );
}

function destinationOf(flags: Flags, { localDirectory }: GenerateCommandContext, fail: Fail): Destination {
  if (flags.dryRun) return { kind: 'none' };
  if (flags.out !== undefined) return { kind: 'file', file: flags.out };
  const { packing } = loadEnvironment('dev');
  if (flags.stream !== undefined) {
    const region = flags.region === undefined ? {} : { region: flags.region };
    return { kind: 'stream', stream: { name: flags.stream, ...region }, packing };
  }
  if (!flags.local) return fail('say where to: --out FILE, --stream NAME or --local, or --dry-run');
  const endpoints = readEndpoints(localDirectory);
  if (endpoints === undefined) return fail('no local run is up; start one with: npm start -- --keep');
  return { kind: 'stream', stream: localStream(endpoints), packing };
}
