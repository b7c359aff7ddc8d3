/** The command line of `npm run replay`. */
import { Command, Option } from 'commander';
import { REJECTION_REASONS } from '../../lib/event/rejections';
import { FORMATS } from '../send/format';
import { hour } from '../target/hour';
import { addTargetOptions } from '../target/targetCommand';
import { EXIT, runProgram, wholeNumber } from '../terminal/program';
import type { Terminal } from '../terminal/terminal';
import { type Flags, replayArchive, replayErrors, replayLakeObjects, replayRejected } from './commands';
import { parseRate, SPARE_SHARE } from './rate';

const EXAMPLES = `
Examples:
  npm run replay -- errors --dry-run
  npm run replay -- errors --from 2026-11-21T07 --to 2026-11-21T09 --env prod
  npm run replay -- rejected --reason missing_site_id --env prod
  npm run replay -- lake --from 2026-11-01 --to 2026-12-01 --env prod
  npm run replay -- logs s3://old-logs/www/ --site www --env prod

Events keep their ids, so replaying twice adds nothing. Killed, the same command goes on where it was; a replay that
was finished wants --again. Without --env it works on the local run that is up (npm start -- --keep).
Exit code: 0 done, 1 something was skipped, kept aside or failed, 2 wrong usage.
`;

type Run = (flags: Flags, terminal: Terminal, inputs: readonly string[]) => Promise<number>;

/** Runs the command; the exit code. */
export function runReplay(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = new Command('npm run replay --')
    .usage('<command> [options]')
    .description('Sends again what did not arrive, or is to arrive once more.')
    .addHelpText('after', EXAMPLES);
  const add = (name: string, description: string, run: Run) => {
    const command = program.command(name).description(description);
    if (name === 'logs') command.argument('<paths...>', 'files, directories, or s3://bucket/prefix');
    addTargetOptions(command)
      .option('--dry-run', 'read and count, and send nothing')
      .option('--state <file>', 'how far it came (default: a file in .replay/ named after the arguments)')
      .option('--again', 'begin anew where it was finished');
    command.action(async () => {
      exitCode = await run(command.opts<Flags>(), terminal, command.args);
    });
    return command;
  };
  const rate = () =>
    new Option(
      '--rate <rate>',
      `such as 2MB/s or 1000events/s (default: ${SPARE_SHARE * 100} % of what the shards take)`,
    ).argParser(parseRate);
  const hours = (command: Command) =>
    command
      .option('--from <hour>', 'first arrival hour, UTC: 2026-11-21T07, or a day (default: the oldest)', hour)
      .option('--to <hour>', 'hour after the last (default: the present)', hour);

  hours(add('errors', 'records Firehose could not transform or convert (errors/)', replayErrors)).addOption(
    rate(),
  );
  hours(add('rejected', 'events the transform rejected (rejected/), after a fix', replayRejected))
    .addOption(
      new Option('--reason <reason>', 'only what was rejected for this reason').choices(
        Object.keys(REJECTION_REASONS),
      ),
    )
    .addOption(rate());
  hours(add('lake', 'objects of the lake into the warehouse (events/)', replayLakeObjects))
    .option('--bucket <name>', 'take the objects from this bucket (default: the lake of the target)')
    .option('--max-waiting <count>', 'notifications that may wait for the loader', wholeNumber(1), 500);
  add('logs', 'access logs or NDJSON from an archive', replayArchive)
    .addOption(rate())
    .addOption(new Option('--format <format>', 'default: told by first lines').choices(FORMATS))
    .option('--site <id>', 'site_id of access log lines (default: host of --site-url, else the file name)')
    .option('--site-url <url>', 'scheme and host of an access log')
    .option('--visitor-key-file <file>', 'key of visitor ids; a local run has its own')
    .addOption(
      new Option('--source-names <kind>', 'name in event ids: as npm run send, or with directories')
        .choices(['base', 'path'])
        .default('base'),
    );
  return runProgram(program, args, terminal, () => exitCode);
}
