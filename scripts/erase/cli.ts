/** The command line of `npm run erase`. */
import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { loadEnvironment } from '../../lib/config';
import { counted } from '../../lib/contract/words';
import { hour } from '../target/hour';
import type { Target } from '../target/target';
import { addTargetOptions, type TargetFlags, withTarget } from '../target/targetCommand';
import { EXIT, runProgram, UsageError } from '../terminal/program';
import type { Terminal } from '../terminal/terminal';
import { type ErasureRequest, erase, search } from './erase';
import type { Horizons } from './receipt';
import type { PartitionRecord } from './records';
import { receiptText, searchJson, searchText } from './report';
import { receiptKey } from './state';

interface Flags extends TargetFlags {
  readonly visitor?: string;
  readonly user?: string;
  readonly site?: string;
  readonly from?: number;
  readonly to?: number;
  readonly withVisitors?: true;
  readonly execute?: true;
  readonly verify?: true;
  readonly receipt?: string;
}

const EXAMPLES = `
Examples:
  npm run erase -- --visitor 9f2c41                       what is there of the visitor; changes nothing
  npm run erase -- --visitor 9f2c41 --execute             erases it
  npm run erase -- --visitor 9f2c41 --verify              searches again: exit code 1 when anything is left
  npm run erase -- --user u-1207 --with-visitors --execute --env prod --receipt u.json
  npm run erase -- --visitor 9f2c41 --from 2026-03-01 --to 2026-04-01 --execute

Works on the local run that is up (npm start -- --keep), or on the environment that --env names. An erasure that was
interrupted goes on when the same command is given again. The receipt is erasures/<id>/receipt.json in the lake.
Exit code: 0 done, 1 failed, incomplete or, with --verify, something is left, 2 wrong usage.
`;

/** Runs the command; the exit code. */
export function runErase(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = eraseCommand().action(async (flags: Flags) => {
    checkFlags(flags);
    exitCode = await run(flags, terminal);
  });
  return runProgram(program, args, terminal, () => exitCode);
}

function eraseCommand(): Command {
  const command = new Command('npm run erase --')
    .usage('--visitor <id> | --user <id> [options]')
    .description(
      'Erases what lake and warehouse hold of a visitor or user; a dry run unless --execute is given.',
    )
    .addOption(new Option('--visitor <id>', 'visitor, as the tracker knows it').conflicts('user'))
    .option('--user <id>', 'logged-in user, as the site knows them')
    .option('--with-visitors', 'with --user: also events without a user of the visitors the user was seen as')
    .option('--site <site>', 'only events of this site (default: all sites)')
    .option(
      '--from <time>',
      'search the lake from this arrival hour on, UTC: 2026-03-01 or 2026-03-01T05',
      hour,
    )
    .option('--to <time>', 'search the lake before this arrival hour, UTC', hour)
    .addOption(new Option('--execute', 'erase; without it nothing is changed').conflicts('verify'))
    .option('--verify', 'search, and exit with 1 when anything is found')
    .option('--receipt <file>', 'write the receipt to a file, too')
    .addHelpText('after', EXAMPLES);
  return addTargetOptions(command, 'print the receipt, or what was found, as JSON');
}

/** @throws UsageError when the flags do not go together */
function checkFlags({ visitor, user, withVisitors, from, to, receipt, execute }: Flags): void {
  const id = visitor ?? user;
  if (id === undefined || id === '')
    throw new UsageError('Name whom to erase: --visitor <id> or --user <id>.');
  if (withVisitors && user === undefined) throw new UsageError('--with-visitors goes with --user.');
  if (receipt !== undefined && !execute)
    throw new UsageError('--receipt goes with --execute: a dry run has none.');
  if (from !== undefined && to !== undefined && from >= to)
    throw new UsageError('--from must be before --to.');
}

function run(flags: Flags, terminal: Terminal): Promise<number> {
  return withTarget(flags, (target) => {
    const request = requestOf(flags, target, terminal);
    return flags.execute ? execute(request, flags, terminal) : look(request, flags, terminal);
  });
}

function requestOf(flags: Flags, target: Target, terminal: Terminal): ErasureRequest {
  const { visitor, user, site, from, to, withVisitors } = flags;
  return {
    target,
    subject: {
      kind: visitor === undefined ? 'user' : 'visitor',
      id: visitor ?? user ?? '',
      site,
      withVisitors: withVisitors === true,
    },
    range: { fromMillis: from, toMillis: to },
    onProgress: ({ prefix, versions }: PartitionRecord, hits) =>
      terminal.err(`${prefix} ${counted(versions, 'version')} searched, ${hits} with events of them\n`),
  };
}

async function look(request: ErasureRequest, { json, verify }: Flags, terminal: Terminal): Promise<number> {
  const report = await search(request);
  terminal.out(json ? `${JSON.stringify(searchJson(report), null, 2)}\n` : searchText(report, request));
  const isIncomplete =
    report.partitions.some(({ notSearched }) => notSearched.length > 0) || report.warehouse.left.length > 0;
  const isFound = report.hits.length > 0 || report.warehouse.tables.some(({ found }) => found > 0);
  return isIncomplete || (verify && isFound) ? EXIT.failed : EXIT.done;
}

async function execute(request: ErasureRequest, flags: Flags, terminal: Terminal): Promise<number> {
  const receipt = await erase(request, horizonsOf(request.target.environment));
  if (flags.receipt !== undefined) writeFileSync(flags.receipt, `${JSON.stringify(receipt, null, 2)}\n`);
  const where = `s3://${request.target.bucketName}/${receiptKey(receipt.erasureId)}`;
  terminal.out(flags.json ? `${JSON.stringify(receipt, null, 2)}\n` : receiptText(receipt, where));
  const isIncomplete = receipt.notSearched.length > 0 || receipt.warehouse.left.length > 0;
  return isIncomplete ? EXIT.failed : EXIT.done;
}

/** Until when copies may turn up or live on. */
function horizonsOf(environment: string): Horizons {
  const { stream, warehouse } = loadEnvironment(environment);
  return { inFlightHours: stream.retentionHours, snapshotDays: warehouse.snapshotRetentionDays };
}
