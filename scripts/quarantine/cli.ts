/** The command line of `npm run quarantine`. */

import { Command } from 'commander';
import { QUARANTINE_PREFIX } from '../../lib/contract/lakeLayout';
import { counted, messageOf } from '../../lib/contract/words';
import { addTargetOptions, type TargetFlags, withTarget } from '../target/targetCommand';
import { EXIT, runProgram, UsageError } from '../terminal/program';
import type { Terminal } from '../terminal/terminal';
import { history, type LedgerRow, openRows } from './ledger';
import { drop, type ReleaseResult, type ReleaseTools, retry } from './release';
import { amountOf, amountText, listText, resultText, showText } from './report';

interface Flags extends TargetFlags {
  readonly all?: true;
  readonly dryRun?: true;
  readonly yes?: true;
}

const EXAMPLES = `
Examples:
  npm run quarantine -- list
  npm run quarantine -- show events/year=2026/month=03/day=01/hour=12/a.parquet
  npm run quarantine -- retry --all --dry-run
  npm run quarantine -- retry events/year=2026/month=03/day=01/hour=12/a.parquet --env prod
  npm run quarantine -- drop events/year=2026/month=03/day=01/hour=12/a.parquet --yes

Without --env it works on the local run that is up (npm start -- --keep).
Exit code: 0 done, 1 something failed, 2 wrong usage or --yes is missing.
`;

type Action = (tools: ReleaseTools, keys: readonly string[], flags: Flags) => Promise<number>;

/** Runs the command; the exit code. */
export function runQuarantine(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = new Command('npm run quarantine --')
    .usage('<command> [options]')
    .description('Looks at objects that could not be loaded, and decides about them.')
    .addHelpText('after', EXAMPLES);
  addTargetOptions(program);
  const act = (action: Action) => async (keys: readonly string[], _: unknown, command: Command) => {
    exitCode = await onTarget(command.optsWithGlobals<Flags>(), terminal, keys, action);
  };
  program
    .command('list')
    .description('what is in quarantine')
    .action((_, command: Command) => act(list(terminal))([], _, command));
  program
    .command('show')
    .description('everything about an object, with the words of the error')
    .argument('<key>')
    .action((key: string, _, command: Command) => act(show(terminal))([key], _, command));
  program
    .command('retry')
    .description('put objects back: the next load takes them')
    .argument('[keys...]')
    .option('--all', 'all that are in quarantine')
    .option('--dry-run', 'only say what would be done')
    .action(act(retryAll(terminal)));
  program
    .command('drop')
    .description('delete objects: their rows are lost')
    .argument('<keys...>')
    .option('--yes', 'without it nothing is deleted')
    .action(act(dropAll(terminal)));
  return runProgram(program, args, terminal, () => exitCode);
}

function onTarget(
  flags: Flags,
  terminal: Terminal,
  keys: readonly string[],
  action: Action,
): Promise<number> {
  return withTarget(flags, (target) => {
    terminal.err(`Quarantine of the ${target.title}\n`);
    return action({ ...target, dataApi: target.dataApi() }, keys.map(originalKey), flags);
  });
}

/** People may copy either key. */
function originalKey(key: string): string {
  return key.startsWith(QUARANTINE_PREFIX) ? key.slice(QUARANTINE_PREFIX.length) : key;
}

function list({ out, err }: Terminal): Action {
  return async ({ dataApi }, _, { json }) => {
    const rows = await openRows(dataApi);
    out(`${json ? asJson(rows) : listText(rows)}\n`);
    if (rows.length > 0) err(`${amountText(amountOf(rows))}\n`);
    return EXIT.done;
  };
}

function show({ out }: Terminal): Action {
  return async ({ dataApi }, keys, { json }) => {
    const rows = (await Promise.all(keys.map((key) => history(dataApi, key)))).flat();
    if (rows.length === 0) throw new Error(`${keys[0]} has never been in quarantine`);
    out(`${json ? asJson(rows) : showText(rows)}\n`);
    return EXIT.done;
  };
}

function retryAll(terminal: Terminal): Action {
  return async (tools, keys, { all, dryRun, json }) => {
    if ((keys.length === 0) === (all === undefined)) throw new UsageError('Name keys, or say --all.');
    const open = await openRows(tools.dataApi);
    const rows = all ? open : select(open, keys);
    if (dryRun) {
      terminal.out(`${json ? asJson(rows) : listText(rows)}\n`);
      terminal.err(`${amountText(amountOf(rows))} would be put back. Nothing was done.\n`);
      return EXIT.done;
    }
    return release(terminal, rows, (row) => retry(tools, row), json);
  };
}

function dropAll(terminal: Terminal): Action {
  return async (tools, keys, { yes, json }) => {
    const rows = select(await openRows(tools.dataApi), keys);
    if (!yes) {
      terminal.err(`${amountText(amountOf(rows))} would be lost for good. Nothing was done: say --yes.\n`);
      return EXIT.usage;
    }
    terminal.err(`Dropping ${amountText(amountOf(rows))}\n`);
    return release(terminal, rows, (row) => drop(tools, row), json);
  };
}

/** @throws Error naming the keys that are not in quarantine */
function select(open: readonly LedgerRow[], keys: readonly string[]): LedgerRow[] {
  const unknown = keys.filter((key) => !open.some((row) => row.key === key));
  if (unknown.length > 0) throw new Error(`Not in quarantine: ${unknown.join(', ')}`);
  return open.filter(({ key }) => keys.includes(key));
}

/** One after the other, so that what was done is known wherever it is stopped. */
async function release(
  { out, err }: Terminal,
  rows: readonly LedgerRow[],
  one: (row: LedgerRow) => Promise<ReleaseResult>,
  json: true | undefined,
): Promise<number> {
  const results: ReleaseResult[] = [];
  for (const row of rows) {
    let result: ReleaseResult;
    try {
      result = await one(row);
    } catch (error) {
      result = { key: row.key, outcome: 'failed', note: messageOf(error) };
    }
    results.push(result);
    if (!json) out(`${resultText([result])}\n`);
  }
  if (json) out(`${asJson(results)}\n`);
  const failed = results.filter(({ outcome }) => outcome === 'failed').length;
  err(`${counted(results.length - failed, 'object')} done, ${failed} failed\n`);
  return failed === 0 ? EXIT.done : EXIT.failed;
}

function asJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
