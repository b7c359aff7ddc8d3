import { existsSync } from 'node:fs';
import path from 'node:path';
import { EXIT, runStart } from '../../../local/run/command';
import { captured } from '../../support/captured';
import { tempDirectory } from '../../support/tempDirectory';

const temporary = tempDirectory('command');

const run = (...args: string[]) => captured((terminal) => runStart(args, terminal));

describe('npm start', () => {
  it('refuses a file that is not there before it touches what earlier runs left', async () => {
    const directory = path.join(temporary, 'state');
    const { exitCode, err } = await run(
      '--fresh',
      '--directory',
      directory,
      path.join(temporary, 'none.log'),
    );
    expect(exitCode).toBe(EXIT.unsound);
    expect(err).toMatch(/none\.log is no file/);
    expect(existsSync(directory)).toBe(false);
  });

  it.each([['--speed-up', '0'], ['--no-such-option']])('says what is wrong with %s', async (...args) => {
    const { exitCode, err } = await run('--directory', temporary, ...args);
    expect(exitCode).toBe(EXIT.usage);
    expect(err).toContain(args[0]);
  });
});
