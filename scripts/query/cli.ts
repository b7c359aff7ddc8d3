/** The command line of `npm run query`. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { LOCAL_DIRECTORY } from '../../local/endpoints';
import { asCsv, asJson, asTable, type ResultTable } from './formats';
import { openSource, QueryError } from './sources';

/** What the command touches of its process. */
export interface Terminal {
  readStandardInput(): string;
  readonly inputIsTerminal: boolean;
  /** Width of the terminal, or undefined when the output is none. */
  readonly columns: number | undefined;
  out(text: string): void;
  err(text: string): void;
}

interface Flags {
  readonly file?: string;
  readonly json?: true;
  readonly csv?: true;
  readonly user?: string;
  readonly directory: string;
}

/** Exit codes: answered; the statement failed or there is no warehouse; the command itself is wrong. */
const EXIT = { answered: 0, failed: 1, usage: 2 } as const;

const EXAMPLES = `
Examples:
  npm run query -- "SELECT event_name, COUNT(*) FROM analysis.events GROUP BY 1 ORDER BY 2 DESC"
  npm run query -- --file report.sql --csv > report.csv
  echo "SELECT * FROM analysis.load_batches" | npm run --silent query -- --json

A run kept up with "npm start -- --keep" is asked through the Redshift Data API; otherwise the file that the
last run left is opened for reading.
Exit code: 0 answered, 1 the statement failed or there is no warehouse, 2 wrong usage.
`;

/** Runs the command; the exit code. */
export async function runQuery(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = new Command('query')
    .usage('-- [options] [sql]')
    .description('Asks the local warehouse in Redshift SQL.')
    .argument('[sql]', 'one statement; without it, it is read from standard input')
    .option('-f, --file <path>', 'read the statement from a file')
    .addOption(new Option('--json', 'print a JSON array with an object a row').conflicts('csv'))
    .option('--csv', 'print CSV with a header line')
    .option(
      '--user <name>',
      'ask as this database user, with only what is granted to it (default: the admin)',
    )
    .addOption(
      new Option('--directory <path>', 'where the local run keeps its state').default(
        LOCAL_DIRECTORY,
        '.local',
      ),
    )
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  try {
    program.parse(args, { from: 'user' });
    const flags = program.opts<Flags>();
    await ask(readStatement(program.args[0], flags.file, terminal), flags, terminal);
    return EXIT.answered;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.answered : EXIT.usage;
    terminal.err(`${error instanceof Error ? error.message : error}\n`);
    return EXIT.failed;
  }
}

function readStatement(sql: string | undefined, file: string | undefined, terminal: Terminal): string {
  if (sql !== undefined && file !== undefined) throw new QueryError('Give a statement or --file, not both.');
  if (sql === undefined && file === undefined && terminal.inputIsTerminal) {
    throw new QueryError('Give a statement: npm run query -- "SELECT ..."; see --help.');
  }
  const text = sql ?? (file === undefined ? terminal.readStandardInput() : readFileSync(file, 'utf8'));
  if (text.trim() === '') throw new QueryError('The statement is empty.');
  return text;
}

async function ask(sql: string, flags: Flags, terminal: Terminal): Promise<void> {
  const source = await openSource(flags.directory, flags.user);
  try {
    const startedAt = performance.now();
    const { columns, rows, rowCount } = await source.run(sql);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(2);
    if (columns && rows) terminal.out(`${render({ columns, rows }, flags, terminal)}\n`);
    const count = rowCount < 0 ? 'Done' : `${rowCount} row${rowCount === 1 ? '' : 's'}`;
    // The footer is for people: it stays out of what is piped on.
    terminal.err(`${count} in ${seconds} s from ${source.name}\n`);
  } finally {
    await source.close();
  }
}

function render(table: ResultTable, { json, csv }: Flags, { columns }: Terminal): string {
  if (json) return asJson(table);
  if (csv) return asCsv(table);
  return asTable(table, columns);
}
