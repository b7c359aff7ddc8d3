/** The command line of `npm run query`. */
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { addTargetOptions, type TargetFlags } from '../target/targetCommand';
import { runProgram, UsageError, wholeNumber } from '../terminal/program';
import type { Terminal } from '../terminal/terminal';
import { type PrintFlags, printResult } from './print';
import { openSource } from './sources';

/** What the command touches of its process. */
export interface QueryContext extends Terminal {
  readStandardInput(): string;
  readonly inputIsTerminal: boolean;
  /** Aborts when somebody wants the command to end. */
  interruption(): AbortSignal;
}

interface Flags extends TargetFlags, PrintFlags {
  readonly file?: string;
  readonly user?: string;
}

const EXAMPLES = `
Examples:
  npm run query -- "SELECT event_name, COUNT(*) FROM analysis.events GROUP BY 1 ORDER BY 2 DESC"
  npm run query -- --file report.sql --csv > report.csv
  echo "SELECT * FROM analysis.load_batches" | npm run --silent query -- --json

A run kept up with "npm start -- --keep" is asked through the Redshift Data API; otherwise the file that the
last run left is opened for reading. With --env NAME the warehouse of that environment is asked. Ctrl-C stops the
statement in the warehouse, too.
Exit code: 0 answered, 1 the statement failed or there is no warehouse, 2 wrong usage.
`;

/**
 * Runs the command.
 * @returns the exit code
 */
export function runQuery(args: readonly string[], context: QueryContext): Promise<number> {
  const program = new Command('npm run query --')
    .usage('[options] [sql]')
    .description('Asks the warehouse in Redshift SQL.')
    .argument('[sql]', 'one statement; without it, it is read from standard input')
    .option('-f, --file <path>', 'read the statement from a file')
    .addOption(new Option('--csv', 'print CSV with a header line').conflicts('json'))
    .option(
      '--user <name>',
      'ask as this database user, with only what is granted to it (default: the admin)',
    )
    .addHelpText('after', EXAMPLES)
    .option(
      '--max-rows <count>',
      'print so many rows at most (default: 10000 as a table, all as CSV or JSON)',
      wholeNumber(1),
    )
    .action((sql: string | undefined, flags: Flags) =>
      ask(readStatement(sql, flags.file, context), flags, context),
    );
  addTargetOptions(program, 'print a JSON array with an object a row');
  return runProgram(program, args, context);
}

function readStatement(sql: string | undefined, file: string | undefined, context: QueryContext): string {
  if (sql !== undefined && file !== undefined) throw new UsageError('Give a statement or --file, not both.');
  if (sql === undefined && file === undefined && context.inputIsTerminal) {
    throw new UsageError('Give a statement: npm run query -- "SELECT ..."; see --help.');
  }
  const text = sql ?? (file === undefined ? context.readStandardInput() : readFileSync(file, 'utf8'));
  if (text.trim() === '') throw new UsageError('The statement is empty.');
  return text;
}

async function ask(sql: string, flags: Flags, context: QueryContext): Promise<void> {
  const source = await openSource(flags.directory, flags.user, flags.env);
  try {
    const startedAt = performance.now();
    const result = await source.run(sql, context.interruption());
    const printed = await printResult(result, flags, context);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(2);
    // The footer is for people: it stays out of what is piped on.
    context.err(`${printed} in ${seconds} s from ${source.name}\n`);
  } finally {
    await source.close();
  }
}
