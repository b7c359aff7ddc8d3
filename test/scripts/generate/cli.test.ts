import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { KinesisClient, PutRecordsCommand, type PutRecordsCommandInput } from '@aws-sdk/client-kinesis';
import { mockClient } from 'aws-sdk-client-mock';
import { runGenerate } from '../../../scripts/generate/cli';
import { readTruth } from '../../../scripts/generate/truthFile';
import { captured } from '../../support/captured';
import { tempDirectory } from '../../support/tempDirectory';

const kinesis = mockClient(KinesisClient);
beforeEach(() => kinesis.reset());

const directory = tempDirectory('generate-cli');
const NOW = Date.UTC(2026, 10, 22);

const run = (...args: string[]) =>
  captured((terminal) =>
    runGenerate([...args, '--directory', directory], { ...terminal, nowMillis: () => NOW }),
  );

function takeAll() {
  kinesis.on(PutRecordsCommand).callsFake(({ Records = [] }: PutRecordsCommandInput) => ({
    Records: Records.map(() => ({ SequenceNumber: '1', ShardId: 'shardId-000000000000' })),
  }));
}

describe('npm run generate', () => {
  test('writes a file and the truth beside it', async () => {
    const file = path.join(directory, 'events.ndjson');
    const { exitCode, out, err } = await run('--events', '1e3', '--sites', '9', '--out', file);
    expect(err).toBe('');
    expect(exitCode).toBe(0);
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(1_000);
    const { settings, truth } = readTruth(path.join(directory, 'events.truth.json'));
    expect(settings).toMatchObject({ events: 1_000, sites: 9, seed: 1, brokenRecords: false });
    expect(truth.valid + truth.duplicates + truth.rejected).toBe(1_000);
    expect(out).toContain(`${file}: 1,000 events, `);
    expect(out).toContain(
      `  ${truth.valid} valid + ${truth.duplicates} duplicates + ${truth.rejected} to be rejected\n`,
    );
    expect(out).toContain(`truth: ${path.join(directory, 'events.truth.json')}\n`);
  });

  test('gives a summary for machines, and writes nothing in a dry run', async () => {
    const file = path.join(directory, 'dry.ndjson');
    const { exitCode, out } = await run('--dry-run', '--events', '500', '--json', '--out', file);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ destination: 'dry run', truth: { events: 500 } });
    expect(existsSync(file)).toBe(false);
  });

  test('sends to the local run that is up', async () => {
    takeAll();
    const endpoints = { pid: process.pid, kinesis: 'http://127.0.0.1:1', streamName: 'local-clicks' };
    writeFileSync(path.join(directory, 'endpoints.json'), JSON.stringify(endpoints));
    const { exitCode, out } = await run('--events', '800', '--local', '--rate', '100000/s');
    expect(exitCode).toBe(0);
    expect(out).toContain('stream local-clicks: 800 events');
    expect(out).toMatch(/sent 800 events in \d+ records?/);
    expect(kinesis.commandCalls(PutRecordsCommand)[0]?.args[0].input.StreamName).toBe('local-clicks');
    expect(readTruth(path.join(directory, 'truth.json')).settings.brokenRecords).toBe(true);
  });

  test('explains itself', async () => {
    const { exitCode, out } = await run('--help');
    expect(exitCode).toBe(0);
    expect(out).toContain('Usage: npm run generate -- [options]');
    expect(out).toContain('Exit code: 0 all generated');
  });

  test.each([
    [[], 'say where to: --out FILE, --stream NAME or --local, or --dry-run'],
    [['--out', 'a', '--stream', 'b'], "option '--out <file>' cannot be used with option '--stream <name>'"],
    [['--dry-run', '--sites', '0'], 'sites is 0, it must be a whole number from 1 to 10,000'],
    [['--dry-run', '--events', 'many'], 'It must be a whole number, such as 100000 or 1e6.'],
    [['--dry-run', '--start', 'monday'], 'It must be a date or a time in ISO 8601'],
    [['--dry-run', '--start', '2026-10-05T06:30:00Z'], 'it must be the start of an hour in UTC'],
    [['--dry-run', '--rate', '0'], 'It must be events per second above 0'],
    [['--dry-run', '--broken-percent', '101'], 'It must be a number from 0 to 100.'],
    [['--dry-run', '--processes', '17'], '--processes is 17, it must be from 1 to 16'],
    [['--dry-run', '--distributions', '/no/such'], '--distributions /no/such is no directory'],
    [
      ['--stream', 'clicks', '--start', '2026-11-15'],
      'ends at 2026-11-24T00:00:00.000Z, it must be over before the events are sent',
    ],
  ])('exits with 2 for %j, and says what is wrong', async (args, message) => {
    const { exitCode, err } = await run(...args);
    expect(err).toContain(message);
    expect(exitCode).toBe(2);
  });

  test('exits with 1 when tables cannot be read', async () => {
    const { exitCode, err } = await run('--dry-run', '--distributions', directory);
    expect(err).toBe(`${directory} has no agent_lookup.json.gz, the tables need it\n`);
    expect(exitCode).toBe(1);
  });

  test('exits with 1 when there is nothing to check, or the truth is something else', async () => {
    writeFileSync(path.join(directory, 'other.json'), '{"format":"other/3"}');
    const { exitCode, err } = await run('--check', path.join(directory, 'other.json'));
    expect(err).toContain('other.json has the format other/3, a file of truth has clickstream-truth/1');
    expect(exitCode).toBe(1);
  });
});
