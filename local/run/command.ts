/** The command line of `npm start`. */

import { accessSync, constants, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { LiveEvents } from '../../console/server/feed/liveEvents';
import { messageOf } from '../../lib/contract/words';
import { progressDisplay } from '../../scripts/send/progress';
import { openBrowser } from '../../scripts/terminal/openBrowser';
import { runProgram } from '../../scripts/terminal/program';
import type { Terminal } from '../../scripts/terminal/terminal';
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

/** What the command touches of its process. */
export interface StartContext extends Terminal {
  /** Assembly to run instead of synthesizing one. */
  readonly assemblyDirectory?: string;
}

/**
 * Runs the command.
 * @param args what follows the command's name
 * @returns the exit code
 */
export function runStart(args: readonly string[], context: StartContext): Promise<number> {
  let exitCode: number = EXIT.unsound;
  const command = startCommand().action(async (files: string[], flags: Flags) => {
    exitCode = await start(files, flags, context);
  });
  return runProgram(command, args, context, () => exitCode);
}

async function start(files: readonly string[], flags: Flags, context: StartContext): Promise<number> {
  const { directory } = flags;
  const started = performance.now();
  const say = (message: string) => context.err(`${message}\n`);
  const progress = (message: string) => {
    say(`${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s  ${message}`);
  };
  try {
    refuseSecond(directory);
    for (const file of files) refuseUnreadable(file);
    if (flags.fresh) wipe(directory, progress);
    const problems: string[] = [];
    const live = flags.keep ? new LiveEvents() : undefined;
    const pipeline = await startLocalPipeline({
      assemblyDirectory: await assembly(directory, context, progress),
      directory,
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
      if (live) opened = await openConsole(pipeline, live, directory, progress);
      const seconds = () => (performance.now() - started) / 1_000;
      const running = run(pipeline, files, flags, context, { progress, problems, seconds });
      const report = await Promise.race([running, stopping.asked]);
      if (report === 'stop') {
        // What it still tries fails, because the servers go.
        running.catch(() => {});
        await opened?.close();
        await pipeline.abort();
        return EXIT.interrupted;
      }
      context.out(`${flags.json ? JSON.stringify(report) : reportText(report)}\n`);
      if (!flags.json) say(whereabouts(directory));
      if (flags.keep) {
        if (flags.open && opened) openBrowser(opened.url, context);
        say(`\nUp until Ctrl-C:\n${endpointLines(pipeline, directory)}\n  Console        ${opened?.url}`);
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
    say(`ERROR: ${flags.verbose && error instanceof Error ? error.stack : messageOf(error)}`);
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
  const display = progressDisplay(files, context);
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
  directory: string,
  { assemblyDirectory }: StartContext,
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
  for (const name of ['s3', 'sqs', 'glue', 'send', 'scratch', 'warehouse.duckdb', 'warehouse.duckdb.wal']) {
    rmSync(path.join(directory, name), { recursive: true, force: true });
  }
  rmSync(endpointsFile(directory), { force: true });
}

function shownPath(directory: string): string {
  const relative = path.relative(process.cwd(), directory) || '.';
  return relative.startsWith('..') ? path.resolve(directory) : relative;
}

/** What other commands need to find a run that is not in the usual place. */
function directoryFlag(directory: string): string {
  return directory === LOCAL_DIRECTORY ? '' : ` --directory ${shownPath(directory)}`;
}

function whereabouts(directory: string): string {
  const shown = shownPath(directory);
  return [
    '',
    `Files:     ${shown}/s3 (the lake), ${shown}/warehouse.duckdb, ${shown}/cdk.out (the templates it ran)`,
    `Query:     npm run query --${directoryFlag(directory)} "select event_name, count(*) from analysis.events group by 1"`,
    `Stay up:   npm start -- --keep${directoryFlag(directory)}`,
  ].join('\n');
}

function endpointLines({ endpoints }: LocalPipeline, directory: string): string {
  const { kinesis, firehose, s3, sqs, redshiftData, streamName, bucketName } = endpoints;
  return [
    `  Kinesis        ${kinesis}  stream ${streamName}`,
    `  Firehose       ${firehose}`,
    `  S3             ${s3}  bucket ${bucketName}`,
    `  SQS            ${sqs}`,
    `  Redshift Data  ${redshiftData}  cluster ${endpoints.clusterIdentifier}, database ${endpoints.databaseName}`,
    `  Send:          npm run send -- --local${directoryFlag(directory)} FILE`,
  ].join('\n');
}
