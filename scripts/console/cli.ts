/** The command line of `npm run console`. */
import { Command } from 'commander';
import { consoleOfEnvironment, consoleOfLocalState, servedConsole } from '../../console/attach';
import { WAREHOUSE } from '../../lib/contract/names';
import { addTargetOptions, type TargetFlags } from '../target/targetCommand';
import { openBrowser } from '../terminal/openBrowser';
import { runProgram, wholeNumber } from '../terminal/program';
import type { Terminal } from '../terminal/terminal';

interface Flags extends TargetFlags {
  readonly user: string;
  readonly port: number;
  readonly open: boolean;
}

const EXAMPLES = `
Examples:
  npm start -- --keep                     the local run serves its own console
  npm run console                         of the local run that is up, or of what the last one left
  npm run console -- --env prod           of a deployed environment, with your AWS credentials

It listens on 127.0.0.1 only, and asks the warehouse as a user who can only read the schema analysis.
Exit code: 0 done, 1 there is nothing to show, 2 wrong usage.
`;

/**
 * Runs the command; the exit code.
 * @param untilStopped resolves when somebody wants the console to end
 */
export function runConsole(
  args: readonly string[],
  terminal: Terminal,
  untilStopped: () => Promise<void> = interrupted,
): Promise<number> {
  const program = addTargetOptions(new Command('npm run console --'))
    .usage('[options]')
    .description('Shows the pipeline, the analysis and an SQL editor in a browser.')
    .option('--user <name>', 'database user who asks', WAREHOUSE.consoleUser)
    .option('--no-open', 'print the address, and open no browser')
    .option('--port <number>', 'where to listen (default: any free port)', wholeNumber(0, 65_535), 0)
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => serve(flags, terminal, untilStopped));
  return runProgram(program, args, terminal);
}

async function serve(flags: Flags, terminal: Terminal, untilStopped: () => Promise<void>): Promise<void> {
  const { env, directory, json } = flags;
  const say = (url: string) => {
    terminal.out(json ? `${JSON.stringify({ url })}\n` : `${url}\n`);
    if (flags.open && !json) openBrowser(url, terminal);
  };
  const served = env === undefined ? servedConsole(directory) : undefined;
  if (served !== undefined) {
    terminal.err('The local run serves its console already:\n');
    return say(served);
  }
  const opened = await (env === undefined ? consoleOfLocalState(flags) : consoleOfEnvironment(env, flags));
  try {
    terminal.err('The console is up until Ctrl-C:\n');
    say(opened.url);
    await untilStopped();
  } finally {
    await opened.close();
  }
}

/** Resolves at Ctrl-C. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve());
  });
}
