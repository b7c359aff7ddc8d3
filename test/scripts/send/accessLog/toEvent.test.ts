import { isPageView } from '../../../../scripts/send/accessLog/pageView';
import { parseAccessLogLine } from '../../../../scripts/send/accessLog/parse';
import { logConverter } from '../../../../scripts/send/converters';

const LOG = {
  source: 'access.log',
  siteId: 'shop',
  siteUrl: 'https://shop.example',
  visitorKey: 'a key for tests only',
};

function logLine(
  fields: { request?: string; status?: number; client?: string; user?: string; agent?: string } = {},
) {
  const {
    request = 'GET /tea HTTP/1.1',
    status = 200,
    client = '192.0.2.17',
    user = '-',
    agent = 'Agent/1',
  } = fields;
  return `${client} - ${user} [02/Nov/2026:10:15:30 +0100] "${request}" ${status} 512 "-" "${agent}"`;
}

function eventOf(text: string, number = 1, log = LOG): Record<string, unknown> {
  const fate = logConverter(log)({ number, text, isTooLong: false });
  if (fate.kind !== 'event' || typeof fate.event !== 'object') throw new Error(`No event: ${text}`);
  return { ...fate.event };
}

describe('the event of an access log line', () => {
  test('says what was asked for, when, by whom and with what result', () => {
    expect(JSON.parse(JSON.stringify(eventOf(logLine({ user: 'jane' }))))).toEqual({
      event_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      event_name: 'page_view',
      site_id: 'shop',
      platform: 'web',
      occurred_at: '2026-11-02T09:15:30.000Z',
      received_at: '2026-11-02T09:15:30.000Z',
      visitor_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      user_id: 'jane',
      page_url: 'https://shop.example/tea',
      user_agent: 'Agent/1',
      ip: '192.0.2.0/24',
      properties: { method: 'GET', protocol: 'HTTP/1.1', status: 200, bytes: 512 },
      source: 'access.log',
      tracker_name: 'access-log',
      tracker_version: '1',
    });
  });

  test.each([
    ['192.0.2.17', '192.0.2.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['crawler.example', undefined],
  ])('from %s holds the client only as %s', (client, network) => {
    const event = eventOf(logLine({ client }));
    expect(event.ip).toBe(network);
    expect(JSON.stringify(event)).not.toContain(client);
  });

  test('has the same visitor for the same client, agent and key, and only then', () => {
    const visitor = (fields: Parameters<typeof logLine>[0], visitorKey = LOG.visitorKey) =>
      eventOf(logLine(fields), 1, { ...LOG, visitorKey }).visitor_id;
    expect(visitor({ request: 'GET /other HTTP/1.1' })).toBe(visitor({}));
    expect(visitor({ client: '192.0.2.18' })).not.toBe(visitor({}));
    expect(visitor({ agent: 'Agent/2' })).not.toBe(visitor({}));
    expect(visitor({}, 'another key for tests')).not.toBe(visitor({}));
  });

  test('has an id of its source, its line number and its text', () => {
    const id = eventOf(logLine(), 7).event_id;
    expect(eventOf(logLine(), 7).event_id).toBe(id);
    expect(eventOf(logLine(), 8).event_id).not.toBe(id);
    expect(eventOf(logLine({ status: 304 }), 7).event_id).not.toBe(id);
    expect(eventOf(logLine(), 7, { ...LOG, source: 'other.log' }).event_id).not.toBe(id);
  });

  test.each([
    ['GET https://elsewhere.example/x HTTP/1.1', 'https://elsewhere.example/x', undefined],
    ['OPTIONS * HTTP/1.1', undefined, '*'],
    ['-', undefined, undefined],
  ])('for "%s" has the address %s and the target %s', (request, pageUrl, target) => {
    const event = eventOf(logLine({ request }));
    expect(event.page_url).toBe(pageUrl);
    expect(event.properties).toMatchObject({ target });
    expect(event.event_name).toBe('request');
  });

  test('keeps what was sent instead of a request', () => {
    expect(eventOf(logLine({ request: '\\x16\\x03' })).properties).toMatchObject({
      malformed_request: '\u0016\u0003',
    });
  });
});

describe('a page view', () => {
  test.each([
    'GET / HTTP/1.1',
    'GET /2026/11/02/how-to-brew-tea/ HTTP/1.1',
    'GET /index.php?p=12&x=/feed/ HTTP/1.1',
    'GET /about.html HTTP/2.0',
    'GET /release-1.5/notes HTTP/1.1',
    'GET /feedback HTTP/1.1',
  ])('is "%s"', (request) => {
    for (const status of [200, 304]) expect(isPageView(lineOf(request, status))).toBe(true);
  });

  test.each([
    ['POST /checkout HTTP/1.1', 200],
    ['HEAD / HTTP/1.1', 200],
    ['GET /gone HTTP/1.1', 404],
    ['GET /moved HTTP/1.1', 301],
    ['GET /part HTTP/1.1', 206],
    ['GET /style.css?v=2 HTTP/1.1', 200],
    ['GET /logo.PNG HTTP/1.1', 200],
    ['GET /robots.txt HTTP/1.1', 200],
    ['GET /sitemap.xml HTTP/1.1', 200],
    ['GET /post/feed/ HTTP/1.1', 200],
    ['GET /wp-json/oembed/1.0/embed?url=x HTTP/1.1', 200],
    ['GET /wp-login.php HTTP/1.1', 200],
    ['GET /wp-admin/ HTTP/1.1', 200],
    ['GET https://elsewhere.example/ HTTP/1.1', 200],
    ['-', 408],
  ])('is not "%s" answered with %i', (request, status) => {
    expect(isPageView(lineOf(request, status))).toBe(false);
  });

  function lineOf(request: string, status: number) {
    const parsed = parseAccessLogLine(logLine({ request, status }));
    if (parsed.kind !== 'line') throw new Error(parsed.reason);
    return parsed;
  }
});
