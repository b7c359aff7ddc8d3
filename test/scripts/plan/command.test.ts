import { readFileSync } from 'node:fs';
import path from 'node:path';
import { planCapacity } from '../../../lib/capacity';
import { loadEnvironment } from '../../../lib/config';
import { runPlan } from '../../../scripts/plan/command';
import { captured } from '../../support/captured';

const run = (...args: string[]) => captured((terminal) => runPlan(args, terminal));

describe('npm run plan', () => {
  it('of the reference environment shows what binds, the bill and the alternatives', async () => {
    const answer = await run('--env', 'reference');
    expect(answer).toMatchObject({ exitCode: 0, err: '' });
    expect(answer.out).toContain('Stream: 109 shards, bound by bytes in');
    expect(answer.out).toMatch(/packed, gzip +109 /);
    expect(answer.out).toMatch(/Redshift nodes, 18 x rg\.4xlarge +12,960 +node-hours +39,437/);
  });

  it('prints what docs/capacity.md quotes; when this fails, paste its answer there', async () => {
    const page = readFileSync(path.resolve(__dirname, '../../../docs/capacity.md'), 'utf8');
    const quotes = [...page.matchAll(/```text\n(.*?)\n```/gs)].map(([, quote]) => quote);
    const { out } = await run('--env', 'reference');
    expect(quotes).toHaveLength(3);
    for (const quote of quotes) expect(out).toContain(quote);
  });

  it('--json gives machines the plan the stacks deploy', async () => {
    const { exitCode, out } = await run('--env', 'prod', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out).plan).toEqual(JSON.parse(JSON.stringify(planCapacity(loadEnvironment('prod')))));
  });

  it('--facts lists every figure with its standing and source', async () => {
    const { exitCode, out } = await run('--facts');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/price\.kinesisShardHour +0\.015 +USD\/shard-hour +documented +Kinesis/);
    expect(JSON.parse((await run('--facts', '--json')).out)['price.kinesisShardHour']).toMatchObject({
      value: 0.015,
    });
  });

  it('--help succeeds', async () => {
    expect(await run('--help')).toMatchObject({
      exitCode: 0,
      err: '',
      out: expect.stringMatching(/^Usage: /),
    });
  });

  it('refuses an environment that is not there, and says which are', async () => {
    expect(await run('--env', 'staging')).toEqual({
      exitCode: 1,
      out: '',
      err: 'There is no environment "staging":\n  there are: dev, prod, reference\n',
    });
  });

  it.each([['--bogus'], ['extra-argument'], ['--env']])('calls %s a wrong use', async (argument) => {
    expect(await run(argument)).toMatchObject({
      exitCode: 2,
      out: '',
      err: expect.stringMatching(/^error: /),
    });
  });
});
