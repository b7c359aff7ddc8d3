/** What the command lines of all commands have in common: exit codes, errors in words. */

import { type Command, CommanderError, InvalidArgumentError } from 'commander';
import { messageOf } from '../../lib/contract/words';
import type { Terminal } from './terminal';

/** Exit codes: done; something failed; the command itself is wrong. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Wrong use of a command, in words for the person at the terminal. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
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
    terminal.err(`${messageOf(error)}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

/** Reads an option that is a whole number. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    // Number('') is 0.
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`It must be a whole number ${range}.`);
  };
}
