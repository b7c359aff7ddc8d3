/**
 * Who may talk to the console's server.
 *
 * It listens on loopback, but a page from elsewhere, open in the same browser, can send requests there, and can give
 * its own name this machine's address (DNS rebinding). Such requests carry another Host or Origin.
 */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** Sent with every answer. Nothing is fetched from, framed by, or posted to anywhere else; no inline scripts or styles. */
export const SECURITY_HEADERS: OutgoingHttpHeaders = {
  'content-security-policy': [
    "default-src 'self'",
    // The editor's mark beside a line with an error is a picture in its style sheet.
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    // Text becomes markup nowhere, in no library either: console/web/trustedTypes.ts.
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Why a request is refused. */
export interface Refusal {
  readonly status: 403 | 405 | 415;
  readonly message: string;
}

/** What is looked at of a request. */
export interface GuardedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Why a request is not answered, or undefined when it is.
 * @param port where the server listens
 */
export function refusalOf({ method, headers }: GuardedRequest, port: number): Refusal | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? '')) {
    return { status: 403, message: `This server answers to ${hosts.join(' and ')} only.` };
  }
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  // A link or a bookmark may open the page; only the page itself may ask it for more.
  const isForeign = origin !== undefined && !hosts.some((host) => origin === `http://${host}`);
  const isCrossSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (isForeign || (isCrossSite && headers['sec-fetch-mode'] !== 'navigate')) {
    return { status: 403, message: 'Another site must not ask this server.' };
  }
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (method !== 'POST') return { status: 405, message: `${method} is not answered here.` };
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) {
    return { status: 415, message: 'The body must be application/json.' };
  }
  return undefined;
}
