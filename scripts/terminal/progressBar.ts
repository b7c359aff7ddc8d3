/** Shows how far something has come: a bar on a terminal, nothing elsewhere. */
import { Format, SingleBar } from 'cli-progress';
import type { Terminal } from './terminal';

export interface ProgressBar {
  /** @param values what the format names, besides the bar's own */
  update(value: number, values?: Readonly<Record<string, string>>): void;
  /** Takes the bar away. */
  stop(): void;
}

/**
 * Draws a bar, if there is somebody to see it.
 * @param format as cli-progress reads it
 * @param total what the value comes to
 */
export function progressBar(
  { bars }: Pick<Terminal, 'bars'>,
  format: string,
  total: number,
  values: Readonly<Record<string, string>> = {},
): ProgressBar {
  if (bars === undefined) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    stream: bars,
    format,
    formatBar: Format.BarFormat,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0, values);
  return { update: (value, now) => bar.update(value, now), stop: () => bar.stop() };
}
