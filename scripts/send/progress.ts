/** Shows how far a send has come: a bar on a terminal, nothing elsewhere. */
import { statSync } from 'node:fs';
import { Format, SingleBar } from 'cli-progress';
import { STDIN } from './lines';
import type { SendProgress } from './sendFiles';

const MEGABYTE = 1_000_000;

export interface ProgressDisplay {
  update(progress: SendProgress): void;
  /** Takes the display away. */
  stop(): void;
}

/** A bar over the bytes of all files, or, with standard input among them, their running count. */
export function progressDisplay(
  files: readonly string[],
  output: NodeJS.WritableStream & { isTTY?: boolean },
): ProgressDisplay {
  if (output.isTTY !== true) return { update: () => undefined, stop: () => undefined };
  const isLengthKnown = !files.includes(STDIN);
  const totalBytes = isLengthKnown ? files.reduce((sum, file) => sum + statSync(file).size, 0) : 0;
  const counts = '{megabytes} MB read | {eventsSent} events sent | {unsent} unsent';
  const bar = new SingleBar({
    stream: output,
    format: isLengthKnown ? `{bar} {percentage}% | ${counts} | {eta_formatted} left` : counts,
    formatBar: Format.BarFormat,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
  });
  const payload = ({ bytesRead, eventsSent, eventsUnsent }: SendProgress) => ({
    megabytes: (bytesRead / MEGABYTE).toFixed(1),
    eventsSent: eventsSent.toLocaleString('en-US'),
    unsent: eventsUnsent.toLocaleString('en-US'),
  });
  bar.start(totalBytes, 0, payload({ bytesRead: 0, eventsSent: 0, eventsUnsent: 0 }));
  return {
    update: (progress) => bar.update(progress.bytesRead, payload(progress)),
    stop: () => bar.stop(),
  };
}
