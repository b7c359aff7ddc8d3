import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MetricSample } from '../../../local/lambda/embeddedMetrics';
import { FunctionHost } from '../../../local/lambda/functionHost';
import type { FunctionDefinition } from '../../../local/template/definitions';

/** A bundle that does what its event says. */
const BUNDLE = `
let invocations = 0;
exports.handler = async (event, context) => {
  invocations++;
  switch (event.do) {
    case 'echo': return { event, invocations, remaining: context.getRemainingTimeInMillis() };
    case 'environment': return { own: process.env.OWN, region: process.env.AWS_REGION, path: process.env.PATH };
    case 'throw': throw new TypeError('it went wrong');
    case 'exit': process.exit(3);
    case 'spin': for (;;);
    case 'fill': { const all = []; for (;;) all.push(new Array(100000).fill(invocations)); }
    case 'large': return 'x'.repeat(event.length);
    case 'wait': await new Promise((resolve) => setTimeout(resolve, 20)); return [event.started, Date.now()];
    case 'print':
      console.log('hello %s', 'there');
      process.stdout.write(JSON.stringify({ _aws: { CloudWatchMetrics: [{ Namespace: 'N', Metrics: [{ Name: 'Rows' }, { Name: 'Bots' }] }] }, Rows: [2, 3], Bots: 1 }) + '\\n');
      return 'printed';
  }
};`;

describe('a hosted function', () => {
  let directory: string;
  let output: string[];
  let metrics: MetricSample[];
  let hosts: FunctionHost[];

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'bundle-'));
    writeFileSync(path.join(directory, 'index.js'), BUNDLE);
    output = [];
    metrics = [];
    hosts = [];
  });
  afterEach(async () => {
    await Promise.all(hosts.map((host) => host.close()));
    rmSync(directory, { recursive: true });
  });

  function host(changes: Partial<FunctionDefinition> = {}): FunctionHost {
    const definition: FunctionDefinition = {
      arn: 'arn:fn',
      name: 'fn',
      bundleDirectory: directory,
      handler: 'index.handler',
      environment: { OWN: 'from the template' },
      timeoutMillis: 60_000,
      memoryMebibytes: 128,
      runtime: 'nodejs24.x',
      reservedConcurrency: undefined,
      ...changes,
    };
    const made = new FunctionHost(definition, {
      region: 'eu-west-1',
      environment: {},
      maxConcurrency: 2,
      onMetrics: (samples) => metrics.push(...samples),
      onOutput: (line) => output.push(line),
    });
    hosts.push(made);
    return made;
  }

  it('stays warm between invocations and knows its deadline', async () => {
    const fn = host();
    await fn.invoke({ do: 'echo' });
    expect(await fn.invoke({ do: 'echo', list: [1] })).toEqual({
      event: { do: 'echo', list: [1] },
      invocations: 2,
      remaining: expect.any(Number),
    });
  });

  it('sees the template’s environment and nothing of this process’s', async () => {
    expect(await host().invoke({ do: 'environment' })).toEqual({
      own: 'from the template',
      region: 'eu-west-1',
    });
  });

  it('has its log lines passed on, and its embedded metrics counted instead', async () => {
    expect(await host().invoke({ do: 'print' })).toBe('printed');
    expect(output).toEqual(['hello there']);
    expect(metrics).toEqual([
      { namespace: 'N', name: 'Rows', value: 2 },
      { namespace: 'N', name: 'Rows', value: 3 },
      { namespace: 'N', name: 'Bots', value: 1 },
    ]);
  });

  it('fails the invocation when it throws, and stays warm', async () => {
    const fn = host();
    await expect(fn.invoke({ do: 'throw' })).rejects.toMatchObject({
      name: 'InvocationError',
      message: 'fn failed: TypeError: it went wrong',
    });
    expect(await fn.invoke({ do: 'echo' })).toMatchObject({ invocations: 2 });
  });

  it('that is killed fails what runs, counts it as an error, and starts anew for the next', async () => {
    const fn = host();
    await fn.invoke({ do: 'echo' });
    const killed = fn.invoke({ do: 'spin' });
    const failure = expect(killed).rejects.toThrow(/Runtime.ExitError/);
    // The invocation is handed to its environment in a later turn.
    await new Promise((resolve) => setImmediate(resolve));
    await fn.kill();
    await failure;
    expect(fn.errors).toBe(1);
    expect(await fn.invoke({ do: 'echo' })).toMatchObject({ invocations: 1 });
  });

  it.each([
    ['exits', { do: 'exit' }, {}, /Runtime.ExitError: The function's process ended with code 3/],
    ['runs out of memory', { do: 'fill' }, { memoryMebibytes: 32 }, /ERR_WORKER_OUT_OF_MEMORY|memory limit/],
    ['spins past its timeout', { do: 'spin' }, { timeoutMillis: 3_000 }, /Task timed out after 3.00 seconds/],
  ])(
    'fails the invocation when it %s, and starts anew for the next',
    async (_what, event, changes, message) => {
      const fn = host(changes);
      await expect(fn.invoke(event)).rejects.toThrow(message);
      expect(await fn.invoke({ do: 'echo' })).toMatchObject({ invocations: 1 });
    },
  );

  it('refuses payloads of more than 6 MiB both ways', async () => {
    const fn = host();
    const most = 6 * 1024 * 1024;
    await expect(fn.invoke({ do: 'large', length: most - 1 })).rejects.toThrow(
      `Function.ResponseSizeTooLarge: its answer has ${most + 1} bytes`,
    );
    expect(await fn.invoke({ do: 'large', length: most - 2 })).toHaveLength(most - 2);
    await expect(fn.invoke({ padding: 'x'.repeat(most) })).rejects.toThrow('RequestTooLargeException');
  });

  it('runs as many invocations at once as the template reserves, and the others after them', async () => {
    const fn = host({ reservedConcurrency: 1 });
    const answers = await Promise.all([1, 2, 3].map(() => fn.invoke({ do: 'echo' })));
    expect(answers).toMatchObject([{ invocations: 1 }, { invocations: 2 }, { invocations: 3 }]);
  });

  it('fails each invocation of a bundle that does not load', async () => {
    await expect(host({ handler: 'index.missing' }).invoke({})).rejects.toThrow(
      /index.missing of .* is not a function/,
    );
    await expect(host({ handler: 'nothing.handler' }).invoke({})).rejects.toThrow(/Cannot find module/);
  });
});
