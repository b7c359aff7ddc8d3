import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runModels } from '../../../scripts/models/cli';
import { captured } from '../../support/captured';

const run = (...args: string[]) => captured((terminal) => runModels(args, terminal));

describe('npm run models', () => {
  it('shows examples when asked for help', async () => {
    const { exitCode, out } = await run('--help');
    expect(exitCode).toBe(0);
    expect(out).toContain('npm run models -- rebuild --env prod');
  });

  it('takes a command it does not know for wrong usage', async () => {
    expect(await run('remake')).toMatchObject({ exitCode: 2 });
  });

  it('says how to start a local run when none is up', async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'models-cli-'));
    const { exitCode, err } = await run('status', '--directory', directory);
    rmSync(directory, { recursive: true, force: true });
    expect(exitCode).toBe(1);
    expect(err).toContain('No local run is up');
  });
});
