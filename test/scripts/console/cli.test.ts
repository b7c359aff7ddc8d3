import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openWarehouse } from '../../../local/redshift';
import { runConsole } from '../../../scripts/console/cli';
import { captured } from '../../support/captured';
import { schemaSteps } from '../../support/schemaSteps';
import { tempDirectory } from '../../support/tempDirectory';

const root = tempDirectory('console-cli');

const run = (args: readonly string[], whileUp: (url: string) => Promise<void> = async () => {}) =>
  captured((terminal, written) => runConsole(args, terminal, () => whileUp(written.out.trim())));

describe('npm run console', () => {
  it('says what is wrong with its options, and that there is nothing to show', async () => {
    expect(await run(['--port', '99999'])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('65535'),
    });
    expect(await run(['--env', 'nowhere'])).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('nowhere'),
    });
    const empty = path.join(root, 'empty');
    expect(await run(['--directory', empty])).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('npm start'),
    });
    expect(await run(['--help'])).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('npm run console'),
    });
  });

  it('shows what the last local run has left, until it is stopped', async () => {
    const directory = path.join(root, 'left');
    mkdirSync(directory);
    const warehouse = await openWarehouse({
      file: path.join(directory, 'warehouse.duckdb'),
      databaseName: 'clickstream',
    });
    for (const statements of schemaSteps()) await warehouse.run(statements);
    await warehouse.close();
    let title = '';
    let answer: unknown;
    const { exitCode, out } = await run(['--directory', directory, '--user', 'console'], async (url) => {
      title = Object(await (await fetch(`${url}/api/surroundings`)).json()).title;
      const asked = { sql: 'SELECT COUNT(*) AS n FROM analysis.events' };
      const request = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(asked),
      };
      answer = await (await fetch(`${url}/api/statement`, request)).json();
    });
    expect(exitCode).toBe(0);
    expect(title).toBe('the last local run');
    expect(answer).toMatchObject({ ok: true, rows: [[0]] });
    await expect(fetch(out.trim())).rejects.toThrow();
  });

  it('gives the address of the console that a local run serves already', async () => {
    const directory = path.join(root, 'served');
    mkdirSync(directory);
    writeFileSync(path.join(directory, 'endpoints.json'), JSON.stringify({ pid: process.pid }));
    const file = path.join(directory, 'console.json');
    writeFileSync(file, JSON.stringify({ pid: process.pid, url: 'http://127.0.0.1:1' }));
    const { exitCode, out } = await run(['--directory', directory, '--json']);
    expect({ exitCode, out: JSON.parse(out) }).toEqual({ exitCode: 0, out: { url: 'http://127.0.0.1:1' } });
  });
});
