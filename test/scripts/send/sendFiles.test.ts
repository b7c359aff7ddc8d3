import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { KinesisClient, PutRecordsCommand, type PutRecordsCommandInput } from '@aws-sdk/client-kinesis';
import { mockClient } from 'aws-sdk-client-mock';
import { SendStoppedError } from '../../../lambda/shared/packing';
import { type SendFilesOptions, sendFiles } from '../../../scripts/send/sendFiles';

const directory = mkdtempSync(path.join(tmpdir(), 'send-'));
afterAll(() => rmSync(directory, { recursive: true }));

const kinesis = mockClient(KinesisClient);
const client = new KinesisClient({ region: 'us-east-1' });
const SIDE = path.join(directory, 'side');

const LOG = [
  '192.0.2.17 - - [02/Nov/2026:10:15:30 +0100] "GET /tea HTTP/1.1" 200 512 "-" "Agent/1"',
  'this is no log line',
  '',
  '192.0.2.18 - - [02/Nov/2026:10:15:31 +0100] "GET /style.css HTTP/1.1" 200 99 "-" "Agent/1"',
  '198.51.100.4 - - [02/Nov/2026:10:15:31',
  '192.0.2.17 - - [02/Nov/2026:10:15:30 +0100] "GET /tea HTTP/1.1" 200 512 "-" "Agent/1"',
].join('\n');
const NDJSON =
  '{"event_name":"a","site_id":"s"}\nbroken\n\n{"event_name":"b","site_id":"s","event_id":"own"}\n';

/** Lines that reached the stream. */
let sent: string[] = [];

beforeEach(() => {
  sent = [];
  rmSync(SIDE, { recursive: true, force: true });
  kinesis.reset();
  kinesis.on(PutRecordsCommand).callsFake(({ Records = [] }: PutRecordsCommandInput) => {
    for (const { Data = '' } of Records)
      sent.push(...gunzipSync(Data).toString('utf8').trimEnd().split('\n'));
    return { Records: Records.map(() => ({ SequenceNumber: '1', ShardId: 'shardId-000000000000' })) };
  });
});

function file(name: string, content: string | Buffer): string {
  const target = path.join(directory, name);
  writeFileSync(target, content);
  return target;
}

function send(inputs: SendFilesOptions['inputs'], options: Partial<SendFilesOptions> = {}) {
  return sendFiles({
    inputs,
    stream: { client, name: 'clicks' },
    packing: { packBytes: 512_000, compression: 'gzip', maxExpandedBytes: 1_048_576 },
    visitorKey: 'a key for tests only',
    sideDirectory: SIDE,
    unsentFile: path.join(SIDE, 'unsent.ndjson'),
    ...options,
  });
}

function idsSent(): unknown[] {
  return sent.map((line) => JSON.parse(line).event_id);
}

describe('sending files', () => {
  test('accounts for every line of an access log', async () => {
    const summary = await send([file('access.log', LOG)], { siteId: 'shop' });
    expect(summary).toMatchObject({
      isDryRun: false,
      lines: 6,
      blank: 1,
      unparsable: 2,
      events: 3,
      eventsSent: 3,
      eventsUnsent: 0,
      packs: 1,
      throttledPacks: 0,
      unsentFile: undefined,
    });
    expect(sent.map((line) => JSON.parse(line).event_name)).toEqual(['page_view', 'request', 'page_view']);
    expect(summary.expandedBytes).toBe(Buffer.byteLength(sent.map((line) => `${line}\n`).join('')));
  });

  test('shows unparsable lines and keeps them, with number and reason, where only the owner can read', async () => {
    const { sources } = await send([file('access.log', LOG)]);
    expect(sources[0]?.firstUnparsable).toEqual([
      { lineNumber: 2, reason: expect.stringMatching(/no time/), text: 'this is no log line' },
      {
        lineNumber: 5,
        reason: expect.stringMatching(/no time/),
        text: '198.51.100.4 - - [02/Nov/2026:10:15:31',
      },
    ]);
    const side = path.join(SIDE, 'access.log.unparsable');
    expect(sources[0]?.sideFile).toBe(side);
    expect(readFileSync(side, 'utf8')).toMatch(
      /^2\t[^\t]*\tthis is no log line\n5\t[^\t]*\t198\.51\.100\.4 .*\n$/,
    );
    expect(statSync(side).mode & 0o777).toBe(0o600);
    await send([file('access.log', 'x - - \n'.repeat(3))], { format: 'combined' });
    expect(readFileSync(side, 'utf8').split('\n')).toHaveLength(4);
  });

  test('gives the same ids again, gzipped too, and different ones to equal lines', async () => {
    await send([file('access.log', LOG)]);
    const first = idsSent();
    sent = [];
    await send([file('access.log.gz', gzipSync(LOG))]);
    expect(idsSent()).toEqual(first);
    expect(new Set(first).size).toBe(3);
    sent = [];
    await send([file('renamed.log', LOG)], { source: 'access.log' });
    expect(idsSent()).toEqual(first);
  });

  test('passes NDJSON on, broken lines too: the transform is the one that rejects', async () => {
    const summary = await send([file('events.ndjson', NDJSON)]);
    expect(summary).toMatchObject({ lines: 4, blank: 1, unparsable: 0, events: 3, eventsSent: 3 });
    expect(sent[1]).toBe('broken');
    expect(JSON.parse(sent[2] ?? '')).toMatchObject({ event_id: 'own' });
  });

  test('sends files of different formats, and lines made on the spot, in one go', async () => {
    const { sources, ...summary } = await send([
      file('access.log', LOG),
      { source: 'made', lines: ['{"event_name":"a","site_id":"s"}', ''] },
      file('empty', ''),
    ]);
    expect(sources.map(({ source, format, lines }) => [source, format, lines])).toEqual([
      ['access.log', 'combined', 6],
      ['made', 'ndjson', 2],
      ['empty', 'ndjson', 0],
    ]);
    expect(summary).toMatchObject({ lines: 8, blank: 2, unparsable: 2, events: 4, eventsSent: 4, packs: 1 });
  });

  test('keeps sending when one source cannot be read, and says which and why', async () => {
    const whole = gzipSync(Array.from({ length: 60_000 }, (_, n) => `{"n":${Math.sin(n)}}`).join('\n'));
    const { sources, ...summary } = await send([
      file('cut.ndjson.gz', whole.subarray(0, whole.length / 2)),
      file('prose.txt', 'Dear all,\nnothing here.\n'),
      path.join(directory, 'missing.log'),
      file('events.ndjson', NDJSON),
    ]);
    expect(sources.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('could not be read to its end: unexpected end of file'),
      expect.stringContaining(
        'prose.txt was not read: its first lines are neither JSON objects nor access log lines',
      ),
      expect.stringContaining('no such file'),
      undefined,
    ]);
    expect(sources[0]?.events).toBeGreaterThan(1_000);
    expect(summary.eventsSent).toBe(summary.events);
    expect(summary.lines).toBe(summary.blank + summary.unparsable + summary.events);
  });

  test('refuses an access log without a key for its visitors', async () => {
    const { sources, eventsSent } = await send([file('access.log', LOG)], { visitorKey: undefined });
    expect(sources[0]?.problem).toMatch(/needs a key for its visitor ids.*CLICKSTREAM_VISITOR_KEY/);
    expect(eventsSent).toBe(0);
  });

  test('refuses two inputs of one source name, whose equal lines would get equal ids', async () => {
    const lines: string[] = [];
    await expect(
      send([
        { source: 'a', lines },
        { source: 'a', lines },
      ]),
    ).rejects.toThrow(/source name "a"/);
  });

  test.each([
    [{}, 'access', 'https://access/tea'],
    [{ siteId: 'shop.example' }, 'shop.example', 'https://shop.example/tea'],
    [{ siteUrl: 'http://shop.example:8080' }, 'shop.example:8080', 'http://shop.example:8080/tea'],
    [{ siteId: 'shop', siteUrl: 'https://shop.example/' }, 'shop', 'https://shop.example/tea'],
  ])('with %j calls the site %s and the page %s', async (options, siteId, pageUrl) => {
    await send([file('access.log', LOG)], options);
    expect(JSON.parse(sent[0] ?? '')).toMatchObject({ site_id: siteId, page_url: pageUrl });
  });

  test('keeps events that can never be sent, with the reason', async () => {
    const huge = `{"event_name":"a","site_id":"s","event_id":"x","text":"${'x'.repeat(1_100_000)}"}`;
    const summary = await send([file('events.ndjson', `${huge}\n${NDJSON}`)]);
    expect(summary).toMatchObject({ events: 4, eventsSent: 3, eventsUnsent: 1 });
    expect(summary.firstUnsent[0]?.reason).toMatch(/^the event has 1100\d{3} bytes with its line end/);
    expect(readFileSync(summary.unsentFile ?? '', 'utf8')).toBe(`${huge}\n`);
  });

  test('stops when there is no such stream, keeping what it had read', async () => {
    kinesis
      .on(PutRecordsCommand)
      .rejects(
        Object.assign(new Error('not found'), { name: 'ResourceNotFoundException', $fault: 'client' }),
      );
    await expect(send([file('events.ndjson', NDJSON)])).rejects.toThrow(SendStoppedError);
    expect(readFileSync(path.join(SIDE, 'unsent.ndjson'), 'utf8').trimEnd().split('\n')).toHaveLength(3);
  });

  test('sends nothing in a dry run, and counts as if it had', async () => {
    const summary = await send([file('access.log', LOG)], { stream: undefined });
    expect(summary).toMatchObject({ isDryRun: true, events: 3, eventsSent: 3, eventsUnsent: 0, packs: 1 });
    expect(sent).toEqual([]);
  });

  test('tells its progress', async () => {
    const steps: number[] = [];
    const input = file('access.log', LOG);
    await send([input], { onProgress: ({ bytesRead, eventsSent }) => steps.push(bytesRead, eventsSent) });
    expect(steps.at(-2)).toBe(statSync(input).size);
    expect(steps.at(-1)).toBe(3);
  });
});
