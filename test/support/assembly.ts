/** The synthesized app, made once for all test files that run it: synthesis takes seconds. */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { synthesize } from '../../local/run/synthesize';

const PROJECT = path.resolve(__dirname, '..', '..');
/** A lock this old was left by a test run that was killed. */
const STALE_MILLIS = 180_000;

/**
 * Directory of the assembly of an environment. Read it, copy it, and leave it as it is.
 * Test files run in several processes: one synthesizes, the others wait for it.
 */
export async function assembly(environment: string): Promise<string> {
  const checkout = createHash('sha256').update(PROJECT).digest('hex').slice(0, 12);
  const directory = path.join(tmpdir(), `clickstream-assembly-${checkout}-${environment}`);
  const unlock = await lock(`${directory}.lock`);
  try {
    await synthesize(environment, directory);
    return directory;
  } finally {
    unlock();
  }
}

async function lock(directory: string): Promise<() => void> {
  for (;;) {
    try {
      mkdirSync(directory);
      return () => rmSync(directory, { recursive: true, force: true });
    } catch (error) {
      if (Object(error).code !== 'EEXIST') throw error;
      const made = statSync(directory, { throwIfNoEntry: false })?.mtimeMs;
      if (made !== undefined && Date.now() - made > STALE_MILLIS)
        rmSync(directory, { recursive: true, force: true });
      await sleep(200);
    }
  }
}
