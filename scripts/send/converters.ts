/** How a line becomes an event, per format. */
import type { PackInput } from '../../lambda/shared/packing';
import { parseAccessLogLine } from './accessLog/parse';
import { toEvent } from './accessLog/toEvent';
import { visitorIds } from './identity';
import type { Line } from './lines';
import { completeEvent } from './ndjson';

/** The fate of a line that is not blank. */
export type LineFate =
  | { readonly kind: 'event'; readonly event: PackInput }
  | { readonly kind: 'unparsable'; readonly reason: string };

export type Converter = (line: Line) => LineFate;

/** NDJSON: every line is passed on, even when it is no JSON, because the transform is the one gate that rejects. */
export function ndjsonConverter(source: string): Converter {
  return (line) => ({ kind: 'event', event: completeEvent(line, source) });
}

/** Access logs: a line that cannot be parsed has no fields to make an event of. */
export function logConverter(log: {
  readonly source: string;
  readonly siteId: string;
  /** Scheme and host, without a slash at the end. */
  readonly siteUrl: string;
  readonly visitorKey: string;
}): Converter {
  const site = { ...log, visitorId: visitorIds(log.visitorKey) };
  return (line) => {
    const parsed = parseAccessLogLine(line.text);
    return parsed.kind === 'line' ? { kind: 'event', event: toEvent(parsed, line, site) } : parsed;
  };
}
