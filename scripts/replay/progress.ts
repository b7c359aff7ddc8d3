/** Progress for the person at the terminal. */
import type { Terminal } from '../terminal/terminal';

const BETWEEN_MILLIS = 1_000;

/** Writes progress, but not more often than somebody can read it. */
export function nowAndThen({ err }: Terminal): (text: string) => void {
  let lastMillis = Number.NEGATIVE_INFINITY;
  return (text) => {
    const now = performance.now();
    if (now - lastMillis < BETWEEN_MILLIS) return;
    lastMillis = now;
    err(text);
  };
}
