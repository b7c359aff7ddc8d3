import { propertiesOf, rowOf } from '../../support/eventRows';

describe('what is derived', () => {
  test('comes from the page, the referrer, the agent and the address', () => {
    const row = rowOf({
      page_url: 'https://Shop.example.com/a?utm_source=news&utm_medium=email&gclid=g1#top',
      referrer_url: 'https://www.google.de/search?q=wool',
      user_agent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
      ip: '198.51.100.23',
    });
    expect(row).toMatchObject({
      page_scheme: 'https',
      page_host: 'shop.example.com',
      page_path: '/a',
      page_query: 'utm_source=news&utm_medium=email&gclid=g1',
      page_fragment: 'top',
      referrer_host: 'www.google.de',
      referrer_medium: 'search',
      referrer_source: 'Google',
      referrer_term: 'wool',
      utm_source: 'news',
      utm_medium: 'email',
      click_id: 'g1',
      click_network: 'google',
      is_bot: true,
      device_class: 'bot',
      ip_truncated: '198.51.100.0/24',
    });
  });

  test('gives way to what the sender gives', () => {
    const row = rowOf({
      page_url: 'https://shop.example.com/?utm_source=news&utm_medium=email&gclid=g1',
      user_agent: 'curl/8.5.0',
      utm_source: 'mine',
      click_id: 'c1',
      browser: 'MyApp',
    });
    expect(row).toMatchObject({
      utm_source: 'mine',
      utm_medium: 'email',
      click_id: 'c1',
      browser: 'MyApp',
      is_bot: true,
    });
    expect(row).not.toHaveProperty('click_network');
  });

  test('is missing when there is nothing to derive it from', () => {
    const row = rowOf({ page_url: 'not an address', referrer_url: '-', ip: 'unknown' });
    expect(row).toMatchObject({ page_url: 'not an address', referrer_url: '-' });
    for (const name of ['page_host', 'referrer_medium', 'ip_truncated', 'device_class']) {
      expect(row).not.toHaveProperty(name);
    }
  });

  test('never holds the whole address', () => {
    expect(JSON.stringify(rowOf({ ip: '198.51.100.23', IP: '198.51.100.24' }))).not.toMatch(
      /198\.51\.100\.[1-9]/,
    );
    expect(JSON.stringify(rowOf({ ip: 'client 198.51.100.23' }))).not.toContain('198.51');
  });

  test('corrects times, and keeps a time of receipt that cannot be', () => {
    const row = rowOf({
      occurred_at: '2026-11-22T09:00:00Z',
      sent_at: '2026-11-22T09:00:30Z',
      received_at: '2027-11-22T12:00:00Z',
    });
    expect(row).toMatchObject({
      received_at: '2026-11-22 12:00:00.000',
      event_time: '2026-11-22 11:59:30.000',
      event_time_source: 'corrected',
      clock_skew_millis: -3 * 3_600_000 + 30_000,
    });
    expect(propertiesOf(row)).toEqual({ invalid_received_at: '2027-11-22 12:00:00.000' });
  });
});
