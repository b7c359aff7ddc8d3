/** Makes events from access log lines. */
import type { InputEvent } from '../../../lib/event/columns';
import { truncateIp } from '../../../lib/event/network';
import { lineEventId } from '../identity';
import type { Line } from '../lines';
import { isPageView } from './pageView';
import type { AccessLogLine } from './parse';

/** Named in `tracker_name` and `tracker_version` of the events. */
const IMPORTER = { tracker_name: 'access-log', tracker_version: '1' } as const;

/** What the log itself does not say. */
export interface LogSite {
  readonly siteId: string;
  /** Scheme and host before every path, without a slash at the end, such as https://www.example.com. */
  readonly siteUrl: string;
  /** Name of the log, part of the events' ids. */
  readonly source: string;
  readonly visitorId: (client: string, userAgent: string | undefined) => string;
}

/**
 * The event of a request: `page_view` or `request`. The server's clock says when it happened and when it was
 * received, so both are the log's time. The client's address goes into the visitor id as a keyed hash and is
 * otherwise cut to its network before it leaves this function.
 */
export function toEvent(parsed: AccessLogLine, line: Line, site: LogSite): InputEvent {
  const { request } = parsed;
  const time = new Date(parsed.timeMillis).toISOString();
  const isRequest = request?.kind === 'request';
  const pageUrl = isRequest ? pageUrlOf(request.target, site.siteUrl) : undefined;
  return {
    event_id: lineEventId(site.source, line.number, line.text),
    event_name: isPageView(parsed) ? 'page_view' : 'request',
    site_id: site.siteId,
    platform: 'web',
    occurred_at: time,
    received_at: time,
    visitor_id: site.visitorId(parsed.client, parsed.userAgent),
    user_id: parsed.user,
    page_url: pageUrl,
    referrer_url: parsed.referrer,
    user_agent: parsed.userAgent,
    ip: truncateIp(parsed.client),
    properties: {
      method: isRequest ? request.method : undefined,
      target: isRequest && pageUrl === undefined ? request.target : undefined,
      malformed_request: request?.kind === 'malformed' ? request.text : undefined,
      protocol: isRequest ? request.protocol : undefined,
      status: parsed.status,
      bytes: parsed.bytes,
    },
    source: site.source,
    ...IMPORTER,
  };
}

/** The address asked for; undefined for targets that are none, such as `*` or the host and port of a CONNECT. */
function pageUrlOf(target: string, siteUrl: string): string | undefined {
  if (target.startsWith('/')) return siteUrl + target;
  return /^https?:\/\//i.test(target) ? target : undefined;
}
