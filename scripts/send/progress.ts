/** Shows how far a send has come: a bar on a terminal, nothing elsewhere. */
import { statSync } from 'node:fs';
import { progressBar } from '../terminal/progressBar';
import type { Terminal } from '../terminal/terminal';
import { STDIN } from './lines';
import type { SendProgress } from './sendFiles';

const MEGABYTE = 1_000_000;

export interface ProgressDisplay {
  update(progress: SendProgress): void;
  /** Takes the display away. */
  stop(): void;
}

/** A bar over the bytes of all files, or, with standard input among them, their running count. */
export function progressDisplay(files: readonly string[], terminal: Pick<Terminal, 'bars'>): ProgressDisplay {
  const isLengthKnown = !files.includes(STDIN);
  const totalBytes = isLengthKnown ? files.reduce((sum, file) => sum + statSync(file).size, 0) : 0;
  const counts = '{megabytes} MB read | {eventsSent} events sent | {unsent} unsent';
  const format = isLengthKnown ? `{bar} {percentage}% | ${counts} | {eta_formatted} left` : counts;
  const payload = ({ bytesRead, eventsSent, eventsUnsent }: SendProgress) => ({
    megabytes: (bytesRead / MEGABYTE).toFixed(1),
    eventsSent: eventsSent.toLocaleString('en-US'),
    unsent: eventsUnsent.toLocaleString('en-US'),
  });
  const start = payload({ bytesRead: 0, eventsSent: 0, eventsUnsent: 0 });
  const bar = progressBar(terminal, format, totalBytes, start);
  return {
    update: (progress) => bar.update(progress.bytesRead, payload(progress)),
    stop: bar.stop,
  };
}
