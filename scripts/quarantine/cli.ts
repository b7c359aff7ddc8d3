/** The command line of `npm run quarantine`. */
import { Command, CommanderError, Option } from 'commander';
import { QUARANTINE_PREFIX } from '../../lib/contract/lakeLayout';
import { LOCAL_DIRECTORY } from '../../local/endpoints';
import { openTarget, type Target } from '../target/target';
import { history, type LedgerRow, openRows } from './ledger';
import { drop, type ReleaseResult, type ReleaseTools, retry } from './release';
import { amountText, listText, resultText, several, showText } from './report';

/** What the command touches of its process. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
}

interface Flags {
  readonly env?: string;
  readonly directory: string;
  readonly json?: true;
  readonly all?: true;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** Exit codes: done; something failed; the command itself is wrong, or wants --yes. */
const EXIT = { done: 0, failed: 1, usage: 2 } as const;

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

/** Wrong use of the command, in words for the person at the terminal. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Action = (tools: ReleaseTools, keys: readonly string[], flags: Flags) => Promise<number>;

/** Runs the command; the exit code. */
export async function runQuarantine(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = new Command('quarantine')
    .usage('-- <command> [options]')
    .description('Looks at objects that could not be loaded, and decides about them.')
    .option('--env <name>', 'a deployed environment instead of the local run')
    .addOption(
      new Option('--directory <path>', 'where the local run keeps its state').default(
        LOCAL_DIRECTORY,
        '.local',
      ),
    )
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
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
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    terminal.err(`${error instanceof Error ? error.message : error}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

async function onTarget(
  flags: Flags,
  terminal: Terminal,
  keys: readonly string[],
  action: Action,
): Promise<number> {
  const target: Target = await openTarget({ environment: flags.env, directory: flags.directory });
  try {
    terminal.err(`Quarantine of the ${target.title}\n`);
    return await action({ ...target, dataApi: target.dataApi() }, keys.map(originalKey), flags);
  } finally {
    target.close();
  }
}

/** People may copy either key. */
function originalKey(key: string): string {
  return key.startsWith(QUARANTINE_PREFIX) ? key.slice(QUARANTINE_PREFIX.length) : key;
}

function list({ out, err }: Terminal): Action {
  return async ({ dataApi }, _, { json }) => {
    const rows = await openRows(dataApi);
    out(`${json ? asJson(rows) : listText(rows)}\n`);
    if (rows.length > 0) err(`${amountText(rows)}\n`);
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
      terminal.err(`${amountText(rows)} would be put back. Nothing was done.\n`);
      return EXIT.done;
    }
    return release(terminal, rows, (row) => retry(tools, row), json);
  };
}

function dropAll(terminal: Terminal): Action {
  return async (tools, keys, { yes, json }) => {
    const rows = select(await openRows(tools.dataApi), keys);
    if (!yes) {
      terminal.err(`${amountText(rows)} would be lost for good. Nothing was done: say --yes.\n`);
      return EXIT.usage;
    }
    terminal.err(`Dropping ${amountText(rows)}\n`);
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
      result = { key: row.key, outcome: 'failed', note: error instanceof Error ? error.message : `${error}` };
    }
    results.push(result);
    if (!json) out(`${resultText([result])}\n`);
  }
  if (json) out(`${asJson(results)}\n`);
  const failed = results.filter(({ outcome }) => outcome === 'failed').length;
  err(`${several(results.length - failed, 'object')} done, ${failed} failed\n`);
  return failed === 0 ? EXIT.done : EXIT.failed;
}

function asJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
