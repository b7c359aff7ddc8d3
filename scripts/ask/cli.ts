/** The command line of `npm run ask`: a command for each question, with the question's parameters as its flags. */
import { CommanderError } from 'commander';
import { type ParameterValues, type Question, QuestionError } from '../../lib/questions';
import { questionSql } from '../../lib/questions/sql';
import { asCsv, asJson, asTable } from '../query/formats';
import { openSource } from '../query/sources';
import { type AskFlags, askCommand } from './command';
import { forReading } from './reading';

/** What the command touches of its process. */
export interface AskContext {
  /** Width of the terminal, or undefined when the output is none. */
  readonly columns: number | undefined;
  nowMillis(): number;
  out(text: string): void;
  err(text: string): void;
}

/** Exit codes: answered; the warehouse could not answer; the command itself is wrong. */
const EXIT = { answered: 0, failed: 1, usage: 2 } as const;

/** On a deployed environment nobody reads all of history by forgetting a flag. */
const DEFAULT_PERIOD_DAYS = 30;
const DAY_MILLIS = 86_400_000;

/**
 * Runs the command.
 * @param args what follows the command's name
 * @returns the exit code
 */
export async function runAsk(args: readonly string[], context: AskContext): Promise<number> {
  try {
    const asked: Promise<void>[] = [];
    const program = askCommand(context, (question, values, flags) => {
      asked.push(answer(question, values, flags, context));
    });
    if (args.length === 0) {
      context.out(program.helpInformation());
      return EXIT.answered;
    }
    program.parse([...args], { from: 'user' });
    await Promise.all(asked);
    return EXIT.answered;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.answered : EXIT.usage;
    context.err(`${error instanceof Error ? error.message : error}\n`);
    return error instanceof QuestionError ? EXIT.usage : EXIT.failed;
  }
}

async function answer(
  question: Question,
  given: ParameterValues,
  flags: AskFlags,
  context: AskContext,
): Promise<void> {
  const sql = questionSql(question, withPeriod(given, flags, context));
  if (flags.sql) {
    context.out(`${sql};\n`);
    return;
  }
  if (flags.env !== undefined && flags.user === undefined) {
    throw new QuestionError(
      'user',
      'With --env, say which database user to ask as: --user NAME, one with the role analyst',
    );
  }
  const source = await openSource(flags.directory, flags.user, flags.env);
  try {
    const startedAt = performance.now();
    const { columns = [], rows = [] } = await source.run(sql);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(2);
    const table = { columns, rows };
    if (flags.json) context.out(`${asJson(table)}\n`);
    else if (flags.csv) context.out(`${asCsv(table)}\n`);
    else if (rows.length > 0) context.out(`${asTable(forReading(question, table), context.columns)}\n`);
    // The footer is for people: it stays out of what is piped on.
    context.err(`${rows.length} row${rows.length === 1 ? '' : 's'} in ${seconds} s from ${source.name}\n`);
  } finally {
    await source.close();
  }
}

function withPeriod(
  values: ParameterValues,
  { env }: AskFlags,
  { nowMillis, err }: AskContext,
): ParameterValues {
  if (env === undefined || values.from !== undefined) return values;
  const from = new Date(nowMillis() - DEFAULT_PERIOD_DAYS * DAY_MILLIS).toISOString().slice(0, 10);
  err(`The last ${DEFAULT_PERIOD_DAYS} days, from ${from} on; another period: --from DAY\n`);
  return { ...values, from };
}
