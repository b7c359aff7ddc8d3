import { readFileSync } from 'node:fs';
import path from 'node:path';
import { planCapacity } from '../../../lib/capacity';
import { loadEnvironment } from '../../../lib/config';
import { runPlan } from '../../../scripts/plan/command';

function run(...args: string[]) {
  let out = '';
  let error = '';
  const exitCode = runPlan(args, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
  });
  return { exitCode, out, error };
}

describe('npm run plan', () => {
  it('of the reference environment shows what binds, the bill and the alternatives', () => {
    const answer = run('--env', 'reference');
    expect(answer).toMatchObject({ exitCode: 0, error: '' });
    expect(answer.out).toContain('Stream: 109 shards, bound by bytes in');
    expect(answer.out).toMatch(/packed, gzip +109 /);
    expect(answer.out).toMatch(/Redshift nodes, 18 x rg\.4xlarge +12,960 +node-hours +39,437/);
  });

  it('prints what docs/capacity.md quotes; when this fails, paste its answer there', () => {
    const page = readFileSync(path.resolve(__dirname, '../../../docs/capacity.md'), 'utf8');
    const quotes = [...page.matchAll(/```text\n(.*?)\n```/gs)].map(([, quote]) => quote);
    const { out } = run('--env', 'reference');
    expect(quotes).toHaveLength(3);
    for (const quote of quotes) expect(out).toContain(quote);
  });

  it('--json gives machines the plan the stacks deploy', () => {
    const { exitCode, out } = run('--env', 'prod', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out).plan).toEqual(JSON.parse(JSON.stringify(planCapacity(loadEnvironment('prod')))));
  });

  it('--facts lists every figure with its standing and source', () => {
    const { exitCode, out } = run('--facts');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/price\.kinesisShardHour +0\.015 +USD\/shard-hour +documented +Kinesis/);
    expect(JSON.parse(run('--facts', '--json').out)['price.kinesisShardHour']).toMatchObject({
      value: 0.015,
    });
  });

  it('--help succeeds', () => {
    expect(run('--help')).toMatchObject({ exitCode: 0, error: '', out: expect.stringMatching(/^Usage: /) });
  });

  it('refuses an environment that is not there, and says which are', () => {
    expect(run('--env', 'staging')).toEqual({
      exitCode: 1,
      out: '',
      error: 'There is no environment "staging":\n  there are: dev, prod, reference\n',
    });
  });

  it.each([['--bogus'], ['extra-argument'], ['--env']])('calls %s a wrong use', (argument) => {
    expect(run(argument)).toMatchObject({ exitCode: 2, out: '', error: expect.stringMatching(/^error: /) });
  });
});
