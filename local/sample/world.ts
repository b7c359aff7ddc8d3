/** The sites, goods, devices and places of the sample. All invented; hosts and addresses are reserved for examples. */

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly path: string;
  readonly price: number;
}

export interface Site {
  readonly siteId: string;
  readonly platform: 'web' | 'app';
  /** Before every path. */
  readonly baseUrl: string;
  readonly title: string;
  readonly currency: string;
  readonly products: readonly Product[];
  readonly weight: number;
}

function products(prefix: string, goods: readonly (readonly [name: string, price: number])[]): Product[] {
  return goods.map(([name, price], index) => ({
    sku: `${prefix}-${100 + index}`,
    name,
    path: `/products/${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`,
    price,
  }));
}

const KETTLES = products('CK', [
  ['Copper kettle', 89.9],
  ['Pour-over set', 42.5],
  ['Hand grinder', 64],
  ['Tea sampler', 19.95],
  ['Milk frother', 24.9],
]);

export const SITES: readonly Site[] = [
  {
    siteId: 'trail-and-tent',
    platform: 'web',
    baseUrl: 'https://www.trail-and-tent.example',
    title: 'Trail & Tent',
    currency: 'EUR',
    weight: 5,
    products: products('TT', [
      ['Two-person tent', 249],
      ['Trekking poles', 79.5],
      ['Down sleeping bag', 189],
      ['Gas stove', 54.9],
      ['Head lamp', 32],
      ['Water filter', 44.95],
      ['Wool socks', 18],
    ]),
  },
  {
    siteId: 'paper-lantern',
    platform: 'web',
    baseUrl: 'https://paper-lantern.example',
    title: 'Paper Lantern Books',
    currency: 'GBP',
    weight: 3,
    products: products('PL', [
      ['The Quiet Harbour', 9.99],
      ['A Field Guide to Moss', 16.5],
      ['Letters from the Tram', 12],
      ['Bread, Slowly', 21],
      ['Night Trains', 10.5],
    ]),
  },
  {
    siteId: 'copper-kettle',
    platform: 'web',
    baseUrl: 'https://copper-kettle.example',
    title: 'Copper Kettle',
    currency: 'USD',
    weight: 3,
    products: KETTLES,
  },
  {
    siteId: 'copper-kettle-app',
    platform: 'app',
    baseUrl: 'copperkettle://app',
    title: 'Copper Kettle',
    currency: 'USD',
    weight: 2,
    products: KETTLES,
  },
];

export interface Device {
  readonly userAgent: string;
  readonly screen: readonly [width: number, height: number];
  readonly viewport: readonly [width: number, height: number];
  readonly isApp: boolean;
  readonly weight: number;
}

function browser(
  userAgent: string,
  screen: readonly [number, number],
  viewport: readonly [number, number],
  weight: number,
): Device {
  return { userAgent: `Mozilla/5.0 ${userAgent}`, screen, viewport, weight, isApp: false };
}

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';

export const BROWSERS: readonly Device[] = [
  browser(
    `(Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/141.0.0.0 Safari/537.36`,
    [1920, 1080],
    [1903, 969],
    30,
  ),
  browser(
    `(Linux; Android 15; Pixel 9) ${WEBKIT} Chrome/141.0.0.0 Mobile Safari/537.36`,
    [412, 915],
    [412, 785],
    24,
  ),
  browser(
    '(iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    [393, 852],
    [393, 659],
    22,
  ),
  browser(
    '(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    [1512, 982],
    [1512, 860],
    9,
  ),
  browser('(X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0', [2560, 1440], [2545, 1290], 6),
  browser(
    `(Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0`,
    [1536, 864],
    [1521, 730],
    6,
  ),
  browser(
    '(iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1',
    [820, 1180],
    [820, 1075],
    4,
  ),
];

export const APPS: readonly Device[] = [
  {
    userAgent: 'CopperKettle/3.2 (Android 15; Pixel 9)',
    screen: [412, 915],
    viewport: [412, 915],
    isApp: true,
    weight: 1,
  },
  {
    userAgent: 'CopperKettle/3.2 (iPhone; iOS 18.5)',
    screen: [393, 852],
    viewport: [393, 852],
    isApp: true,
    weight: 1,
  },
];

export const BOTS: readonly string[] = [
  'Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example/about)',
  'Mozilla/5.0 (compatible; SampleSpider/1.0; +https://spider.example)',
  'uptime-monitor-bot/4.0',
  'curl/8.9.1',
];

export interface Place {
  readonly country: string;
  readonly language: string;
  readonly timeZone: string;
  /** Before the last part of an address. */
  readonly network: string;
  readonly weight: number;
}

export const PLACES: readonly Place[] = [
  { country: 'DE', language: 'de-DE', timeZone: 'Europe/Berlin', network: '192.0.2.', weight: 4 },
  { country: 'GB', language: 'en-GB', timeZone: 'Europe/London', network: '198.51.100.', weight: 3 },
  { country: 'US', language: 'en-US', timeZone: 'America/New_York', network: '203.0.113.', weight: 4 },
  { country: 'JP', language: 'ja-JP', timeZone: 'Asia/Tokyo', network: '2001:db8:81::', weight: 1 },
  { country: 'BR', language: 'pt-BR', timeZone: 'America/Sao_Paulo', network: '2001:db8:55::', weight: 1 },
];

/** How a visit comes about: what it brings along in the address, and the page it came from. */
export interface Channel {
  readonly query: string;
  readonly referrer: string | undefined;
  readonly weight: number;
}

export const CHANNELS: readonly Channel[] = [
  { query: '', referrer: undefined, weight: 30 },
  { query: '', referrer: 'https://www.google.com/', weight: 25 },
  { query: '', referrer: 'https://duckduckgo.com/', weight: 5 },
  {
    query: '?utm_source=google&utm_medium=cpc&utm_campaign=autumn-sale&utm_term=gift&gclid=EAIaIQobSAMPLE01',
    referrer: 'https://www.google.com/',
    weight: 12,
  },
  {
    query: '?utm_source=newsletter&utm_medium=email&utm_campaign=november-letter&utm_content=header',
    referrer: undefined,
    weight: 9,
  },
  {
    query: '?utm_source=facebook&utm_medium=paid-social&utm_campaign=autumn-sale&fbclid=IwARsample02',
    referrer: 'https://m.facebook.com/',
    weight: 7,
  },
  { query: '', referrer: 'https://www.reddit.com/', weight: 4 },
  { query: '?utm_source=chatgpt.com', referrer: 'https://chatgpt.com/', weight: 3 },
  { query: '', referrer: 'https://reviews.example/best-of-autumn?page=2', weight: 5 },
];
