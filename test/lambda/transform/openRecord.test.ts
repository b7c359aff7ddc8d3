import { gzipSync } from 'node:zlib';
import { type OpenedRecord, openRecord } from '../../../lambda/transform/openRecord';

const LIMIT = 10_000;
const open = (data: string | Buffer) => openRecord(Buffer.from(data), LIMIT);
const reasonOf = (opened: OpenedRecord) =>
  opened.kind === 'rejected' ? opened.rejection.reason : opened.lines;

describe('a record is opened', () => {
  test.each<[string, string | Buffer, string[]]>([
    ['one event', '{"a":1}', ['{"a":1}']],
    ['NDJSON', '{"a":1}\n{"a":2}\n', ['{"a":1}', '{"a":2}']],
    ['NDJSON without a last line feed', '{"a":1}\n{"a":2}', ['{"a":1}', '{"a":2}']],
    ['gzip', gzipSync('{"a":1}\n{"a":2}\n'), ['{"a":1}', '{"a":2}']],
    [
      'gzip of several members',
      Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"a":2}\n')]),
      ['{"a":1}', '{"a":2}'],
    ],
    ['a byte order mark', '\ufeff{"a":1}\n{"a":2}', ['{"a":1}', '{"a":2}']],
    ['blank lines', '\n  \n{"a":1}\n\t\n\r\n{"a":2}\n\n', ['{"a":1}', '{"a":2}']],
    ['characters beyond ASCII', '{"a":"ä"}\n{"a":"日本"}\n{"a":1}', ['{"a":"ä"}', '{"a":"日本"}', '{"a":1}']],
    ['a broken line among others', 'oops\n{"a":1}', ['oops', '{"a":1}']],
  ])('with %s', (_, data, lines) => {
    expect(open(data)).toEqual({ kind: 'opened', lines });
  });

  test('with one event printed over several lines', () => {
    const text = JSON.stringify({ a: 1, b: { c: [1, 2] } }, undefined, 2);
    expect(open(text)).toEqual({ kind: 'opened', lines: [text] });
    expect(open(gzipSync(`${text}\n`))).toMatchObject({ lines: [expect.stringContaining(text)] });
  });

  test('with line ends of Windows, which JSON takes as white space', () => {
    const opened = open('{"a":1}\r\n{"a":2}\r\n');
    expect(reasonOf(opened)).toHaveLength(2);
  });
});

describe('a record that cannot be opened is rejected whole', () => {
  const gzip = gzipSync('{"a":1}\n'.repeat(50));

  test.each<[string, string, Buffer]>([
    ['empty_record', 'no bytes', Buffer.alloc(0)],
    ['empty_record', 'only white space', Buffer.from(' \n\t\r\n')],
    ['empty_record', 'gzip of nothing', gzipSync('')],
    ['bad_gzip', 'gzip that stops early', gzip.subarray(0, gzip.length - 9)],
    ['bad_gzip', 'gzip that stops after its magic', gzip.subarray(0, 2)],
    ['bad_gzip', 'gzip with a wrong checksum', Buffer.concat([gzip.subarray(0, -8), Buffer.alloc(8, 1)])],
    ['bad_gzip', 'gzip with something else behind it', Buffer.concat([gzip, Buffer.from('{"a":2}\n')])],
    ['expands_past_limit', 'a bomb', gzipSync(Buffer.alloc(100 * LIMIT))],
    ['expands_past_limit', 'too much without compression', Buffer.alloc(LIMIT + 1, 32)],
    ['not_utf8', 'bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    [
      'not_utf8',
      'bytes that are no text, with a line feed among them',
      Buffer.from([0xff, 0x0a, 0xfe, 0x0a, 0x41]),
    ],
    ['not_utf8', 'UTF-16', Buffer.from('{"a":"ä"}', 'utf16le')],
    ['not_utf8', 'gzip of bytes that are no text', gzipSync(Buffer.from([0xc3, 0x28]))],
  ])('as %s: %s', (reason, _, data) => {
    expect(reasonOf(open(data))).toBe(reason);
  });

  test('but one that expands to exactly the limit is not', () => {
    const line = JSON.stringify({ a: 'x'.repeat(LIMIT - 8) });
    expect(line).toHaveLength(LIMIT);
    expect(open(gzipSync(line)).kind).toBe('opened');
    expect(open(line).kind).toBe('opened');
    expect(reasonOf(open(gzipSync(`${line} `)))).toBe('expands_past_limit');
  });

  test('with a detail that names the sizes', () => {
    const opened = open(gzipSync(Buffer.alloc(100 * LIMIT)));
    expect(opened).toMatchObject({
      rejection: { detail: expect.stringContaining(`${LIMIT} bytes allowed`) },
    });
  });
});

test('a line in another encoding does not take its neighbours along', () => {
  const latin1 = Buffer.from('{"title":"Größe"}', 'latin1');
  const data = Buffer.concat([Buffer.from('{"a":1}\n'), latin1, Buffer.from('\n{"a":"ä"}\n')]);
  expect(open(data)).toEqual({ kind: 'opened', lines: ['{"a":1}', latin1, '{"a":"ä"}'] });
});
