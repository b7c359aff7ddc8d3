/** The command line of `npm run plan`. */
import { Command } from 'commander';
import { alternativesOf, planCapacity } from '../../lib/capacity';
import { allFacts } from '../../lib/capacity/facts';
import { ENVIRONMENT_NAMES, loadEnvironment } from '../../lib/config';
import { runProgram } from '../terminal/program';
import type { Terminal } from '../terminal/terminal';
import { factsReport } from './facts';
import { planReport } from './report';

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
export function runPlan(args: readonly string[], terminal: Terminal): Promise<number> {
  const command = new Command('npm run plan --')
    .description(
      'What an environment needs and what it costs a month, and the same traffic sent in other ways.',
    )
    .option('--env <name>', `environment: ${ENVIRONMENT_NAMES.join(', ')}`, 'dev')
    .option('--json', 'print the plan and its alternatives as JSON')
    .option('--facts', 'print the limits, prices and assumptions behind every plan, with their sources')
    .action((options: Options) => terminal.out(`${answer(options)}\n`));
  return runProgram(command, args, terminal);
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
