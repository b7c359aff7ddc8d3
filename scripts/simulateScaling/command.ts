/** The command line of `npm run simulate:scaling`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { CapacityError } from '../../lib/capacity';
import { ConfigError, ENVIRONMENT_NAMES, loadEnvironment } from '../../lib/config';
import type { Output } from '../plan/command';
import { type Comparison, compare } from './compare';
import { comparisonPicture } from './picture';
import { comparisonReport } from './report';

const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;

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
export function runSimulateScaling(args: readonly string[], output: Output): number {
  const command = new Command('npm run simulate:scaling --')
    .description(
      'Sends an invented week to an environment’s stream: with a fixed shard count, with stream.scaling, on-demand.',
    )
    .option('--env <name>', `environment: ${ENVIRONMENT_NAMES.join(', ')}`, 'reference')
    .option('--seed <number>', 'of the noise: the same seed gives the same week', wholeNumber, 1)
    .option('--json', 'print the results as JSON')
    .option('--svg <file>', 'where to draw the week', path.join('.local', 'scaling.svg'))
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.error })
    .action((options: Options) => {
      const comparison = compare(loadEnvironment(options.env), options.seed);
      mkdirSync(path.dirname(options.svg), { recursive: true });
      writeFileSync(options.svg, comparisonPicture(comparison));
      output.out(
        options.json
          ? `${asJson(comparison, options.svg)}\n`
          : `${comparisonReport(comparison)}\n\nDrawn in ${options.svg}\n`,
      );
    });
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

/** Without the samples: ten thousand minutes of each. */
function asJson({ weeks, ...comparison }: Comparison, picture: string): string {
  const withoutSamples = weeks.map(({ samples, ...week }) => week);
  return JSON.stringify({ ...comparison, weeks: withoutSamples, picture }, null, 2);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a whole number from 0 on.');
}
