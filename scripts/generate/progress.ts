/** Shows how far a generation has come: a bar on a terminal, nothing elsewhere. */
import { Format, SingleBar } from 'cli-progress';

export interface ProgressDisplay {
  update(events: number): void;
  /** Takes the display away. */
  stop(): void;
}

/** @param total events there will be */
export function progressDisplay(
  total: number,
  output: NodeJS.WritableStream & { isTTY?: boolean },
): ProgressDisplay {
  if (output.isTTY !== true) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    stream: output,
    format: '{bar} {percentage}% | {value} of {total} events | {eta_formatted} left',
    formatBar: Format.BarFormat,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0);
  return { update: (events) => bar.update(events), stop: () => bar.stop() };
}
