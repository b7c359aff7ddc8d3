/** Tells browser, operating system, device class and bots from user agents. */
import Bowser from 'bowser';
import { isbot } from 'isbot';
import { LRUCache } from 'lru-cache';

/** What a user agent says of itself. */
export interface UserAgent {
  readonly browser?: string;
  readonly browserVersion?: string;
  readonly os?: string;
  readonly osVersion?: string;
  readonly deviceClass: 'desktop' | 'mobile' | 'tablet' | 'tv' | 'bot' | 'unknown';
  /** A known crawler, monitor or script. */
  readonly isBot: boolean;
}

/** Traffic of many sites shows some ten thousand different agents a day; parsing one takes a hundred events' time. */
const REMEMBERED_AGENTS = 20_000;
const remembered = new LRUCache<string, UserAgent>({ max: REMEMBERED_AGENTS });

/**
 * Reads a user agent. Agents are remembered.
 * @param agent text of bounded length: the patterns behind this take time in proportion to it
 */
export function readUserAgent(agent: string): UserAgent {
  let read = remembered.get(agent);
  if (read === undefined) {
    read = parse(agent);
    remembered.set(agent, read);
  }
  return read;
}

function parse(agent: string): UserAgent {
  const { browser, os, platform } = Bowser.parse(agent);
  const isBot = platform.type === 'bot' || isbot(agent);
  return {
    browser: browser.name || undefined,
    browserVersion: browser.version || undefined,
    os: os.name || undefined,
    // Windows calls itself NT 10.0 where people say 10; elsewhere the name is a code name.
    osVersion: (os.name === 'Windows' && os.versionName) || os.version || undefined,
    deviceClass: isBot ? 'bot' : deviceClassOf(platform.type, os.name),
    isBot,
  };
}

function deviceClassOf(platformType: string | undefined, os: string | undefined): UserAgent['deviceClass'] {
  switch (platformType) {
    case 'desktop':
    case 'mobile':
    case 'tablet':
    case 'tv':
      return platformType;
    default:
      // Bowser knows Chromebooks by their system only.
      return os === 'Chrome OS' ? 'desktop' : 'unknown';
  }
}
