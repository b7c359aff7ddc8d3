/** The command line of `npm run plan`. */
import { Command, CommanderError } from 'commander';
import { alternativesOf, CapacityError, planCapacity } from '../../lib/capacity';
import { allFacts } from '../../lib/capacity/facts';
import { ConfigError, ENVIRONMENT_NAMES, loadEnvironment } from '../../lib/config';
import { factsReport } from './facts';
import { planReport } from './report';

const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;

/** Where a command writes. */
export interface Output {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

interface Options {
  readonly env: string;
  readonly json?: true;
  readonly facts?: true;
}

/**
 * Runs the command.
 * @param args command-line arguments, without node and script
 * @returns the exit code: 0; 1 when the environment is unknown, wrong or refused; 2 when the command line is wrong
 */
export function runPlan(args: readonly string[], output: Output): number {
  const command = new Command('npm run plan --')
    .description(
      'What an environment needs and what it costs a month, and the same traffic sent in other ways.',
    )
    .option('--env <name>', `environment: ${ENVIRONMENT_NAMES.join(', ')}`, 'dev')
    .option('--json', 'print the plan and its alternatives as JSON')
    .option('--facts', 'print the limits, prices and assumptions behind every plan, with their sources')
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.error })
    .action((options: Options) => output.out(`${answer(options)}\n`));
  try {
    command.parse([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    if (!(error instanceof ConfigError || error instanceof CapacityError)) throw error;
    output.error(`${error.message}\n`);
    return EXIT_REFUSED;
  }
}

function answer({ env, json, facts }: Options): string {
  if (facts) return json ? JSON.stringify(Object.fromEntries(allFacts()), null, 2) : factsReport(allFacts());
  const config = loadEnvironment(env);
  const plan = planCapacity(config);
  const alternatives = alternativesOf(config);
  return json
    ? JSON.stringify({ environment: env, config, plan, alternatives }, null, 2)
    : planReport(config, plan, alternatives);
}
