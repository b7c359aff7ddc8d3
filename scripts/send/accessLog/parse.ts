/** Parses lines of access logs in Common or Combined Log Format, as Apache and nginx write them. */
import { isIP } from 'node:net';
import { unescapeLog } from './unescape';

/** A request line. What is no HTTP request line is kept as it was. */
export type LoggedRequest =
  | { readonly kind: 'request'; readonly method: string; readonly target: string; readonly protocol: string }
  | { readonly kind: 'malformed'; readonly text: string };

/** A parsed line. A field logged as "-" is undefined. */
export interface AccessLogLine {
  readonly kind: 'line';
  /** Address, or a name where the server looks names up. */
  readonly client: string;
  /** Name from HTTP authentication. */
  readonly user: string | undefined;
  /** Epoch milliseconds; the offset of the log is applied. */
  readonly timeMillis: number;
  /** Undefined when the client sent none before the connection ended. */
  readonly request: LoggedRequest | undefined;
  readonly status: number | undefined;
  /** Bytes of the response's body. */
  readonly bytes: number | undefined;
  readonly referrer: string | undefined;
  readonly userAgent: string | undefined;
}

/** Why a line is no access log line. */
export interface UnparsableLine {
  readonly kind: 'unparsable';
  readonly reason: string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Length of `20/Feb/2016:00:00:45 -0500`. */
const TIME_LENGTH = 26;
const TIME = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/;
const STATUS_AND_BYTES = / (\d{3}|-) (\d+|-)(?= |$)/y;
/** A method is a token of RFC 9110. */
const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const PROTOCOL = /^HTTP\/\d+(?:\.\d+)?$/;

/**
 * Parses one line: `client ident user [time] "request" status bytes "referrer" "agent"`. Referrer and agent may be
 * missing (Common Log Format), and fields that follow are left aside.
 */
export function parseAccessLogLine(line: string): AccessLogLine | UnparsableLine {
  const clientEnd = line.indexOf(' ');
  const identEnd = line.indexOf(' ', clientEnd + 1);
  if (clientEnd < 1 || identEnd < 0) return unparsable('it does not begin with client, ident and user');
  if (isIP(line.slice(clientEnd + 1, identEnd)) !== 0) {
    return unparsable('a virtual host stands before the client address');
  }
  // A user name may hold spaces and brackets, so the time is found by its shape.
  let open = line.indexOf(' [', identEnd);
  let timeMillis: number | undefined;
  while (open >= 0) {
    timeMillis = timeAt(line, open + 2);
    if (timeMillis !== undefined) break;
    open = line.indexOf(' [', open + 1);
  }
  if (timeMillis === undefined) return unparsable('it has no time such as [20/Feb/2016:00:00:45 -0500]');

  const afterTime = open + 2 + TIME_LENGTH + 1;
  const request = quotedAt(line, afterTime);
  if (request === undefined) return unparsable('it has no request in quotes after the time');
  STATUS_AND_BYTES.lastIndex = request.end;
  const numbers = STATUS_AND_BYTES.exec(line);
  if (numbers === null) return unparsable('it has no status and bytes after the request');
  const referrer = quotedAt(line, STATUS_AND_BYTES.lastIndex);
  const userAgent = referrer && quotedAt(line, referrer.end);
  if (referrer !== undefined && userAgent === undefined)
    return unparsable('it has a referrer but no user agent');

  return {
    kind: 'line',
    client: line.slice(0, clientEnd),
    user: present(unescapeLog(line.slice(identEnd + 1, open))),
    timeMillis,
    request: parseRequest(request.text),
    status: toNumber(numbers[1]),
    bytes: toNumber(numbers[2]),
    referrer: present(referrer?.text),
    userAgent: present(userAgent?.text),
  };
}

function unparsable(reason: string): UnparsableLine {
  return { kind: 'unparsable', reason };
}

function present(text: string | undefined): string | undefined {
  return text === '-' || text === '' ? undefined : text;
}

function toNumber(text: string | undefined): number | undefined {
  return text === undefined || text === '-' ? undefined : Number(text);
}

/** Reads ` "..."` at a position: the text unescaped, and where it ends. */
function quotedAt(line: string, start: number): { readonly text: string; readonly end: number } | undefined {
  if (line[start] !== ' ' || line[start + 1] !== '"') return undefined;
  const first = start + 2;
  for (let close = line.indexOf('"', first); close >= 0; close = line.indexOf('"', close + 1)) {
    let backslashes = 0;
    while (close - backslashes > first && line[close - backslashes - 1] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return { text: unescapeLog(line.slice(first, close)), end: close + 1 };
  }
  return undefined;
}

/** Lines of one second follow each other: the last time is worth remembering. */
let lastTime = { text: '', millis: 0 };

function timeAt(line: string, start: number): number | undefined {
  const end = start + TIME_LENGTH;
  if (line[end] !== ']') return undefined;
  const text = line.slice(start, end);
  if (text === lastTime.text) return lastTime.millis;
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [day = 0, , year = 0, hours = 0, minutes = 0, seconds = 0, , offsetHours = 0, offsetMinutes = 0] =
    match.slice(1).map(Number);
  const month = MONTHS.indexOf(match[2] ?? '');
  const midnight = new Date(Date.UTC(year, month, day));
  const isDate = month >= 0 && midnight.getUTCDate() === day && midnight.getUTCMonth() === month;
  if (!isDate || hours > 23 || minutes > 59 || seconds > 60 || offsetMinutes > 59) return undefined;
  const local = midnight.getTime() + ((hours * 60 + minutes) * 60 + seconds) * 1_000;
  const offset = (offsetHours * 60 + offsetMinutes) * 60_000;
  const millis = match[7] === '-' ? local + offset : local - offset;
  lastTime = { text, millis };
  return millis;
}

function parseRequest(text: string): LoggedRequest | undefined {
  if (text === '-' || text === '') return undefined;
  const methodEnd = text.indexOf(' ');
  const method = text.slice(0, Math.max(methodEnd, 0));
  const rest = text.slice(firstOther(text, methodEnd));
  if (!METHOD.test(method) || !/^\S/.test(rest)) return { kind: 'malformed', text };
  const lastWord = rest.lastIndexOf(' ') + 1;
  const protocol = rest.slice(lastWord);
  if (lastWord > 0 && PROTOCOL.test(protocol)) {
    return { kind: 'request', method, target: withoutSpacesAtEnd(rest.slice(0, lastWord)), protocol };
  }
  // A request without a protocol is HTTP/0.9, and there was only GET then; anything else is not HTTP.
  if (method !== 'GET' || lastWord > 0) return { kind: 'malformed', text };
  return { kind: 'request', method, target: rest, protocol: 'HTTP/0.9' };
}

// Loops, not expressions: those look at a run of spaces again from each of its places, and clients write request lines.

/** Where something other than a space comes, from `start` on. */
function firstOther(text: string, start: number): number {
  let at = Math.max(start, 0);
  while (text[at] === ' ') at += 1;
  return at;
}

function withoutSpacesAtEnd(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === ' ') end -= 1;
  return text.slice(0, end);
}
