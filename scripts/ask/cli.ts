/** The command line of `npm run ask`: a command for each question, with the question's parameters as its flags. */
import { DAY_MILLIS } from '../../lib/contract/units';
import { type ParameterValues, type Question, QuestionError } from '../../lib/questions';
import { questionSql } from '../../lib/questions/sql';
import { printResult } from '../query/print';
import { openSource } from '../query/sources';
import { EXIT, runProgram, UsageError } from '../terminal/program';
import type { Terminal } from '../terminal/terminal';
import { type AskFlags, askCommand } from './command';
import { forReading } from './reading';

/** What the command touches of its process. */
export interface AskContext extends Terminal {
  nowMillis(): number;
  /** Aborts when somebody wants the command to end. */
  interruption(): AbortSignal;
}

/** On a deployed environment nobody reads all of history by forgetting a flag. */
const DEFAULT_PERIOD_DAYS = 30;

/**
 * Runs the command.
 * @param args what follows the command's name
 * @returns the exit code
 */
export async function runAsk(args: readonly string[], context: AskContext): Promise<number> {
  const program = askCommand((question, values, flags) => answer(question, values, flags, context));
  if (args.length === 0) {
    context.out(program.helpInformation());
    return EXIT.done;
  }
  return runProgram(program, args, context);
}

async function answer(
  question: Question,
  given: ParameterValues,
  flags: AskFlags,
  context: AskContext,
): Promise<void> {
  const sql = sqlOf(question, withPeriod(given, flags, context));
  if (flags.sql) {
    context.out(`${sql};\n`);
    return;
  }
  if (flags.env !== undefined && flags.user === undefined) {
    throw new UsageError(
      'With --env, say which database user to ask as: --user NAME, one with the role analyst',
    );
  }
  const source = await openSource(flags.directory, flags.user, flags.env);
  try {
    const startedAt = performance.now();
    const result = await source.run(sql, context.interruption());
    const printed = await printResult(result, flags, context, (table) => forReading(question, table));
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(2);
    // The footer is for people: it stays out of what is piped on.
    const hasBots = question.parameters.some(({ name }) => name === 'bots');
    const bots = hasBots && (given.bots ?? 'exclude') === 'exclude' ? ', bots left out' : '';
    context.err(`${printed} in ${seconds} s from ${source.name}${bots}\n`);
  } finally {
    await source.close();
  }
}

/** @throws UsageError when a parameter is wrong */
function sqlOf(question: Question, values: ParameterValues): string {
  try {
    return questionSql(question, values);
  } catch (error) {
    throw error instanceof QuestionError ? new UsageError(error.message, { cause: error }) : error;
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
