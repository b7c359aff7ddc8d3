import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KinesisClient, PutRecordsCommand, type PutRecordsCommandInput } from '@aws-sdk/client-kinesis';
import { mockClient } from 'aws-sdk-client-mock';
import { runSend } from '../../../scripts/send/cli';
import { captured } from '../../support/captured';

const directory = mkdtempSync(path.join(tmpdir(), 'send-cli-'));
afterAll(() => rmSync(directory, { recursive: true }));

const kinesis = mockClient(KinesisClient);
beforeEach(() => kinesis.reset());

const LINE = '192.0.2.17 - - [02/Nov/2026:10:15:30 +0100] "GET /tea HTTP/1.1" 200 512 "-" "Agent/1"\n';
const log = path.join(directory, 'access.log');
writeFileSync(log, `${LINE}no log line\n\n${LINE}`);

const run = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  captured((terminal) =>
    runSend(['--side-dir', path.join(directory, 'side'), '--directory', directory, ...args], {
      ...terminal,
      env,
    }),
  );

function acceptEverything() {
  kinesis.on(PutRecordsCommand).callsFake(({ Records = [] }: PutRecordsCommandInput) => ({
    Records: Records.map(() => ({ SequenceNumber: '1', ShardId: 'shardId-000000000000' })),
  }));
}

describe('npm run send', () => {
  test('says what a dry run would send, in words', async () => {
    const { exitCode, out, err } = await run(['--dry-run', log]);
    expect(out).toContain('access.log (combined): 4 lines = 2 events + 1 unparsable + 1 blank\n');
    expect(out).toContain('  line 2: it has no time such as [20/Feb/2016:00:00:45 -0500]: "no log line"\n');
    expect(out).toContain('would send 2 events in 1 record, 0.0 MB (0.0 MB before compression)\n');
    expect(err).toBe('');
    expect(exitCode).toBe(0);
  });

  test('gives a summary for machines', async () => {
    const { out } = await run(['--dry-run', '--json', log]);
    expect(JSON.parse(out)).toMatchObject({
      isDryRun: true,
      lines: 4,
      blank: 1,
      unparsable: 1,
      events: 2,
    });
  });

  test('sends to a stream, with the key from the environment', async () => {
    acceptEverything();
    const { exitCode, out } = await run(['--stream', 'clicks', '--region', 'us-east-1', log], {
      CLICKSTREAM_VISITOR_KEY: 'a key for tests only',
    });
    expect(out).toContain('sent 2 events in 1 record');
    expect(exitCode).toBe(0);
    expect(kinesis.commandCalls(PutRecordsCommand)[0]?.args[0].input.StreamName).toBe('clicks');
  });

  test('sends one event a record, uncompressed, when told so', async () => {
    acceptEverything();
    await run(
      ['--stream', 'clicks', '--region', 'us-east-1', '--pack-bytes', '0', '--compression', 'none', log],
      {
        CLICKSTREAM_VISITOR_KEY: 'a key for tests only',
      },
    );
    const records = kinesis
      .commandCalls(PutRecordsCommand)
      .flatMap((call) => call.args[0].input.Records ?? []);
    expect(records.map(({ Data = '' }) => JSON.parse(Buffer.from(Data).toString('utf8')).event_name)).toEqual(
      ['page_view', 'page_view'],
    );
  });

  test('sends to the local run that is up, with a key of its own', async () => {
    acceptEverything();
    const endpoints = { pid: process.pid, kinesis: 'http://127.0.0.1:1', streamName: 'local-clicks' };
    writeFileSync(path.join(directory, 'endpoints.json'), JSON.stringify(endpoints));
    const { exitCode } = await run(['--local', log]);
    rmSync(path.join(directory, 'endpoints.json'));
    expect(exitCode).toBe(0);
    expect(kinesis.commandCalls(PutRecordsCommand)[0]?.args[0].input.StreamName).toBe('local-clicks');
    const keyFile = path.join(directory, 'visitor-key');
    expect(readFileSync(keyFile, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  });

  test('exits with 1 when something was not sent, and says what', async () => {
    const { exitCode, out } = await run(['--stream', 'clicks', log]);
    expect(exitCode).toBe(1);
    expect(out).toContain('PROBLEM: access.log was not read: an access log needs a key');
  });

  test('exits with 1 when the stream is not there', async () => {
    kinesis.on(PutRecordsCommand).rejects(
      Object.assign(new Error('Stream clicks not found.'), {
        name: 'ResourceNotFoundException',
        $fault: 'client',
      }),
    );
    const key = path.join(directory, 'key');
    writeFileSync(key, 'a key for tests only\n');
    const { exitCode, err } = await run(['--stream', 'clicks', '--visitor-key-file', key, log]);
    expect(err).toMatch(
      /^Sending to the stream "clicks" stopped: ResourceNotFoundException: Stream clicks not found\.\n0 events/,
    );
    expect(exitCode).toBe(1);
  });

  test.each([
    [[log], 'name a stream (--stream NAME), or use --local or --dry-run'],
    [['--local', log], 'no local run is up; start one with: npm start -- --keep'],
    [['--dry-run'], "missing required argument 'file'"],
    [['--dry-run', 'nowhere.log'], 'cannot read nowhere.log'],
    [['--dry-run', directory], 'is a directory, it must be a file'],
    [['--dry-run', '--stream', 'x', log], "option '--stream <name>' cannot be used with option '--dry-run'"],
    [['--dry-run', '--source', 'x', log, log], '--source names one file, there are several'],
    [['--dry-run', '--format', 'csv', log], 'Allowed choices are ndjson, combined'],
    [['--dry-run', '--pack-bytes', '2000000', log], 'It must be a whole number from 0 to 1048576'],
    [['--dry-run', '--site-url', 'shop.example', log], 'It must be scheme and host'],
    [['--dry-run', '--unsent', log, log], '--unsent is one of the files to send'],
    [['--dry-run', '--visitor-key-file', 'nowhere.key', log], 'no such file'],
  ])('refuses %j: %s', async (args, message) => {
    const { exitCode, err } = await run(args);
    expect(err).toContain(message);
    expect(exitCode).toBe(2);
  });

  test('refuses a key that is too short', async () => {
    const { exitCode, err } = await run(['--dry-run', log], { CLICKSTREAM_VISITOR_KEY: 'short' });
    expect(err).toContain('The key in CLICKSTREAM_VISITOR_KEY has 5 characters, it must have at least 16');
    expect(exitCode).toBe(2);
  });

  test('explains itself with examples', async () => {
    const { exitCode, out } = await run(['--help']);
    expect(out).toContain('npm run send -- --local events.ndjson');
    expect(exitCode).toBe(0);
  });
});
