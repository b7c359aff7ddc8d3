import fc from 'fast-check';
import { readUserAgent } from '../../lib/event/userAgent';

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';

describe('readUserAgent', () => {
  test.each([
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/142.0.0.0 Safari/537.36`,
      {
        browser: 'Chrome',
        browserVersion: '142.0.0.0',
        os: 'Windows',
        osVersion: '10',
        deviceClass: 'desktop',
      },
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0',
      {
        browser: 'Firefox',
        browserVersion: '140.0',
        os: 'macOS',
        osVersion: '10.15',
        deviceClass: 'desktop',
      },
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
      { browser: 'Safari', browserVersion: '26.0', os: 'iOS', osVersion: '18.7', deviceClass: 'mobile' },
    ],
    [
      'Mozilla/5.0 (iPad; CPU OS 15_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Mobile/15E148 Safari/604.1',
      { browser: 'Safari', os: 'iOS', deviceClass: 'tablet' },
    ],
    [
      `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${webkit} Chrome/142.0.0.0 Mobile Safari/537.36`,
      { browser: 'Chrome', os: 'Android', osVersion: '14', deviceClass: 'mobile' },
    ],
    [
      `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/142.0.0.0 Safari/537.36`,
      { os: 'Chrome OS', deviceClass: 'desktop' },
    ],
    [
      `Mozilla/5.0 (SMART-TV; Linux; Tizen 6.5) ${webkit} Version/6.5 TV Safari/537.36`,
      { os: 'Tizen', deviceClass: 'tv' },
    ],
  ])('reads %s', (agent, expected) => {
    expect(readUserAgent(agent)).toMatchObject({ ...expected, isBot: false });
  });

  test.each([
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)',
    'curl/8.5.0',
    'python-requests/2.32.0',
    'facebookexternalhit/1.1',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36',
  ])('flags %s as a bot', (agent) => {
    expect(readUserAgent(agent)).toMatchObject({ isBot: true, deviceClass: 'bot' });
  });

  test('says unknown of a device it cannot tell', () => {
    expect(readUserAgent('Mozilla/5.0 (Unheard of; rv:1) Something/1.0 Else/2.0').deviceClass).toBe(
      'unknown',
    );
  });

  test('gives the same answer the second time, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (agent) => {
        expect(readUserAgent(agent)).toEqual(readUserAgent(agent));
      }),
    );
  });
});
