/** Identities that an importer makes: the same input always gives the same ones. */
import { createHash, createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** 32 hex digits are 128 bits: no two lines or visitors meet by chance. */
const ID_LENGTH = 32;
const REMEMBERED_VISITORS = 20_000;

/**
 * The id of the event on a line: from the source's name, the line's number and its text. Importing a file again
 * gives the same ids; two equal lines of one file are two events.
 */
export function lineEventId(source: string, lineNumber: number, text: string): string {
  const hash = createHash('sha256').update(`${source}\n${lineNumber}\n${text}`);
  return hash.digest('hex').slice(0, ID_LENGTH);
}

/**
 * Makes visitor ids from client address and user agent with HMAC-SHA256: without the key nobody can find the
 * address again by trying all of them.
 */
export function visitorIds(key: string): (client: string, userAgent: string | undefined) => string {
  const remembered = new LRUCache<string, string>({ max: REMEMBERED_VISITORS });
  return (client, userAgent = '') => {
    const identity = `${client}\n${userAgent}`;
    let id = remembered.get(identity);
    if (id === undefined) {
      id = createHmac('sha256', key).update(identity).digest('hex').slice(0, ID_LENGTH);
      remembered.set(identity, id);
    }
    return id;
  };
}
