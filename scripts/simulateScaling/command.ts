/** The command line of `npm run simulate:scaling`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { ENVIRONMENT_NAMES, loadEnvironment } from '../../lib/config';
import { runProgram, wholeNumber } from '../terminal/program';
import type { Terminal } from '../terminal/terminal';
import { type Comparison, compare } from './compare';
import { comparisonPicture } from './picture';
import { comparisonReport } from './report';

interface Options {
  readonly env: string;
  readonly seed: number;
  readonly json?: true;
  readonly svg: string;
}

/**
 * Runs the command.
 * @param args command-line arguments, without node and script
 * @returns the exit code: 0; 1 when the environment cannot be simulated; 2 when the command line is wrong
 */
export function runSimulateScaling(args: readonly string[], terminal: Terminal): Promise<number> {
  const command = new Command('npm run simulate:scaling --')
    .description(
      'Sends an invented week to an environment’s stream: with a fixed shard count, with stream.scaling, on-demand.',
    )
    .option('--env <name>', `environment: ${ENVIRONMENT_NAMES.join(', ')}`, 'reference')
    .option('--seed <number>', 'of the noise: the same seed gives the same week', wholeNumber(0), 1)
    .option('--json', 'print the results as JSON')
    .option('--svg <file>', 'where to draw the week', path.join('.local', 'scaling.svg'))
    .action((options: Options) => {
      const comparison = compare(loadEnvironment(options.env), options.seed);
      mkdirSync(path.dirname(options.svg), { recursive: true });
      writeFileSync(options.svg, comparisonPicture(comparison));
      terminal.out(
        options.json
          ? `${asJson(comparison, options.svg)}\n`
          : `${comparisonReport(comparison)}\n\nDrawn in ${options.svg}\n`,
      );
    });
  return runProgram(command, args, terminal);
}

/** Without the samples: ten thousand minutes of each. */
function asJson({ weeks, ...comparison }: Comparison, picture: string): string {
  const withoutSamples = weeks.map(({ samples, ...week }) => week);
  return JSON.stringify({ ...comparison, weeks: withoutSamples, picture }, null, 2);
}
