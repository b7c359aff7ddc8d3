/** The command line of `npm run partitions`. */
import { Command } from 'commander';
import { Partitions } from '../../lambda/shared/partitions';
import { addTargetOptions, type TargetFlags, withTarget } from '../target/targetCommand';
import { EXIT, runProgram, UsageError } from '../terminal/program';
import type { Terminal } from '../terminal/terminal';
import { type HourRange, listPartitions } from './listPartitions';

interface Flags extends TargetFlags {
  readonly from?: string;
  readonly to?: string;
  readonly dryRun?: true;
}

const EXAMPLES = `
Examples:
  npm run partitions -- --env prod
  npm run partitions -- --env prod --from 2026-10-01 --to 2026-10-31
  npm run partitions -- --dry-run

The loader registers the partitions it loads into; this is for those that were there before. Registering twice does
no harm. Without --env it works on the local run that is up (npm start -- --keep).
Exit code: 0 done, 1 failed, 2 wrong usage.
`;

/** Partitions registered in one go, so that progress shows. */
const CHUNK = 100;

/** Runs the command; the exit code. */
export function runPartitions(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = new Command('npm run partitions --')
    .usage('[options]')
    .description('Registers the hours of the lake in the catalog, so that the warehouse can query them.')
    .option('--from <hour>', 'first hour in UTC, such as 2026-10-01 or 2026-10-01T07 (default: all)')
    .option('--to <hour>', 'last hour in UTC, itself included')
    .option('--dry-run', 'only say which there are')
    .addHelpText('after', EXAMPLES);
  addTargetOptions(program).action((flags: Flags) => register(flags, terminal));
  return runProgram(program, args, terminal, () => EXIT.done);
}

async function register(flags: Flags, terminal: Terminal): Promise<void> {
  const range: HourRange = {
    ...(flags.from === undefined ? {} : { from: hourDigits('--from', flags.from) }),
    ...(flags.to === undefined ? {} : { to: hourDigits('--to', flags.to) }),
  };
  await withTarget(flags, async (target) => {
    const registry = new Partitions(target.glue, target.lakeDatabaseName, target.bucketName);
    const prefixes: string[] = [];
    let waiting: string[] = [];
    const flush = async () => {
      if (flags.dryRun === undefined) await registry.register(waiting);
      prefixes.push(...waiting);
      waiting = [];
      terminal.err(`${prefixes.length} partitions, the last ${prefixes.at(-1) ?? 'none'}\n`);
    };
    for await (const prefix of listPartitions(target.s3, target.bucketName, range)) {
      waiting.push(prefix);
      if (waiting.length === CHUNK) await flush();
    }
    await flush();
    const verb = flags.dryRun ? 'found in' : 'registered of';
    const text = `${prefixes.length} partitions ${verb} the ${target.title}`;
    terminal.out(`${flags.json ? JSON.stringify({ isDryRun: flags.dryRun === true, prefixes }) : text}\n`);
  });
}

/**
 * Digits of a day or an hour.
 * @throws UsageError when it is none
 */
function hourDigits(flag: string, text: string): string {
  const match = /^(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d))?)?$/.exec(text);
  if (match === null) {
    throw new UsageError(
      `${flag} is "${text}", it must be a month, day or hour such as 2026-10, 2026-10-01 or 2026-10-01T07`,
    );
  }
  return match.slice(1).join('');
}
