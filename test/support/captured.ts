import type { Terminal } from '../../scripts/terminal/terminal';

/**
 * Runs a command on a terminal that keeps what is written to it.
 * @param run the command; `written` is what it has written so far
 */
export async function captured(
  run: (terminal: Terminal, written: Readonly<{ out: string; err: string }>) => number | Promise<number>,
): Promise<{ exitCode: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const terminal: Terminal = {
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
  };
  const exitCode = await run(terminal, written);
  return { exitCode, ...written };
}
