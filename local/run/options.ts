/** The options of `npm start`. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { FORMATS, type Format } from '../../scripts/send/format';
import { LOCAL_DIRECTORY } from '../endpoints';

/** At 60, a buffer of five minutes is delivered after five seconds. */
export const DEFAULT_SPEED_UP = 60;

const EXAMPLES = `
Examples:
  npm start                                  the built-in sample
  npm start -- access.log.gz                 an access log or NDJSON of yours
  npm start -- --keep                        and stay up afterwards
  npm run query -- "select count(*) from analysis.events"

Everything is kept in .local/: a second run over the same data adds no row.
`;

/** Options as they were given. */
export interface Flags {
  readonly keep?: true;
  readonly open: boolean;
  readonly fresh?: true;
  readonly json?: true;
  readonly verbose?: true;
  readonly expectNoNewRows?: true;
  readonly speedUp: number;
  readonly format?: Format;
  readonly site?: string;
  readonly siteUrl?: string;
  readonly source?: string;
  readonly directory: string;
}

/** The command without its action. */
export function startCommand(): Command {
  return new Command('npm start --')
    .description('Runs the whole pipeline on this machine, as the synthesized templates define it.')
    .argument('[file...]', 'NDJSON or access logs, plain or gzipped; none: the built-in sample')
    .option('--keep', 'stay up afterwards, until Ctrl-C, and show the console in the browser')
    .option('--no-open', 'with --keep: print the address of the console, and open no browser')
    .option('--fresh', 'remove what earlier runs left first')
    .option(
      '--speed-up <times>',
      'seconds on AWS that pass in one second here',
      parseSpeedUp,
      DEFAULT_SPEED_UP,
    )
    .addOption(
      new Option('--format <format>', 'of the files (default: told by first lines)').choices(FORMATS),
    )
    .option('--site <id>', 'site_id of access log lines')
    .option('--site-url <url>', 'scheme and host of an access log')
    .option('--source <name>', 'source name, part of event ids (default: the file name without .gz)')
    .addOption(new Option('--directory <path>', 'where to keep state').default(LOCAL_DIRECTORY, '.local'))
    .option('--expect-no-new-rows', 'fail when the warehouse gets a new row')
    .option('--json', 'print the report as JSON')
    .option('--verbose', 'print what the functions log')
    .addHelpText('after', EXAMPLES);
}

function parseSpeedUp(text: string): number {
  const value = Number(text);
  if (value >= 1 && value <= 10_000) return value;
  throw new InvalidArgumentError('It must be a number from 1 to 10000.');
}
