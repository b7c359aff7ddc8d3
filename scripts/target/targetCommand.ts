/** What all commands that work on a pipeline have in common: flags, exit codes, errors in words. */
import { type Command, CommanderError, Option } from 'commander';
import { LOCAL_DIRECTORY } from '../../local/endpoints';
import { openTarget, type Target } from './target';

/** Where a command writes. */
export interface Terminal {
  /** What was asked for. */
  out(text: string): void;
  /** Progress and everything else that is for people. */
  err(text: string): void;
}

/** Flags every such command has. */
export interface TargetFlags {
  readonly env?: string;
  readonly directory: string;
  readonly json?: true;
}

/** Exit codes: done; something failed; the command itself is wrong. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Wrong use of a command, in words for the person at the terminal. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Adds the flags that say which pipeline is meant, and `--json`.
 * @param json what `--json` prints
 */
export function addTargetOptions(command: Command, json = 'print JSON'): Command {
  return command
    .option('--env <name>', 'a deployed environment instead of the local run')
    .addOption(
      new Option('--directory <path>', 'where the local run keeps its state').default(
        LOCAL_DIRECTORY,
        '.local',
      ),
    )
    .option('--json', json);
}

/** Opens the pipeline that is meant, and closes its clients afterwards. */
export async function withTarget<T>(
  { env: environment, directory }: TargetFlags,
  use: (target: Target) => Promise<T>,
): Promise<T> {
  const target = await openTarget({ environment, directory });
  try {
    return await use(target);
  } finally {
    target.close();
  }
}

/**
 * Reads the command line and runs the action of the command it names.
 * @param exitCode what the action came to
 * @returns the exit code
 */
export async function runProgram(
  program: Command,
  args: readonly string[],
  terminal: Terminal,
  exitCode: () => number = () => EXIT.done,
): Promise<number> {
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    terminal.err(`${error instanceof Error ? error.message : error}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

/** Runs a command with the arguments and streams of this process. */
export function runOnProcess(run: (args: readonly string[], terminal: Terminal) => Promise<number>): void {
  // The SDK says on every run that a later one will want a later Node: nothing that whoever runs a command can act on.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const terminal: Terminal = {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  };
  void run(process.argv.slice(2), terminal).then((exitCode) => {
    process.exitCode = exitCode;
  });
}
