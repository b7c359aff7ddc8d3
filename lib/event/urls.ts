/** Splits addresses the way browsers do (WHATWG URL), with a shortcut for the plain ones. */

/** Parts of an address; a part that is not there, or empty, is undefined. */
export interface UrlParts {
  readonly scheme: string;
  /** Lower case, without port. */
  readonly host: string | undefined;
  /** Starts with a slash. */
  readonly path: string | undefined;
  /** Without the question mark, still percent-encoded. */
  readonly query: string | undefined;
  /** Without the hash sign, still percent-encoded. */
  readonly fragment: string | undefined;
}

/**
 * Addresses that the WHATWG algorithm would leave as they are, so that splitting is enough: a lower-case host name
 * that ends in a letter (so it is no IPv4 number), only unreserved and reserved ASCII after it. Dot segments are told
 * apart below.
 */
const PLAIN_URL =
  /^(https?):\/\/((?:[a-z0-9-]+\.)*[a-z]+)(?::\d{1,4})?(?:(\/[\w\-.~!$&()*+,;=:@%/]*)(?:\?([\w\-.~!$&()*+,;=:@%/?]*))?(?:#([\w\-.~!$&()*+,;=:@%/?]*))?)?$/;

/** The parts of an absolute address; undefined when it is none. */
export function splitUrl(url: string): UrlParts | undefined {
  const plain = PLAIN_URL.exec(url);
  if (plain === null || url.includes('/.') || url.includes('/%2') || url.includes('xn--'))
    return parseUrl(url);
  const [, scheme = '', host, path = '/', query, fragment] = plain;
  return { scheme, host, path, query: query || undefined, fragment: fragment || undefined };
}

function parseUrl(text: string): UrlParts | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return {
    scheme: url.protocol.slice(0, -1),
    host: url.hostname.toLowerCase() || undefined,
    // An opaque path, as in mailto:someone, is no path on a host.
    path: url.pathname.startsWith('/') ? url.pathname : undefined,
    query: url.search.slice(1) || undefined,
    fragment: url.hash.slice(1) || undefined,
  };
}

/** Calls `visit` with each name and value of a query string, in order, both still encoded. */
export function forEachParameter(query: string, visit: (name: string, value: string) => void): void {
  let start = 0;
  while (start < query.length) {
    let end = query.indexOf('&', start);
    if (end === -1) end = query.length;
    const equals = query.indexOf('=', start);
    if (equals !== -1 && equals < end) visit(query.slice(start, equals), query.slice(equals + 1, end));
    start = end + 1;
  }
}

/** Decodes a query value: `+` is a space, bytes that are no UTF-8 become U+FFFD, NUL is left out. */
export function decodeParameter(value: string): string {
  if (!value.includes('%') && !value.includes('+')) return value;
  const decoded = new URLSearchParams(`v=${value}`).get('v') ?? '';
  return decoded.includes('\0') ? decoded.replaceAll('\0', '') : decoded;
}
