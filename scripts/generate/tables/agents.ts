/** Browsers and bots of the built-in traffic, and the screens devices have. */
import { readUserAgent } from '../../../lib/event/userAgent';
import { type Choice, Weighted } from '../chance/weighted';
import { inJsonText } from './jsonText';
import type { Agent } from './types';

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const SAFARI = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';

/** Each after `Mozilla/5.0 `. */
const BROWSERS: readonly (readonly [agent: string, weight: number])[] = [
  [`(Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/141.0.0.0 Safari/537.36`, 24],
  [`(Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36`, 6],
  [`(Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0`, 6],
  [`(Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Chrome/141.0.0.0 Safari/537.36`, 6],
  [`(Macintosh; Intel Mac OS X 10_15_7) ${SAFARI} Version/18.5 Safari/605.1.15`, 6],
  [`(Linux; Android 15; Pixel 9) ${WEBKIT} Chrome/141.0.0.0 Mobile Safari/537.36`, 12],
  [`(Linux; Android 14; SM-S921B) ${WEBKIT} Chrome/140.0.0.0 Mobile Safari/537.36`, 10],
  [`(Linux; Android 13; SM-X200) ${WEBKIT} Chrome/141.0.0.0 Safari/537.36`, 2],
  [`(iPhone; CPU iPhone OS 18_5 like Mac OS X) ${SAFARI} Version/18.5 Mobile/15E148 Safari/604.1`, 18],
  [`(iPhone; CPU iPhone OS 17_6 like Mac OS X) ${SAFARI} CriOS/141.0.0.0 Mobile/15E148 Safari/604.1`, 4],
  [`(iPad; CPU OS 17_6 like Mac OS X) ${SAFARI} Version/17.6 Mobile/15E148 Safari/604.1`, 3],
  ['(Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0', 3],
  ['(X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0', 2],
];

type Device = Omit<Agent, 'userAgent'>;

const DESKTOPS: readonly Device[] = [
  { screen: [1920, 1080], viewport: [1903, 969] },
  { screen: [1536, 864], viewport: [1521, 730] },
  { screen: [2560, 1440], viewport: [2545, 1290] },
  { screen: [1512, 982], viewport: [1512, 860] },
];
const PHONES: readonly Device[] = [
  { screen: [412, 915], viewport: [412, 785] },
  { screen: [393, 852], viewport: [393, 659] },
  { screen: [360, 800], viewport: [360, 668] },
];
const TABLETS: readonly Device[] = [
  { screen: [820, 1180], viewport: [820, 1075] },
  { screen: [800, 1280], viewport: [800, 1130] },
];

/**
 * A browser with a screen that fits its kind.
 * @param number tells apart the agents of a table, whose screens differ
 */
export function agentOf(userAgent: string, number: number): Agent {
  const { deviceClass } = readUserAgent(userAgent);
  const devices = deviceClass === 'mobile' ? PHONES : deviceClass === 'tablet' ? TABLETS : DESKTOPS;
  const device = devices[number % devices.length];
  return { userAgent: inJsonText(userAgent), screen: [0, 0], viewport: [0, 0], ...device };
}

/** The browsers of the built-in traffic. */
export const AGENTS: readonly Choice<Agent>[] = BROWSERS.map(([agent, weight], number) => ({
  value: agentOf(`Mozilla/5.0 ${agent}`, number),
  weight,
}));

/** The bots of the built-in traffic. */
export const BOTS: readonly Choice<string>[] = [
  { value: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', weight: 5 },
  { value: 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)', weight: 3 },
  { value: 'Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example/about)', weight: 2 },
  { value: 'uptime-monitor-bot/4.0', weight: 2 },
  { value: 'curl/8.9.1', weight: 1 },
  { value: 'python-requests/2.32.3', weight: 1 },
];

/** Devices that apps run on. An app makes its user agent itself, of its name and this. */
export const APP_DEVICES: Weighted<Agent> = new Weighted([
  {
    value: { userAgent: '(Android 15; Mobile; Pixel 9)', screen: [412, 915], viewport: [412, 915] },
    weight: 3,
  },
  {
    value: { userAgent: '(Android 14; Mobile; SM-S921B)', screen: [360, 780], viewport: [360, 780] },
    weight: 3,
  },
  { value: { userAgent: '(iPhone; iOS 18.5)', screen: [393, 852], viewport: [393, 852] }, weight: 4 },
]);
