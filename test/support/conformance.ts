/** Runs one set of tests with the real AWS SDK against our servers and against emulators that others wrote. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { clientSettings } from '../../lambda/shared/clients';

/** A server under test. */
export interface Target {
  readonly url: string;
  close(): Promise<void>;
}

/** The emulators that are held against ours. */
export type Peer = 'kinesalite' | 'fauxqs';
export type TargetName = 'ours' | Peer;

/** Settings for an SDK client of any service. */
export function clientConfig(url: string) {
  return {
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    // What a test expects to fail is to fail at once.
    maxAttempts: 1,
    ...clientSettings(),
  };
}

/** Defines a test of the present target. */
export type ConformanceTest = (
  title: string,
  test: () => Promise<void>,
  /** Why a peer is known to differ from AWS here: the test is expected to fail on it, or cannot be run. */
  deviations?: { readonly [P in Peer]?: { readonly fails: string } | { readonly skipped: string } },
) => void;

/** The way to define tests of the target. */
export function conformanceTest(target: TargetName): ConformanceTest {
  return (title, test, deviations = {}) => {
    const deviation = target === 'ours' ? undefined : deviations[target];
    if (deviation === undefined) it(title, test);
    else if ('fails' in deviation) it.failing(`${title} (differs from AWS: ${deviation.fails})`, test);
    else it.skip(`${title} (not run: ${deviation.skipped})`, test);
  };
}

/** Starts kinesalite in this process. */
export async function startKinesalite(): Promise<Target> {
  const { default: kinesalite } = await import('kinesalite');
  const server = kinesalite({ createStreamMs: 0, updateStreamMs: 0, deleteStreamMs: 0, shardLimit: 100 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`kinesalite listens on ${address}`);
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const RUN_FAUXQS = `
  import { startFauxqs } from 'fauxqs';
  const server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
  console.log(server.port);
`;

/** Starts fauxqs (S3, SQS) in a process of its own: it is an ES module, which jest cannot load. */
export async function startFauxqs(): Promise<Target> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', RUN_FAUXQS], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`fauxqs ended with ${code} before it listened`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill();
      }),
  };
}
