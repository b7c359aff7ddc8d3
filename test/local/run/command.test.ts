import { existsSync } from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import { EXIT, runStart } from '../../../local/run/command';
import { tempDirectory } from '../../support/tempDirectory';

class Text extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

const temporary = tempDirectory('command');

describe('npm start', () => {
  it('refuses a file that is not there before it touches what earlier runs left', async () => {
    const directory = path.join(temporary, 'files');
    const stderr = new Text();
    const context = { stdout: new Text(), stderr, directory: path.join(directory, 'state') };
    expect(await runStart(['--fresh', path.join(directory, 'none.log')], context)).toBe(EXIT.unsound);
    expect(stderr.text).toMatch(/none\.log is no file/);
    expect(existsSync(context.directory)).toBe(false);
  });

  it.each([['--speed-up', '0'], ['--no-such-option']])('says what is wrong with %s', async (...args) => {
    const stderr = new Text();
    const context = { stdout: new Text(), stderr, directory: temporary };
    expect(await runStart(args, context)).toBe(EXIT.usage);
    expect(stderr.text).toContain(args[0]);
  });
});
