/** Fills the columns that follow from others: page, referrer, campaign, device, network, times. */
import { readCampaign, UTM_COLUMNS } from '../../lib/event/campaign';
import { eventTime, receivedTime } from '../../lib/event/clock';
import { truncateIp } from '../../lib/event/network';
import { classifyReferrer } from '../../lib/event/referrer';
import { formatTimestamp, hourNumber } from '../../lib/event/timestamps';
import { splitUrl } from '../../lib/event/urls';
import { readUserAgent } from '../../lib/event/userAgent';
import type { EventDraft } from './draft';

/** Fills page, referrer, campaign, device and network columns. */
export function deriveColumns(draft: EventDraft): void {
  derivePage(draft);
  deriveReferrer(draft);
  deriveDevice(draft);
  if (draft.ip !== undefined) draft.setText('ip_truncated', truncateIp(draft.ip));
}

function derivePage(draft: EventDraft): void {
  const { page_url } = draft.row;
  const page = page_url === undefined ? undefined : splitUrl(page_url);
  if (page === undefined) return;
  draft.setText('page_scheme', page.scheme);
  draft.setText('page_host', page.host);
  draft.setText('page_path', page.path);
  draft.setText('page_query', page.query);
  draft.setText('page_fragment', page.fragment);
  if (page.query === undefined) return;
  const campaign = readCampaign(page.query);
  for (const column of UTM_COLUMNS) draft.deriveText(column, campaign[column]);
  // A click id means nothing under another network's name: both come from the same hand.
  if (draft.row.click_id !== undefined) return;
  draft.setText('click_id', campaign.click_id);
  draft.deriveText('click_network', campaign.click_network);
}

function deriveReferrer(draft: EventDraft): void {
  const { referrer_url, page_host } = draft.row;
  if (referrer_url === undefined) return;
  const referrer = splitUrl(referrer_url);
  if (referrer?.host === undefined) return;
  draft.setText('referrer_host', referrer.host);
  const { medium, source, term } = classifyReferrer(referrer.host, referrer.query, page_host);
  draft.setText('referrer_medium', medium);
  draft.setText('referrer_source', source);
  draft.setText('referrer_term', term);
}

function deriveDevice(draft: EventDraft): void {
  const { row } = draft;
  row.is_bot = false;
  if (row.user_agent === undefined) return;
  const agent = readUserAgent(row.user_agent);
  row.is_bot = agent.isBot;
  draft.deriveText('browser', agent.browser);
  draft.deriveText('browser_version', agent.browserVersion);
  draft.deriveText('os', agent.os);
  draft.deriveText('os_version', agent.osVersion);
  draft.deriveText('device_class', agent.deviceClass);
}

/**
 * Fills the times.
 * @param arrived when Kinesis accepted the record, in epoch milliseconds
 */
export function deriveTimes(draft: EventDraft, arrived: number): void {
  const { row, times } = draft;
  const received = receivedTime(times.received_at, arrived);
  if (times.received_at !== undefined && received !== times.received_at) {
    draft.keepInvalid('received_at', row.received_at);
  }
  row.received_at = formatTimestamp(received);
  row.received_hour = hourNumber(received);
  row.arrived_at = formatTimestamp(arrived);
  const { millis, source, skewMillis, isSuspect } = eventTime(times.occurred_at, times.sent_at, received);
  row.event_time = formatTimestamp(millis);
  row.event_time_source = source;
  row.clock_skew_millis = skewMillis;
  row.is_clock_suspect = isSuspect;
}
