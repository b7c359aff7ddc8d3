/** The options of `npm run generate`. */
import { Command, Option } from 'commander';
import { LOCAL_DIRECTORY } from '../../local/endpoints';
import { eventsPerSecond, isoTime, percent, wholeNumber } from './flags';
import { MOST_PROCESSES } from './generate';
import { DEFAULT_SETTINGS } from './settings';

const EXAMPLES = `
Examples:
  npm run generate -- --events 1e6 --out .local/million.ndjson   a file, and .local/million.truth.json beside it
  npm run generate -- --events 1e6 --local                       into the local run (npm start -- --keep)
  npm run generate -- --events 1e8 --stream clicks --rate 50000/s --processes 4
  npm run generate -- --dry-run --events 1e6                     only count
  npm run generate -- --check .local/million.truth.json          does the local warehouse agree?

The same settings give the same events, byte for byte, whatever the number of processes. Into a stream broken
records go too (no gzip, zip bombs, not UTF-8, empty); a file of lines cannot hold them.
Exit code: 0 all generated, 1 it failed, something was not sent, or the check found a difference, 2 wrong usage.
`;

/** Options as they were given. */
export interface Flags {
  readonly events: number;
  readonly sites: number;
  readonly seed: number;
  readonly start: number;
  readonly days: number;
  readonly brokenPercent: number;
  readonly duplicatePercent: number;
  readonly distributions?: string;
  readonly out?: string;
  readonly stream?: string;
  readonly local?: true;
  readonly region?: string;
  readonly dryRun?: true;
  readonly rate?: number;
  readonly processes: number;
  readonly truth?: string;
  readonly check?: string;
  readonly directory: string;
  readonly json?: true;
}

/** The command without its action. */
export function generateCommand(): Command {
  const { events, sites, seed, days, brokenPercent, duplicatePercent, startMillis } = DEFAULT_SETTINGS;
  return new Command('npm run generate --')
    .description(
      'Simulates traffic whose truth is known: sites, visitors, visits, purchases, bots, and all that goes wrong.',
    )
    .option('--events <count>', 'events in all, copies and broken ones counted', wholeNumber, events)
    .option('--sites <count>', 'sites, of very different size', wholeNumber, sites)
    .option('--seed <number>', 'another seed gives other events', wholeNumber, seed)
    .addOption(
      new Option('--start <time>', 'beginning of the simulated time, ISO 8601, a full hour')
        .argParser(isoTime)
        .default(startMillis, new Date(startMillis).toISOString().slice(0, 10)),
    )
    .option('--days <count>', 'simulated days', wholeNumber, days)
    .option('--broken-percent <percent>', 'share of events that must be rejected', percent, brokenPercent)
    .option(
      '--duplicate-percent <percent>',
      'share of valid events that are sent twice',
      percent,
      duplicatePercent,
    )
    .option(
      '--distributions <directory>',
      'weighted tables of agents, networks, pages, referrers (default: built in)',
    )
    .addOption(new Option('--out <file>', 'write NDJSON').conflicts(['stream', 'local']))
    .addOption(new Option('--stream <name>', 'send to a Kinesis stream').conflicts('local'))
    .option('--local', 'send to the local run that is up')
    .option('--region <region>', 'AWS region (default: as the AWS SDK finds it)')
    .option('--dry-run', 'simulate and count; write and send nothing')
    .option(
      '--rate <events>',
      'events per second, such as 5000/s (default: as fast as it goes)',
      eventsPerSecond,
    )
    .option('--processes <count>', `processes to share the work, up to ${MOST_PROCESSES}`, wholeNumber, 1)
    .option('--truth <file>', 'where the truth goes (default: FILE.truth.json, or .local/truth.json)')
    .addOption(
      new Option(
        '--check <truth>',
        'compare the local warehouse with a truth, and generate nothing',
      ).conflicts(['out', 'stream', 'local', 'dryRun']),
    )
    .addOption(
      new Option('--directory <path>', 'where the local run keeps its state').default(
        LOCAL_DIRECTORY,
        '.local',
      ),
    )
    .option('--json', 'print the summary as JSON')
    .addHelpText('after', EXAMPLES);
}
