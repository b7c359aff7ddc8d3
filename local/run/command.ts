/** The command line of `npm start`. */
import { accessSync, constants, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { CommanderError } from 'commander';
import { LiveEvents } from '../../console/server/feed/liveEvents';
import { progressDisplay } from '../../scripts/send/progress';
import { endpointsFile, LOCAL_DIRECTORY } from '../endpoints';
import type { LoopbackServer } from '../http/loopbackServer';
import { SAMPLE_SOURCE, sampleLines } from '../sample';
import { askQuestions } from './answers';
import { type Flags, startCommand } from './options';
import { countEvents, type LocalPipeline, refuseSecond, startLocalPipeline } from './pipeline';
import { isSound, type RunReport, reportText, runReport } from './report';
import type { SendOptions } from './sending';
import { Stopping } from './stopping';
import { synthesize } from './synthesize';

/** Exit codes: all is well; something is not accounted for or went wrong; wrong usage; stopped by Ctrl-C. */
export const EXIT = { sound: 0, unsound: 1, usage: 2, interrupted: 130 } as const;

/** The local run is the cheapest environment. */
const ENVIRONMENT = 'dev';

/** Where the command writes. */
export interface StartContext {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean };
  /** Where state is kept. */
  readonly directory: string;
  /** Assembly to run instead of synthesizing one. */
  readonly assemblyDirectory?: string;
}

const SYSTEM_CONTEXT: StartContext = {
  stdout: process.stdout,
  stderr: process.stderr,
  directory: LOCAL_DIRECTORY,
};

/**
 * Runs the command.
 * @param args what follows the command's name
 * @returns the exit code
 */
export async function runStart(
  args: readonly string[],
  context: StartContext = SYSTEM_CONTEXT,
): Promise<number> {
  const command = startCommand(context);
  try {
    command.parse([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.sound : EXIT.usage;
    throw error;
  }
  const flags = command.opts<Flags>();
  const started = performance.now();
  const say = (message: string) => context.stderr.write(`${message}\n`);
  const progress = (message: string) => {
    say(`${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s  ${message}`);
  };
  try {
    refuseSecond(context.directory);
    for (const file of command.args) refuseUnreadable(file);
    if (flags.fresh) wipe(context.directory, progress);
    const problems: string[] = [];
    const live = flags.keep ? new LiveEvents() : undefined;
    const pipeline = await startLocalPipeline({
      assemblyDirectory: await assembly(context, progress),
      directory: context.directory,
      environment: ENVIRONMENT,
      speedUp: flags.speedUp,
      onProgress: progress,
      onProblem: (problem) => {
        problems.push(problem);
        say(`ERROR: ${problem}`);
      },
      ...(flags.verbose ? { onOutput: (name: string, line: string) => say(`[${name}] ${line}`) } : {}),
      ...(live ? { observer: live } : {}),
    });
    const stopping = new Stopping(say, () => process.exit(EXIT.interrupted));
    let opened: LoopbackServer | undefined;
    try {
      if (live) opened = await openConsole(pipeline, live, context.directory, progress);
      const seconds = () => (performance.now() - started) / 1_000;
      const running = run(pipeline, command.args, flags, context, { progress, problems, seconds });
      const report = await Promise.race([running, stopping.asked]);
      if (report === 'stop') {
        // What it still tries fails, because the servers go.
        running.catch(() => {});
        await opened?.close();
        await pipeline.abort();
        return EXIT.interrupted;
      }
      context.stdout.write(`${flags.json ? JSON.stringify(report) : reportText(report)}\n`);
      if (!flags.json) say(whereabouts(context.directory));
      if (flags.keep) {
        say(`\nUp until Ctrl-C:\n${endpointLines(pipeline)}\n  Console        ${opened?.url}`);
        await stopping.asked;
        progress('delivering and loading what is under way');
      }
      await opened?.close();
      await pipeline.close();
      const unexpected = flags.expectNoNewRows === true && report.counts.loads.rowsNew > 0;
      if (unexpected) say(`ERROR: ${report.counts.loads.rowsNew} new rows, but none were expected`);
      return isSound(report) && problems.length === 0 && !unexpected ? EXIT.sound : EXIT.unsound;
    } catch (error) {
      await opened?.close();
      await pipeline.abort();
      throw error;
    } finally {
      stopping.forget();
    }
  } catch (error) {
    say(
      `ERROR: ${flags.verbose && error instanceof Error ? error.stack : error instanceof Error ? error.message : error}`,
    );
    return EXIT.unsound;
  }
}

/** Serves the console while the run is up, from its beginning: one can watch the events go through. */
async function openConsole(
  pipeline: LocalPipeline,
  live: LiveEvents,
  directory: string,
  progress: (message: string) => void,
): Promise<LoopbackServer> {
  // Only a run that stays up needs the console's libraries.
  const { consoleOfPipeline } = await import('../../console/attach');
  const opened = await consoleOfPipeline(pipeline, live, { directory });
  progress(`console: ${opened.url}`);
  return opened;
}

/**
 * Says that a file cannot be read before any work is done for it.
 * @throws Error naming the file
 */
function refuseUnreadable(file: string): void {
  if (file === '-') return;
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new Error(`${file} is no file. Name NDJSON files or access logs, plain or gzipped.`);
  }
  accessSync(file, constants.R_OK);
}

interface Surroundings {
  readonly progress: (message: string) => void;
  readonly problems: readonly string[];
  readonly seconds: () => number;
}

async function run(
  pipeline: LocalPipeline,
  files: readonly string[],
  flags: Flags,
  context: StartContext,
  { progress, problems, seconds }: Surroundings,
): Promise<RunReport> {
  const { recovered } = pipeline;
  if (recovered.objectsLoaded > 0) {
    progress(
      `recovered ${recovered.rowsNew} rows of ${recovered.objectsLoaded} objects an earlier run had not loaded`,
    );
  }
  const rowsBefore = await countEvents(pipeline);
  progress(files.length === 0 ? 'sending the built-in sample' : `sending ${files.join(', ')}`);
  const display = progressDisplay(files, context.stderr);
  const sent = await pipeline.send(sendOptions(files, flags, display.update)).finally(display.stop);
  progress('delivering and loading');
  await pipeline.drain();
  const rowsAfter = await countEvents(pipeline);
  progress('auditing');
  const audit = await pipeline.audit();
  progress('asking the warehouse');
  const answers = await askQuestions(pipeline.query);
  const counts = pipeline.counts();
  return runReport({
    sent,
    counts,
    warehouse: { rowsBefore, rowsAfter },
    recovered,
    audit,
    answers,
    problems,
    seconds: seconds(),
  });
}

function sendOptions(
  files: readonly string[],
  { format, site, siteUrl, source }: Flags,
  onProgress: SendOptions['onProgress'],
): SendOptions {
  return {
    inputs: files.length === 0 ? [{ source: SAMPLE_SOURCE, lines: sampleLines() }] : files,
    ...(format === undefined ? {} : { format }),
    ...(site === undefined ? {} : { siteId: site }),
    ...(siteUrl === undefined ? {} : { siteUrl }),
    ...(source === undefined ? {} : { source }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
}

async function assembly(
  { assemblyDirectory, directory }: StartContext,
  progress: (message: string) => void,
): Promise<string> {
  if (assemblyDirectory !== undefined) return assemblyDirectory;
  progress('synthesizing the dev environment');
  const { directory: synthesized, reused } = await synthesize(ENVIRONMENT, path.join(directory, 'cdk.out'));
  if (reused) progress('nothing has changed since the last synthesis');
  return synthesized;
}

/** Removes all state but the assembly and the key of visitor ids. */
function wipe(directory: string, progress: (message: string) => void): void {
  progress(`removing what earlier runs left in ${shownPath(directory)}`);
  for (const name of ['s3', 'sqs', 'send', 'scratch', 'warehouse.duckdb', 'warehouse.duckdb.wal']) {
    rmSync(path.join(directory, name), { recursive: true, force: true });
  }
  rmSync(endpointsFile(directory), { force: true });
}

function shownPath(directory: string): string {
  return path.relative(process.cwd(), directory) || '.';
}

function whereabouts(directory: string): string {
  const shown = shownPath(directory);
  return [
    '',
    `Files:     ${shown}/s3 (the lake), ${shown}/warehouse.duckdb, ${shown}/cdk.out (the templates it ran)`,
    'Query:     npm run query -- "select event_name, count(*) from analysis.events group by 1"',
    'Stay up:   npm start -- --keep',
  ].join('\n');
}

function endpointLines({ endpoints }: LocalPipeline): string {
  const { kinesis, firehose, s3, sqs, redshiftData, streamName, bucketName } = endpoints;
  return [
    `  Kinesis        ${kinesis}  stream ${streamName}`,
    `  Firehose       ${firehose}`,
    `  S3             ${s3}  bucket ${bucketName}`,
    `  SQS            ${sqs}`,
    `  Redshift Data  ${redshiftData}  cluster ${endpoints.clusterIdentifier}, database ${endpoints.databaseName}`,
    '  Send:          npm run send -- --local FILE',
  ].join('\n');
}
