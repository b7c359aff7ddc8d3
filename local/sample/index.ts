/**
 * The built-in sample: three days of four invented sites, with sessions, carts and purchases, campaigns, bots,
 * log-ins, duplicates, late events, wrong clocks and broken lines. The same lines every time.
 */
import { DAY_MILLIS, HOUR_MILLIS, MINUTE_MILLIS, SECOND_MILLIS } from '../../lib/contract/units';
import type { InputEvent } from '../../lib/event/columns';
import { BROKEN_LINES, ODD_LINES } from './broken';
import { Random } from './random';
import { deviceTime, type TimedEvent, type Visitor, visit } from './visit';
import { APPS, BOTS, BROWSERS, PLACES, SITES } from './world';

/** Name of the sample as a source: part of the ids of events that have none. */
export const SAMPLE_SOURCE = 'sample.ndjson';

const SEED = 20_261_101;
const FIRST_DAY_MILLIS = Date.UTC(2026, 10, 1);
const DAYS = 3;
const VISITORS = 240;
const BOT_HITS = 260;

const LAST_MILLIS = FIRST_DAY_MILLIS + DAYS * DAY_MILLIS - 1;

/** Clocks of devices: most are right, some off by minutes or hours, a few by years. */
const CLOCKS = [
  { skewMillis: 0, weight: 90 },
  { skewMillis: 7 * MINUTE_MILLIS, weight: 3 },
  { skewMillis: -3 * HOUR_MILLIS, weight: 3 },
  { skewMillis: -6 * 365 * DAY_MILLIS, weight: 2 },
  { skewMillis: 11 * 365 * DAY_MILLIS, weight: 1 },
] as const;

/** How an event travels from the device to the collector. */
const DELIVERIES = [
  { kind: 'prompt', weight: 95 },
  { kind: 'offline', weight: 3 },
  { kind: 'twice', weight: 2 },
] as const;

interface ReceivedLine {
  readonly receivedMillis: number;
  readonly text: string;
}

/** The lines of the sample in the order they were received, NDJSON without line ends, blank lines included. */
export function* sampleLines(): Generator<string, void> {
  const random = new Random(SEED);
  const received: ReceivedLine[] = [];
  for (let number = 1; number <= VISITORS; number += 1) {
    const visitor = makeVisitor(random, number);
    for (const timed of visitsOf(random, visitor)) received.push(...deliver(random, visitor, timed));
  }
  for (let hit = 0; hit < BOT_HITS; hit += 1) received.push(botHit(random));
  received.sort((a, b) => a.receivedMillis - b.receivedMillis);
  yield* interleave(
    received.map((line) => line.text),
    [...Object.values(BROKEN_LINES).flat(), ...ODD_LINES, '', '   ', ''],
  );
}

function makeVisitor(random: Random, number: number): Visitor {
  const isApp = random.chance(0.15);
  const place = random.weighted(PLACES);
  return {
    visitorId: random.uuid(),
    userId: random.chance(0.35) ? `user-${1_000 + number}` : undefined,
    device: random.weighted(isApp ? APPS : BROWSERS),
    place,
    ip: `${place.network}${random.integer(1, 254)}`,
    clockSkewMillis: random.weighted(CLOCKS).skewMillis,
  };
}

/** One to six visits to one site, busier by day than by night. */
function* visitsOf(random: Random, visitor: Visitor): Generator<TimedEvent, void> {
  let site = random.weighted(SITES);
  while ((site.platform === 'app') !== visitor.device.isApp) site = random.weighted(SITES);
  const visits = random.integer(1, 3) + (visitor.userId === undefined ? 0 : random.integer(0, 3));
  const starts = Array.from({ length: visits }, () => startMillis(random)).sort((a, b) => a - b);
  for (const [index, start] of starts.entries()) yield* visit(random, visitor, site, index + 1, start);
}

function startMillis(random: Random): number {
  const day = FIRST_DAY_MILLIS + random.integer(0, DAYS - 1) * DAY_MILLIS;
  const hour = random.chance(0.8) ? random.integer(8, 21) : random.integer(0, 22);
  return day + hour * HOUR_MILLIS + random.integer(0, HOUR_MILLIS - 1);
}

/** What the collector writes: once, after hours for a device that was offline, or twice for one that retried. */
function deliver(random: Random, visitor: Visitor, { trueMillis, event }: TimedEvent): ReceivedLine[] {
  const { kind } = random.weighted(DELIVERIES);
  const delay =
    kind === 'offline' ? random.integer(2 * HOUR_MILLIS, 20 * HOUR_MILLIS) : random.integer(20, 900);
  const sentMillis = Math.min(trueMillis + delay, LAST_MILLIS - MINUTE_MILLIS);
  const isApp = visitor.device.isApp;
  const sent = { ...event, sent_at: deviceTime(sentMillis + visitor.clockSkewMillis, isApp) };
  const first = receive(sent, sentMillis + random.integer(15, 300));
  if (kind !== 'twice') return [first];
  return [first, receive(sent, sentMillis + random.integer(2 * SECOND_MILLIS, 45 * SECOND_MILLIS))];
}

function receive(event: InputEvent, receivedMillis: number): ReceivedLine {
  const text = JSON.stringify({ ...event, received_at: new Date(receivedMillis).toISOString() });
  return { receivedMillis, text };
}

/** A page fetched by a bot: no visitor, no session, no id of its own. */
function botHit(random: Random): ReceivedLine {
  const site = random.pick(SITES.filter(({ platform }) => platform === 'web'));
  const page = random.pick(site.products);
  const millis = FIRST_DAY_MILLIS + random.integer(0, DAYS * DAY_MILLIS - HOUR_MILLIS);
  const event: InputEvent = {
    event_name: 'page_view',
    site_id: site.siteId,
    platform: 'web',
    occurred_at: new Date(millis).toISOString(),
    page_url: `${site.baseUrl}${page.path}`,
    user_agent: random.pick(BOTS),
    ip: `203.0.113.${random.integer(1, 254)}`,
    tracker_name: 'sample-web',
    tracker_version: '1.4.0',
  };
  return receive(event, millis + random.integer(15, 300));
}

/** Spreads the others evenly among the lines. */
function* interleave(lines: readonly string[], others: readonly string[]): Generator<string, void> {
  const distance = Math.floor(lines.length / (others.length + 1));
  const rest = [...others];
  for (const [index, line] of lines.entries()) {
    yield line;
    const other = (index + 1) % distance === 0 ? rest.shift() : undefined;
    if (other !== undefined) yield other;
  }
  yield* rest;
}
