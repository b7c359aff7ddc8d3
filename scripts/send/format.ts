/** Tells the format of a source by its first lines. */
import { parseAccessLogLine } from './accessLog/parse';
import type { Line } from './lines';

/** NDJSON events, or an access log in Common or Combined Log Format. */
export const FORMATS = ['ndjson', 'combined'] as const;
export type Format = (typeof FORMATS)[number];

/** Lines looked at: more than any file has garbage at its beginning. */
export const DETECTION_LINES = 50;

/**
 * The format most of the first lines have. Undefined when no line has any; a source of blank lines counts as NDJSON,
 * since nothing in it depends on the format.
 */
export function detectFormat(lines: readonly Line[]): Format | undefined {
  const sample = lines.filter(({ text }) => text.trim() !== '').slice(0, DETECTION_LINES);
  if (sample.length === 0) return 'ndjson';
  const objects = sample.filter(({ text }) => text.trimStart().startsWith('{')).length;
  const logLines = sample.filter(({ text }) => parseAccessLogLine(text).kind === 'line').length;
  if (objects === 0 && logLines === 0) return undefined;
  return objects >= logLines ? 'ndjson' : 'combined';
}
