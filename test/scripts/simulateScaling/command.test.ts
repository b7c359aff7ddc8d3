import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadEnvironment } from '../../../lib/config';
import { runSimulateScaling } from '../../../scripts/simulateScaling/command';
import { compare, STRATEGIES } from '../../../scripts/simulateScaling/compare';
import { comparisonReport } from '../../../scripts/simulateScaling/report';
import { captured } from '../../support/captured';
import { tempDirectory } from '../../support/tempDirectory';

const directory = tempDirectory('simulate-scaling');

const run = (...args: string[]) => captured((terminal) => runSimulateScaling(args, terminal));

describe('the week of the reference environment', () => {
  const comparison = compare(loadEnvironment('reference'), 1);
  const [planned, highest, scaled, onDemand] = comparison.weeks;

  test('is what docs/scaling.md quotes; when this fails, paste the answer of npm run simulate:scaling there', () => {
    const page = readFileSync(path.resolve(__dirname, '../../../docs/scaling.md'), 'utf8');
    const [, quote] = /```text\n(.*?)\n```/s.exec(page) ?? [];
    expect(quote).toBe(comparisonReport(comparison));
  });

  test('scaled, turns records away for a tenth of the time that the planned count does', () => {
    expect(scaled?.throttledSeconds).toBeLessThan((planned?.throttledSeconds ?? 0) / 10);
    expect(scaled?.longestDelaySeconds).toBeLessThan((planned?.longestDelaySeconds ?? 0) / 5);
  });

  test('scaled, costs less than shards for the highest peak, and less than on-demand', () => {
    expect(highest?.throttledSeconds).toBe(0);
    expect(scaled?.usd).toBeLessThan((highest?.usd ?? 0) * 0.7);
    expect(scaled?.usd).toBeLessThan((onDemand?.usd ?? 0) * 0.5);
  });

  test('costs what the prices say: shard-hours and retention at 0.035, PUT units of 64 KB records', () => {
    const records = ((planned?.takenBytesPerSecond ?? 0) * 7 * 86_400) / 64_000;
    // 109 shards for 168 hours; each record is three units of 25 KB.
    expect(planned?.shardHours).toBe(109 * 168);
    expect(planned?.usd).toBeCloseTo(109 * 168 * 0.035 + (records * 3 * 0.014) / 1e6, 4);
  });

  test('leaves AWS’s ten changes a day far from used up', () => {
    expect(scaled?.changes).toBeGreaterThan(0);
    expect(scaled?.mostChangesInOneDay).toBeLessThanOrEqual(6);
  });

  test('takes all that producers wanted to send, whatever the strategy', () => {
    const taken = comparison.weeks.map(({ takenBytesPerSecond }) => Math.round(takenBytesPerSecond));
    expect(new Set(taken).size).toBe(1);
  });
});

describe('npm run simulate:scaling', () => {
  const svg = path.join(directory, 'drawings', 'week.svg');

  test('--json gives machines the numbers of each strategy, another seed another week, and draws the week', async () => {
    const { exitCode, out } = await run('--env', 'prod', '--seed', '7', '--json', '--svg', svg);
    expect(exitCode).toBe(0);
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({ environment: 'prod', seed: 7, picture: svg });
    expect(answer.weeks.map(({ name }: { name: string }) => name)).toEqual(Object.values(STRATEGIES));
    expect(answer.weeks[0]).not.toHaveProperty('samples');
    const picture = readFileSync(svg, 'utf8');
    expect(picture).toMatch(/^<svg [^>]*viewBox="0 0 1000 572".*<\/svg>\n$/s);
    for (const name of Object.values(STRATEGIES)) expect(picture).toContain(`>${name}</text>`);
    expect(picture).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('refuses an environment whose shard count is fixed, and says where to look', async () => {
    const refused = path.join(directory, 'refused.svg');
    expect(await run('--env', 'dev', '--svg', refused)).toEqual({
      exitCode: 1,
      out: '',
      err:
        'Environment "dev" has a fixed stream, there is nothing to simulate:\n' +
        '  stream.scaling: is missing, it must be such as in lib/config/environments/reference.ts\n',
    });
    expect(existsSync(refused)).toBe(false);
  });

  test.each([['--bogus'], ['extra-argument'], ['--seed', '-1'], ['--seed', '1.5']])(
    'calls %s a wrong use',
    async (...args) => {
      expect(await run(...args)).toMatchObject({
        exitCode: 2,
        out: '',
        err: expect.stringMatching(/^error: /),
      });
    },
  );

  test('--help succeeds', async () => {
    expect(await run('--help')).toMatchObject({
      exitCode: 0,
      err: '',
      out: expect.stringMatching(/^Usage: /),
    });
  });
});
