/**
 * The models, made the slow and obvious way: all events at once, one visitor after another, in plain loops. Shares no
 * code with sql/models; what the columns mean is in sql/models/comments.sql.
 */
import type { AnalysisSettings } from '../../lib/config/analysis';
import { channelOf, isPaid } from './referenceChannel';

/** What the models look at of an event; times are epoch milliseconds. */
export interface ModelEvent {
  readonly eventId: string;
  readonly eventName: string;
  readonly siteId: string;
  readonly visitorId: string | null;
  readonly isBot: boolean;
  readonly eventTime: number;
  readonly receivedAt: number;
  readonly userId: string | null;
  readonly pagePath: string | null;
  readonly utmSource: string | null;
  readonly utmMedium: string | null;
  readonly utmCampaign: string | null;
  readonly clickNetwork: string | null;
  readonly referrerMedium: string | null;
  readonly referrerHost: string | null;
  readonly deviceClass: string | null;
  readonly country: string | null;
  /** Whole cents, so that sums are exact. */
  readonly cents: number | null;
  readonly currency: string | null;
  readonly scrollPercent: number | null;
}

export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** Rows of each model. */
export interface Models {
  readonly page_views: Row[];
  readonly sessions: Row[];
  readonly visitors: Row[];
  readonly events_daily: Row[];
  readonly site_traffic: Row[];
}

interface Session {
  readonly events: readonly ModelEvent[];
  readonly row: Row;
  readonly views: readonly Row[];
  readonly cents: number;
}

export function modelsOf(events: readonly ModelEvent[], settings: AnalysisSettings): Models {
  const timed = events.map((event) => ({ ...event, eventTime: modelTime(event, settings) }));
  const visitors: Row[] = [];
  const sessions: Session[] = [];
  for (const own of groups(
    timed.filter(({ visitorId }) => visitorId !== null),
    visitorKey,
  )) {
    const ofVisitor = sessionsOf(own.toSorted(inOrder), settings).map((part) => sessionOf(part, settings));
    sessions.push(...ofVisitor);
    visitors.push(visitorOf(ofVisitor));
  }
  return {
    page_views: sessions.flatMap(({ views }) => views),
    sessions: sessions.map(({ row }) => row),
    visitors,
    events_daily: groups(timed, (e) =>
      JSON.stringify([e.siteId, utcDay(e.eventTime), e.eventName, e.isBot]),
    ).map(dailyOf),
    site_traffic: groups(sessions, ({ row }) =>
      JSON.stringify([row.site_id, row.local_date, row.channel, row.device_class, row.country, row.is_bot]),
    ).map(trafficOf),
  };
}

function modelTime(event: ModelEvent, { lookBackDays }: AnalysisSettings): number {
  const isLate = event.receivedAt - event.eventTime > lookBackDays * 24 * 60 * 60 * 1000;
  return isLate ? event.receivedAt : event.eventTime;
}

const visitorKey = (event: ModelEvent) => JSON.stringify([event.siteId, event.visitorId, event.isBot]);

function inOrder(a: ModelEvent, b: ModelEvent): number {
  if (a.eventTime !== b.eventTime) return a.eventTime - b.eventTime;
  return a.eventId < b.eventId ? -1 : 1;
}

function campaignOf(event: ModelEvent): string | null {
  const parts = [event.utmSource, event.utmMedium, event.utmCampaign, event.clickNetwork];
  return parts.every((part) => part === null) ? null : JSON.stringify(parts);
}

function sessionsOf(events: readonly ModelEvent[], settings: AnalysisSettings): ModelEvent[][] {
  const sessions: ModelEvent[][] = [];
  let last: ModelEvent | undefined;
  let campaign: string | null = null;
  for (const event of events) {
    const isPause =
      last === undefined || event.eventTime - last.eventTime >= settings.sessionTimeoutMinutes * 60_000;
    if (isPause) campaign = null;
    const own = campaignOf(event);
    const isOtherCampaign = settings.newSessionAtCampaign && own !== null && own !== campaign;
    if (isPause || isOtherCampaign) sessions.push([]);
    sessions.at(-1)?.push(event);
    campaign = own ?? campaign;
    last = event;
  }
  return sessions;
}

function sessionOf(events: readonly ModelEvent[], settings: AnalysisSettings): Session {
  const first = events[0];
  const end = events.at(-1);
  if (first === undefined || end === undefined) throw new Error('A session has events');
  const pages = events.filter(({ eventName }) => eventName === 'page_view');
  const entry = campaignOf(first) !== null ? first : (pages[0] ?? first);
  const userEvent = events.findLast(({ userId }) => userId !== null);
  const purchases = events.filter(({ eventName }) => eventName === 'purchase');
  const currencies = new Set(purchases.flatMap(({ currency }) => currency ?? []));
  const cents = sum(purchases.map((purchase) => purchase.cents ?? 0));
  const channel = channelOf(entry);
  const conversions = events.filter(({ eventName }) => settings.conversionEvents.includes(eventName)).length;
  const common = { site_id: first.siteId, visitor_id: first.visitorId, session_key: first.eventId };
  const views = pages.map((page, index): Row => {
    const next = pages[index + 1];
    const following = events.slice(
      events.indexOf(page),
      next === undefined ? undefined : events.indexOf(next),
    );
    const until = next ?? following.at(-1) ?? page;
    const scrolls = following.flatMap(({ scrollPercent }) => scrollPercent ?? []);
    return {
      ...common,
      event_id: page.eventId,
      viewed_at: timestamp(page.eventTime),
      local_date: localDay(page.eventTime, first.siteId, settings),
      view_number: index + 1,
      is_entry: index === 0,
      is_exit: index === pages.length - 1,
      page_path: page.pagePath,
      previous_page_path: pages[index - 1]?.pagePath ?? null,
      next_page_path: next?.pagePath ?? null,
      engaged_seconds: Math.floor((until.eventTime - page.eventTime) / 1000),
      scroll_percent: scrolls.length === 0 ? null : Math.max(...scrolls),
      channel,
      device_class: page.deviceClass,
      country: page.country,
      user_id: page.userId,
      is_bot: page.isBot,
    };
  });
  const engagedSeconds = sum(views.map((view) => Number(view.engaged_seconds)));
  const pings = events.filter(({ eventName }) => eventName === 'page_ping').length;
  const row: Row = {
    ...common,
    user_id: userEvent?.userId ?? null,
    user_seen_at: userEvent === undefined ? null : timestamp(userEvent.eventTime),
    started_at: timestamp(first.eventTime),
    ended_at: timestamp(end.eventTime),
    local_date: localDay(first.eventTime, first.siteId, settings),
    landing_page_path: pages[0]?.pagePath ?? null,
    exit_page_path: pages.at(-1)?.pagePath ?? null,
    channel,
    source: sourceOf(entry),
    medium: mediumOf(entry),
    campaign: entry.utmCampaign,
    referrer_host: entry.referrerHost,
    device_class: entry.deviceClass,
    country: entry.country,
    event_count: events.length,
    page_view_count: pages.length,
    engaged_seconds: engagedSeconds,
    is_bounce: pages.length === 1 && events.length === 1 + pings,
    is_engaged: pages.length > 1 || conversions > 0 || engagedSeconds >= settings.engagedSeconds,
    add_to_cart_count: events.filter(({ eventName }) => eventName === 'add_to_cart').length,
    purchase_count: purchases.length,
    conversion_count: conversions,
    revenue: amount(cents),
    currency: currencies.size === 1 ? ([...currencies][0] ?? null) : null,
    is_bot: first.isBot,
  };
  return { events, row, views, cents };
}

function visitorOf(sessions: readonly Session[]): Row {
  const first = sessions[0]?.row ?? {};
  const known = sessions.findLast(({ row }) => row.user_id !== null)?.row;
  const total = (column: string) => sum(sessions.map(({ row }) => Number(row[column])));
  return {
    site_id: first.site_id ?? null,
    visitor_id: first.visitor_id ?? null,
    user_id: known?.user_id ?? null,
    user_seen_at: known?.user_seen_at ?? null,
    first_seen_at: first.started_at ?? null,
    last_seen_at: sessions.at(-1)?.row.ended_at ?? null,
    first_session_key: first.session_key ?? null,
    first_landing_page_path: first.landing_page_path ?? null,
    first_channel: first.channel ?? null,
    first_source: first.source ?? null,
    first_medium: first.medium ?? null,
    first_campaign: first.campaign ?? null,
    first_referrer_host: first.referrer_host ?? null,
    session_count: sessions.length,
    page_view_count: total('page_view_count'),
    conversion_count: total('conversion_count'),
    purchase_count: total('purchase_count'),
    revenue: amount(sum(sessions.map(({ cents }) => cents))),
    is_bot: first.is_bot ?? null,
  };
}

function dailyOf(events: readonly ModelEvent[]): Row {
  const [first] = events;
  if (first === undefined) throw new Error('A day has events');
  return {
    site_id: first.siteId,
    event_date: utcDay(first.eventTime),
    event_name: first.eventName,
    is_bot: first.isBot,
    event_count: events.length,
    event_value: amount(sum(events.map(({ cents }) => cents ?? 0))),
    visitors: distinct(events.map(({ visitorId }) => visitorId)),
  };
}

function trafficOf(sessions: readonly Session[]): Row {
  const first = sessions[0]?.row ?? {};
  const total = (column: string) => sum(sessions.map(({ row }) => Number(row[column])));
  return {
    site_id: first.site_id ?? null,
    local_date: first.local_date ?? null,
    channel: first.channel ?? null,
    device_class: first.device_class ?? 'unknown',
    country: first.country ?? 'ZZ',
    is_bot: first.is_bot ?? null,
    session_count: sessions.length,
    page_view_count: total('page_view_count'),
    bounce_count: total('is_bounce'),
    engaged_count: total('is_engaged'),
    engaged_seconds: total('engaged_seconds'),
    conversion_count: total('conversion_count'),
    purchase_count: total('purchase_count'),
    revenue: amount(sum(sessions.map(({ cents }) => cents))),
    visitors: distinct(sessions.map(({ row }) => row.visitor_id ?? null)),
  };
}

function sourceOf(entry: ModelEvent): string | null {
  const referrer = entry.referrerMedium === 'internal' ? null : entry.referrerHost;
  return entry.utmSource ?? entry.clickNetwork ?? (entry.referrerMedium === null ? null : referrer);
}

function mediumOf(entry: ModelEvent): string | null {
  if (entry.utmMedium !== null) return entry.utmMedium;
  if (isPaid(entry)) return 'cpc';
  const names: Record<string, string | null> = { search: 'organic', other: 'referral', internal: null };
  if (entry.referrerMedium === null) return null;
  return entry.referrerMedium in names ? (names[entry.referrerMedium] ?? null) : entry.referrerMedium;
}

function localDay(millis: number, siteId: string, settings: AnalysisSettings): string {
  const timeZone = settings.siteTimeZones[siteId] ?? settings.defaultTimeZone;
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return parts.format(new Date(millis));
}

const utcDay = (millis: number) => new Date(millis).toISOString().slice(0, 10);
const timestamp = (millis: number) => new Date(millis).toISOString().replace('T', ' ').replace('Z', '');
const amount = (cents: number) => (cents / 100).toFixed(4);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const distinct = (values: readonly (string | number | boolean | null)[]) =>
  new Set(values.filter((value) => value !== null)).size;

function groups<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const byKey = new Map<string, T[]>();
  for (const item of items) byKey.set(keyOf(item), [...(byKey.get(keyOf(item)) ?? []), item]);
  return [...byKey.values()];
}
