/** Shows a page in the browser of whoever sits at the terminal. */
import { spawn } from 'node:child_process';
import type { Terminal } from './terminal';

/** The command that opens an address, or undefined where there is no desktop to open it on. */
export function browserCommand(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): readonly [command: string, ...args: string[]] | undefined {
  if (platform === 'darwin') return ['open'];
  // `start` takes its first quoted argument for a title.
  if (platform === 'win32') return ['cmd', '/c', 'start', '""'];
  return env.DISPLAY === undefined && env.WAYLAND_DISPLAY === undefined ? undefined : ['xdg-open'];
}

/** Opens an address, if somebody watches and there is a browser; the address was printed in any case. */
export function openBrowser(url: string, { bars }: Pick<Terminal, 'bars'>): void {
  const command = bars === undefined ? undefined : browserCommand(process.platform, process.env);
  if (command === undefined) return;
  const [program, ...args] = command;
  spawn(program, [...args, url], { detached: true, stdio: 'ignore' })
    // There is no such program: the address stands in the terminal.
    .on('error', () => {})
    .unref();
}
