/** Simulates one visit: the pages seen and what was done on them. */
import type { InputEvent } from '../../lib/event/columns';
import type { Random } from './random';
import { CHANNELS, type Device, type Place, type Product, type Site } from './world';

/** A browser or a device with the app. */
export interface Visitor {
  readonly visitorId: string;
  /** Known to the site after logging in. */
  readonly userId: string | undefined;
  readonly device: Device;
  readonly place: Place;
  readonly ip: string;
  /** Device clock minus true time. */
  readonly clockSkewMillis: number;
}

/** An event, and when it truly happened. */
export interface TimedEvent {
  readonly trueMillis: number;
  readonly event: InputEvent;
}

interface Step {
  readonly name: string;
  readonly path: string;
  readonly title: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Seconds between two steps of a visit. */
const STEP_SECONDS = { low: 4, high: 90 } as const;

/** The events of a visit that begins at `startMillis`, with `event_id` but without the receiver's fields. */
export function visit(
  random: Random,
  visitor: Visitor,
  site: Site,
  sessionNumber: number,
  startMillis: number,
): TimedEvent[] {
  const channel = random.weighted(CHANNELS);
  const isApp = site.platform === 'app';
  const sessionId = random.uuid();
  const isLoggedIn = visitor.userId !== undefined && random.chance(0.7);
  let millis = startMillis;
  let referrer = isApp ? undefined : channel.referrer;
  let previousUrl = '';
  return steps(random, site, isLoggedIn).map((step, index) => {
    if (index > 0) millis += random.integer(STEP_SECONDS.low * 1_000, STEP_SECONDS.high * 1_000);
    const url = site.baseUrl + step.path + (index === 0 && !isApp ? channel.query : '');
    if (step.name === 'page_view' && index > 0) referrer = previousUrl;
    previousUrl = url;
    const { device, place } = visitor;
    const event: InputEvent = {
      event_id: random.uuid(),
      event_name: step.name,
      site_id: site.siteId,
      platform: site.platform,
      occurred_at: deviceTime(millis + visitor.clockSkewMillis, isApp),
      visitor_id: visitor.visitorId,
      user_id: isLoggedIn && index > 0 ? visitor.userId : undefined,
      session_id: sessionId,
      session_number: sessionNumber,
      page_url: url,
      page_title: step.title,
      referrer_url: referrer,
      user_agent: device.userAgent,
      language: place.language,
      time_zone: place.timeZone,
      screen_width: device.screen[0],
      screen_height: device.screen[1],
      viewport_width: device.viewport[0],
      viewport_height: device.viewport[1],
      ip: visitor.ip,
      country: place.country,
      consent: 'analytics',
      tracker_name: isApp ? 'sample-app' : 'sample-web',
      tracker_version: '1.4.0',
      schema_version: '1',
      ...step.fields,
    };
    return { trueMillis: millis, event };
  });
}

/** Web trackers write ISO 8601, the app epoch milliseconds. */
export function deviceTime(millis: number, isApp: boolean): string | number {
  return isApp ? millis : new Date(millis).toISOString();
}

function steps(random: Random, site: Site, isLoggedIn: boolean): Step[] {
  const home: Step = { name: 'page_view', path: '/', title: site.title };
  const product = random.pick(site.products);
  const result: Step[] = [random.chance(0.55) ? home : productView(site, product)];
  // Nearly a third of all visits see one page.
  if (random.chance(0.3)) return result;
  if (isLoggedIn)
    result.push({
      name: 'login',
      path: '/account',
      title: 'Account',
      fields: { properties: { method: 'password' } },
    });
  if (random.chance(0.25)) result.push(search(random, site));
  const cart: Product[] = [];
  for (let views = random.integer(1, 5); views > 0; views -= 1) {
    const seen = random.pick(site.products);
    result.push(productView(site, seen));
    if (random.chance(0.4)) result.push(ping(random, seen));
    if (random.chance(0.25)) {
      cart.push(seen);
      result.push(addToCart(site, seen));
    }
  }
  if (cart.length > 0 && random.chance(0.6)) {
    result.push({ name: 'page_view', path: '/checkout', title: 'Checkout' });
    if (random.chance(0.65)) result.push(purchase(random, site, cart));
  }
  return result;
}

function productView(site: Site, { name, path, sku }: Product): Step {
  return {
    name: 'page_view',
    path,
    title: `${name} | ${site.title}`,
    fields: { properties: { sku, page_type: 'product' } },
  };
}

function ping(random: Random, { name, path }: Product): Step {
  return {
    name: 'page_ping',
    path,
    title: name,
    fields: { properties: { scroll_percent: random.integer(10, 100) } },
  };
}

function search(random: Random, site: Site): Step {
  const term = random.pick(['gift', 'green tea', 'größe M', 'lamp', '旅行', 'socks & poles']);
  return {
    name: 'search',
    path: `/search?q=${encodeURIComponent(term)}`,
    title: `Search | ${site.title}`,
    fields: { properties: { term, results: random.integer(0, 12) } },
  };
}

function addToCart(site: Site, { sku, name, path, price }: Product): Step {
  const items = [{ sku, name, quantity: 1, price }];
  return {
    name: 'add_to_cart',
    path,
    title: name,
    fields: { event_value: price, currency: site.currency, items },
  };
}

function purchase(random: Random, site: Site, cart: readonly Product[]): Step {
  const items = cart.map(({ sku, name, price }) => ({ sku, name, quantity: random.integer(1, 2), price }));
  const cents = items.reduce((sum, { quantity, price }) => sum + quantity * Math.round(price * 100), 0);
  return {
    name: 'purchase',
    path: '/checkout/thank-you',
    title: 'Thank you',
    fields: {
      event_value: cents / 100,
      currency: site.currency,
      items,
      properties: {
        order_id: `O-${random.integer(100_000, 999_999)}`,
        coupon: random.chance(0.2) ? 'AUTUMN10' : undefined,
      },
    },
  };
}
