/** The command line of `npm run send`. */

import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { Command, InvalidArgumentError, Option } from 'commander';
import { clientSettings } from '../../lambda/shared/clients';
import { SendStoppedError } from '../../lambda/shared/packing';
import { loadEnvironment } from '../../lib/config';
import { KINESIS_RECORD_BYTES } from '../../lib/contract/limits';
import { messageOf } from '../../lib/contract/words';
import { LOCAL_DIRECTORY, localClientSettings, readEndpoints } from '../../local/endpoints';
import { EXIT, runProgram, UsageError } from '../terminal/program';
import type { Terminal } from '../terminal/terminal';
import { FORMATS, type Format } from './format';
import { STDIN } from './lines';
import { progressDisplay } from './progress';
import { isComplete, reportLines } from './report';
import { type SendFilesOptions, sendFiles } from './sendFiles';
import { localVisitorKey, readVisitorKey, VISITOR_KEY_VARIABLE } from './visitorKey';

/** Where unparsable lines and unsent events are kept; git ignores it. */
const SIDE_DIRECTORY = path.join(LOCAL_DIRECTORY, 'send');

const EXAMPLES = `
Examples:
  npm run send -- --local events.ndjson             into the local run (npm start -- --keep)
  npm run send -- --stream clicks day1.log.gz       an access log, gzipped, to AWS
  zcat *.gz | npm run send -- --stream clicks --source 2026-11 -
  npm run send -- --dry-run --format combined access.log

Formats: NDJSON, an event a line, passed on as it is; or access logs in Common or Combined Log Format.
A line that cannot be parsed is counted, shown, and kept in a side file. Event ids come from source
name, line number and text, so sending a file twice changes nothing in the warehouse.
Exit code: 0 all sent, 1 something was not sent or not read, 2 wrong usage.
`;

interface Flags {
  readonly stream?: string;
  readonly local?: true;
  readonly dryRun?: true;
  readonly region?: string;
  readonly format?: Format;
  readonly site?: string;
  readonly siteUrl?: string;
  readonly source?: string;
  readonly packBytes: number;
  readonly compression: 'gzip' | 'none';
  readonly visitorKeyFile?: string;
  readonly sideDir: string;
  readonly unsent?: string;
  readonly directory: string;
  readonly json?: true;
}

/** What the command touches of its process. */
export interface SendContext extends Terminal {
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Runs the command.
 * @param args what follows the command's name
 * @returns the exit code
 */
export function runSend(args: readonly string[], context: SendContext): Promise<number> {
  let areAllSent = false;
  const command = sendCommand().action(async (files: string[], flags: Flags) => {
    areAllSent = await send(files, flags, context);
  });
  return runProgram(command, args, context, () => (areAllSent ? EXIT.done : EXIT.failed));
}

/** @returns whether every line was read and every event sent */
async function send(files: readonly string[], flags: Flags, context: SendContext): Promise<boolean> {
  const options = sendOptions(files, flags, context);
  const display = progressDisplay(files, context);
  const summary = await sendFiles({ ...options, onProgress: display.update })
    .catch((error: unknown) => stopped(error, options.unsentFile, context))
    .finally(display.stop);
  if (summary === undefined) return false;
  context.out(`${flags.json ? JSON.stringify(summary) : reportLines(summary).join('\n')}\n`);
  return isComplete(summary);
}

/** Says why sending stopped and what to do about it; other errors are not for this command to explain. */
function stopped(error: unknown, unsentFile: string, context: SendContext): undefined {
  if (!(error instanceof SendStoppedError)) throw error;
  const kept = existsSync(unsentFile) ? `Events read and not sent are in ${unsentFile}. ` : '';
  context.err(
    `${error.message}\n${error.counts.eventsSent} events had been sent. ${kept}` +
      'Sending the same files again adds nothing twice.\n',
  );
}

function sendCommand(): Command {
  const { packing } = loadEnvironment('dev');
  return new Command('npm run send --')
    .description('Sends files of events or access logs to a Kinesis stream and accounts for every line.')
    .argument('<file...>', `files, plain or gzipped; "${STDIN}" is standard input`)
    .addOption(new Option('--stream <name>', 'stream to send to').conflicts(['local', 'dryRun']))
    .addOption(new Option('--local', 'send to the local run that is up').conflicts('dryRun'))
    .option('--dry-run', 'read, pack and count, and send nothing')
    .option('--region <region>', 'AWS region (default: as the AWS SDK finds it)')
    .addOption(
      new Option('--format <format>', 'format of the files (default: told by first lines)').choices(FORMATS),
    )
    .option('--site <id>', 'site_id of access log lines (default: host of --site-url, else the file name)')
    .option(
      '--site-url <url>',
      'scheme and host of an access log (default: https:// and --site)',
      parseSiteUrl,
    )
    .option('--source <name>', 'source name, part of event ids (default: the file name without .gz)')
    .option(
      '--pack-bytes <bytes>',
      'pack size before compression, 0 for no packing',
      parsePackBytes,
      packing.packBytes,
    )
    .addOption(
      new Option('--compression <kind>', 'of the packs')
        .choices(['gzip', 'none'])
        .default(packing.compression),
    )
    .option(
      '--visitor-key-file <file>',
      `key of visitor ids (default: ${VISITOR_KEY_VARIABLE}; --local has its own)`,
    )
    .addOption(
      new Option('--side-dir <directory>', 'where <source>.unparsable goes').default(
        SIDE_DIRECTORY,
        '.local/send',
      ),
    )
    .option(
      '--unsent <file>',
      'where events that could not be sent are appended (default: a new file in --side-dir)',
    )
    .addOption(
      new Option('--directory <path>', 'where the local run keeps its state').default(
        LOCAL_DIRECTORY,
        '.local',
      ),
    )
    .option('--json', 'print the summary as JSON')
    .addHelpText('after', EXAMPLES);
}

function fail(message: string): never {
  throw new UsageError(`error: ${message}`);
}

/** @throws UsageError when flags do not go together or name what is not there */
function sendOptions(files: readonly string[], flags: Flags, { env }: SendContext): SendFilesOptions {
  if (flags.source !== undefined && files.length > 1) fail('--source names one file, there are several');
  for (const file of files) if (file !== STDIN) checkReadable(file);
  const stream = flags.dryRun ? undefined : streamOf(flags);
  const unsentFile = flags.unsent ?? path.join(flags.sideDir, `unsent-${new Date().toISOString()}.ndjson`);
  if (files.some((file) => path.resolve(file) === path.resolve(unsentFile))) {
    fail('--unsent is one of the files to send, it must be another');
  }
  return {
    inputs: files,
    stream,
    packing: {
      packBytes: flags.packBytes,
      compression: flags.compression,
      maxExpandedBytes: loadEnvironment('dev').packing.maxExpandedBytes,
    },
    format: flags.format,
    source: flags.source,
    siteId: flags.site,
    siteUrl: flags.siteUrl,
    visitorKey: visitorKeyOf(flags, env),
    sideDirectory: flags.sideDir,
    unsentFile,
  };
}

function streamOf(flags: Flags) {
  if (flags.stream !== undefined) {
    return { client: new KinesisClient({ ...clientSettings(), region: flags.region }), name: flags.stream };
  }
  if (!flags.local) return fail('name a stream (--stream NAME), or use --local or --dry-run');
  const endpoints = readEndpoints(flags.directory);
  if (endpoints === undefined) return fail('no local run is up; start one with: npm start -- --keep');
  return { client: new KinesisClient(localClientSettings(endpoints.kinesis)), name: endpoints.streamName };
}

function visitorKeyOf(flags: Flags, env: NodeJS.ProcessEnv) {
  try {
    const key = readVisitorKey(flags.visitorKeyFile, env);
    if (key !== undefined) return key;
  } catch (error) {
    return fail(messageOf(error));
  }
  if (flags.local) return localVisitorKey(flags.directory);
  // A dry run shows no ids, so any key will do.
  return flags.dryRun ? randomBytes(32).toString('hex') : undefined;
}

function checkReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    fail(`cannot read ${file}: ${messageOf(error)}`);
  }
  if (statSync(file).isDirectory()) fail(`${file} is a directory, it must be a file`);
}

function parsePackBytes(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= KINESIS_RECORD_BYTES) return value;
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${KINESIS_RECORD_BYTES}.`);
}

function parseSiteUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '') return url.origin;
  throw new InvalidArgumentError('It must be scheme and host, such as https://www.example.com.');
}
