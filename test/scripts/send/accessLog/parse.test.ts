import fc from 'fast-check';
import { type AccessLogLine, parseAccessLogLine } from '../../../../scripts/send/accessLog/parse';
import { unescapeLog } from '../../../../scripts/send/accessLog/unescape';

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0';
const LINE = `192.0.2.17 - - [02/Nov/2026:10:15:30 +0100] "GET /cart?id=7 HTTP/1.1" 200 5120 "https://shop.example/" "${AGENT}"`;

function parsed(line: string): AccessLogLine {
  const result = parseAccessLogLine(line);
  if (result.kind !== 'line') throw new Error(`${result.reason}: ${line}`);
  return result;
}

function withRequest(request: string) {
  return parsed(LINE.replace('GET /cart?id=7 HTTP/1.1', () => request)).request;
}

function timeOf(time: string) {
  return new Date(parsed(LINE.replace('02/Nov/2026:10:15:30 +0100', time)).timeMillis).toISOString();
}

describe('an access log line', () => {
  test('gives its fields', () => {
    expect(parsed(LINE)).toEqual({
      kind: 'line',
      client: '192.0.2.17',
      user: undefined,
      timeMillis: Date.UTC(2026, 10, 2, 9, 15, 30),
      request: { kind: 'request', method: 'GET', target: '/cart?id=7', protocol: 'HTTP/1.1' },
      status: 200,
      bytes: 5120,
      referrer: 'https://shop.example/',
      userAgent: AGENT,
    });
  });

  test.each([
    ['29/Mar/2026:00:59:59 +0100', '2026-03-28T23:59:59.000Z'],
    ['13/Mar/2016:01:59:59 -0500', '2016-03-13T06:59:59.000Z'],
    ['13/Mar/2016:03:00:00 -0400', '2016-03-13T07:00:00.000Z'],
    ['29/Feb/2028:12:00:00 +0545', '2028-02-29T06:15:00.000Z'],
    ['31/Dec/2026:23:59:60 +0000', '2027-01-01T00:00:00.000Z'],
  ])('logged at %s happened at %s, whatever the clock change', (local, utc) => {
    expect(timeOf(local)).toBe(utc);
  });

  test.each([
    ['-', undefined],
    ['', undefined],
    ['GET /old', { kind: 'request', method: 'GET', target: '/old', protocol: 'HTTP/0.9' }],
    ['GET /a b HTTP/1.1', { kind: 'request', method: 'GET', target: '/a b', protocol: 'HTTP/1.1' }],
    ['OPTIONS * HTTP/1.0', { kind: 'request', method: 'OPTIONS', target: '*', protocol: 'HTTP/1.0' }],
    [
      'CONNECT h.example:443 HTTP/1.1',
      { kind: 'request', method: 'CONNECT', target: 'h.example:443', protocol: 'HTTP/1.1' },
    ],
    ['\\x16\\x03\\x01\\x02', { kind: 'malformed', text: '\u0016\u0003\u0001\u0002' }],
    ['PUT /without-protocol', { kind: 'malformed', text: 'PUT /without-protocol' }],
    ['GET', { kind: 'malformed', text: 'GET' }],
  ])('with the request "%s" tells %j', (request, expected) => {
    expect(withRequest(request)).toEqual(expected);
  });

  test('has escapes undone, in quotes and backslashes too', () => {
    const line = LINE.replace(AGENT, () => String.raw`say \"hi\" C:\\dir\\ gr\xc3\xbc\xc3\x9fe \xff \t \q`);
    expect(parsed(line).userAgent).toBe('say "hi" C:\\dir\\ grüße \uFFFD \t \\q');
  });

  test('has fields that end with an escaped backslash or quote', () => {
    const line = LINE.replace(/"https.*$/, () => String.raw`"C:\\" "he said \"ok\""`);
    expect(parsed(line)).toMatchObject({ referrer: 'C:\\', userAgent: 'he said "ok"' });
  });

  test('may have an IPv6 client, a user with spaces and brackets, and no numbers', () => {
    const line = `2001:db8::7 ident Jane [QA] Doe [02/Nov/2026:10:15:30 +0100] "GET / HTTP/2.0" - - "-" "-"`;
    expect(parsed(line)).toMatchObject({
      client: '2001:db8::7',
      user: 'Jane [QA] Doe',
      status: undefined,
      bytes: undefined,
      referrer: undefined,
      userAgent: undefined,
    });
  });

  test('may be in Common Log Format, or have fields that follow', () => {
    const common = LINE.slice(0, LINE.indexOf(' "https'));
    expect(parsed(common)).toMatchObject({
      status: 200,
      bytes: 5120,
      referrer: undefined,
      userAgent: undefined,
    });
    expect(parsed(`${LINE} "192.0.2.1, 198.51.100.2" 0.004`)).toEqual(parsed(LINE));
  });

  test.each([
    ['', 'it does not begin with client, ident and user'],
    ['<html>', 'it does not begin with client, ident and user'],
    ['# Fields: date time cs-method', 'it has no time such as [20/Feb/2016:00:00:45 -0500]'],
    [LINE.replace('02/Nov', '31/Feb'), 'it has no time such as [20/Feb/2016:00:00:45 -0500]'],
    [LINE.replace('10:15', '25:15'), 'it has no time such as [20/Feb/2016:00:00:45 -0500]'],
    [LINE.replace('Nov', 'Nob'), 'it has no time such as [20/Feb/2016:00:00:45 -0500]'],
    [LINE.slice(0, 60), 'it has no request in quotes after the time'],
    [LINE.replace(' 200 ', ' ok '), 'it has no status and bytes after the request'],
    [LINE.slice(0, -5), 'it has a referrer but no user agent'],
    [`shop.example:443 ${LINE}`, 'a virtual host stands before the client address'],
  ])('like "%s" is unparsable: %s', (line, reason) => {
    expect(parseAccessLogLine(line)).toEqual({ kind: 'unparsable', reason });
  });

  test('never throws, whatever the text', () => {
    const pieces = fc.constantFrom(
      '192.0.2.1',
      ' ',
      '"',
      '\\',
      '[',
      ']',
      '[02/Nov/2026:10:15:30 +0100]',
      '-',
      '\\x',
      '200',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 30 }), (texts) => {
        expect(['line', 'unparsable']).toContain(parseAccessLogLine(texts.join('')).kind);
      }),
    );
  });

  test('keeps any agent and referrer that a server escapes as Apache does', () => {
    const escapeAsApache = (text: string) =>
      [...Buffer.from(text)]
        .map((byte) => {
          if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
          return byte < 0x20 || byte > 0x7e
            ? `\\x${byte.toString(16).padStart(2, '0')}`
            : String.fromCharCode(byte);
        })
        .join('');
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => value !== '-');
    fc.assert(
      fc.property(text, text, (referrer, agent) => {
        const line = LINE.replace(
          /"https.*$/,
          () => `"${escapeAsApache(referrer)}" "${escapeAsApache(agent)}"`,
        );
        expect(parsed(line)).toMatchObject({
          referrer: referrer.toWellFormed(),
          userAgent: agent.toWellFormed(),
        });
      }),
    );
  });

  test('of a request with a megabyte of spaces is read in one pass', () => {
    const spaces = ' '.repeat(1_000_000);
    const requestOf = (request: string) => {
      const line = parseAccessLogLine(LINE.replace(/"[^"]*"/, () => `"${request}"`));
      return line.kind === 'line' ? line.request : line;
    };
    expect(requestOf(`GET /a${spaces}b`)).toMatchObject({ kind: 'malformed' });
    expect(requestOf(`GET${spaces}/a${spaces}HTTP/1.1`)).toEqual({
      kind: 'request',
      method: 'GET',
      target: '/a',
      protocol: 'HTTP/1.1',
    });
    expect(requestOf(`GET${spaces}`)).toMatchObject({ kind: 'malformed' });
  });

  test('of a hostile megabyte of quotes and backslashes is read in one pass', () => {
    expect(unescapeLog('\\'.repeat(1_000_000))).toHaveLength(500_000);
    expect(unescapeLog('\\x41'.repeat(2_500_000))).toHaveLength(2_500_000);
    expect(parseAccessLogLine(LINE.replace(AGENT, () => '\\"'.repeat(500_000))).kind).toBe('line');
  });
});
