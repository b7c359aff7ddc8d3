import { EVENT_COLUMNS, type EventColumn } from '../../lib/event/columns';
import { classifyReferrer, registrableDomain } from '../../lib/event/referrer';
import { REFERRER_SERVICES } from '../../lib/event/referrerTable';

const page = 'shop.example.com';

describe('classifyReferrer', () => {
  test.each([
    ['www.google.com', 'search', 'Google'],
    ['www.google.co.uk', 'search', 'Google'],
    ['google.de', 'search', 'Google'],
    ['www.bing.com', 'search', 'Bing'],
    ['search.yahoo.co.jp', 'search', 'Yahoo'],
    ['mail.google.com', 'email', 'Gmail'],
    ['com.google.android.gm', 'email', 'Gmail'],
    ['outlook.live.com', 'email', 'Outlook'],
    ['gemini.google.com', 'ai', 'Gemini'],
    ['chatgpt.com', 'ai', 'ChatGPT'],
    ['www.perplexity.ai', 'ai', 'Perplexity'],
    ['l.facebook.com', 'social', 'Facebook'],
    ['old.reddit.com', 'social', 'Reddit'],
    ['t.co', 'social', 'X'],
    ['yandex.ru', 'search', 'Yandex'],
  ])('knows %s as %s, %s', (host, medium, source) => {
    expect(classifyReferrer(host, undefined, page)).toEqual({ medium, source, term: undefined });
  });

  test.each([
    'forum.example.org',
    'google.example.org',
    'notgoogle.com',
    'chat.co',
    'localhost',
    '192.0.2.1',
    'best.com',
  ])('does not take %s for a service', (host) => {
    expect(classifyReferrer(host, undefined, page)).toEqual({ medium: 'other' });
  });

  test.each([
    ['shop.example.com', 'shop.example.com'],
    ['www.example.com', 'shop.example.com'],
    ['example.com', 'www.example.com'],
    ['www.example.co.uk', 'shop.example.co.uk'],
    ['www.google.com', 'google.com'],
  ])('calls a visit from %s to %s internal', (host, pageHost) => {
    expect(classifyReferrer(host, undefined, pageHost)).toEqual({ medium: 'internal' });
  });

  test.each([
    ['other.co.uk', 'shop.co.uk'],
    ['example.org', 'example.com'],
    ['badexample.com', 'example.com'],
  ])('does not call a visit from %s to %s internal', (host, pageHost) => {
    expect(classifyReferrer(host, undefined, pageHost).medium).toBe('other');
  });

  test('reads the search words where they are shown', () => {
    expect(classifyReferrer('www.bing.com', 'form=x&q=blue+wool%20scarf', page).term).toBe('blue wool scarf');
    expect(classifyReferrer('yandex.ru', 'text=%D1%88%D0%B0%D1%80%D1%84', page).term).toBe('шарф');
    expect(classifyReferrer('www.google.com', 'q=', page).term).toBeUndefined();
    expect(classifyReferrer('l.facebook.com', 'q=no', page).term).toBeUndefined();
  });

  test('works without a page', () => {
    expect(classifyReferrer('www.google.com', undefined, undefined).medium).toBe('search');
  });
});

test.each([
  ['www.example.com', 'example.com'],
  ['a.b.example.co.uk', 'example.co.uk'],
  ['example.co.uk', 'example.co.uk'],
  ['example.com', 'example.com'],
  ['co.uk', 'co.uk'],
  ['x.com', 'x.com'],
  ['localhost', 'localhost'],
])('the registered part of %s is %s', (host, domain) => {
  expect(registrableDomain(host)).toBe(domain);
});

describe('the table of services', () => {
  const hosts = REFERRER_SERVICES.flatMap((service) => service.hosts);

  test('names every host once, in lower case, as a host or a name with any country', () => {
    expect(new Set(hosts).size).toBe(hosts.length);
    for (const host of hosts) expect(host).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)*\.([a-z]+|\*)$/);
  });

  test('finds every one of its entries', () => {
    for (const { hosts: own, medium, source } of REFERRER_SERVICES) {
      for (const host of own) {
        expect(classifyReferrer(host.replace('*', 'com'), undefined, page)).toMatchObject({ medium, source });
      }
    }
  });

  test('has sources that fit their column', () => {
    const columns: readonly EventColumn[] = EVENT_COLUMNS;
    const maxBytes = columns.find(({ name }) => name === 'referrer_source')?.maxBytes ?? 0;
    for (const { source } of REFERRER_SERVICES)
      expect(Buffer.byteLength(source)).toBeLessThanOrEqual(maxBytes);
  });
});
