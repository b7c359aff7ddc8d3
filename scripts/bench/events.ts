/** Invented events of about 1 KB, as a shop's trackers send them, the same on every run. */
import { Random } from '../generate/chance/random';

const PAGES = [
  '/',
  '/products',
  '/products/blue-wool-scarf',
  '/cart',
  '/checkout',
  '/blog/how-to-knit',
  '/search',
];
const TITLES = [
  'Welcome',
  'All products',
  'Blue wool scarf',
  'Your cart',
  'Checkout',
  'How to knit',
  'Größe wählen',
];
const REFERRERS = [
  undefined,
  'https://www.google.com/',
  'https://www.google.co.uk/search?q=blue+scarf',
  'https://l.facebook.com/',
  'https://chatgpt.com/',
  'https://shop-12.example.com/products',
  'https://forum.example.org/t/scarves/4211',
];
const QUERIES = [
  '',
  '',
  '',
  '?utm_source=newsletter&utm_medium=email&utm_campaign=autumn%20sale',
  '?gclid=Cj0KCQiA_9u5BhCUARIsABbMSPsExampleExampleExample&utm_source=google&utm_medium=cpc',
  '?color=blue&size=m&page=2',
];
const NAMES = ['page_view', 'page_view', 'page_view', 'page_ping', 'click', 'add_to_cart', 'purchase'];
const SYSTEMS = [
  'Windows NT 10.0; Win64; x64',
  'Macintosh; Intel Mac OS X 10_15_7',
  'X11; Linux x86_64',
  'Linux; Android 14; Pixel 8',
  'Linux; Android 13; SM-A536B',
];

/** Events, one JSON line each. */
export function* benchEvents(count: number, seed = 1): Generator<string> {
  const random = new Random(seed);
  const below = (limit: number) => random.below(limit);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const hex = (digits: number) => Array.from({ length: digits }, () => below(16).toString(16)).join('');
  for (let index = 0; index < count; index++) {
    const time = Date.UTC(2026, 10, 2) + index * 40 + below(40);
    const site = `shop-${below(300)}`;
    const host = `https://${site}.example.com`;
    const page = below(PAGES.length);
    const name = pick(NAMES);
    const version = `${100 + below(60)}.0.0.0`;
    yield JSON.stringify({
      event_id: `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
      event_name: name,
      site_id: site,
      platform: 'web',
      occurred_at: time - 400,
      sent_at: time - 80,
      received_at: time,
      visitor_id: hex(32),
      user_id: below(5) === 0 ? `customer-${below(1e6)}` : undefined,
      session_id: hex(16),
      session_number: 1 + below(20),
      page_url: `${host}${PAGES[page]}${pick(QUERIES)}`,
      page_title: TITLES[page],
      referrer_url: pick(REFERRERS),
      user_agent: `Mozilla/5.0 (${pick(SYSTEMS)}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version} Safari/537.36`,
      language: pick(['en-US', 'en-GB', 'de-DE', 'fr-FR', 'ja-JP']),
      time_zone: pick(['America/New_York', 'Europe/London', 'Europe/Berlin', 'Asia/Tokyo']),
      screen_width: 1920,
      screen_height: 1080,
      viewport_width: 1200 + below(600),
      viewport_height: 700 + below(300),
      ip: `203.0.113.${below(256)}`,
      country: pick(['US', 'GB', 'DE', 'FR', 'JP']),
      event_value: name === 'purchase' ? below(20_000) / 100 : undefined,
      currency: name === 'purchase' ? 'EUR' : undefined,
      properties: {
        page_type: pick(['home', 'listing', 'product', 'article']),
        logged_in: below(5) === 0,
        scroll_depth: below(100),
        experiment: { name: 'new-header', variant: pick(['a', 'b']) },
        load_millis: below(4_000),
        tags: ['autumn', 'wool', 'gift'],
      },
      items:
        name === 'purchase' || name === 'add_to_cart'
          ? [{ item_id: `sku-${below(9_999)}`, quantity: 1 + below(3), price: below(9_000) / 100 }]
          : undefined,
      tracker_name: 'web-tracker',
      tracker_version: '3.24.1',
      schema_version: '1',
    });
  }
}
