import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { QUESTIONS } from '../../../lib/questions';
import { endpointsFile } from '../../../local/endpoints';
import { openWarehouse, startRedshiftDataServer } from '../../../local/redshift';
import { runAsk } from '../../../scripts/ask/cli';
import { captured } from '../../support/captured';
import { type ObjectDirectory, objectDirectory } from '../../support/redshift';

let objects: ObjectDirectory;

beforeEach(() => {
  objects = objectDirectory();
});

afterEach(() => objects.remove());

const run = (...args: string[]) =>
  captured((terminal) =>
    runAsk([...args, ...(args.length === 0 ? [] : ['--directory', objects.root])], {
      ...terminal,
      interruption: () => new AbortController().signal,
      nowMillis: () => Date.UTC(2026, 10, 22, 12),
    }),
  );

/** Sessions of two weeks: two visitors, of whom one comes back. */
const SESSIONS = [
  'CREATE SCHEMA analysis',
  `CREATE TABLE analysis.sessions (site_id VARCHAR(64), visitor_id VARCHAR(64), session_key VARCHAR(64), is_bot BOOLEAN,
     started_at TIMESTAMP, local_date DATE, channel VARCHAR(32), page_view_count INTEGER, purchase_count INTEGER,
     is_bounce BOOLEAN, revenue DECIMAL(24, 4), currency VARCHAR(3))`,
  `INSERT INTO analysis.sessions VALUES
     ('shop', 'ann', 's1', FALSE, '2026-11-02 09:00', '2026-11-02', 'Email', 1500, 1, FALSE, 1234.5, 'EUR'),
     ('shop', 'bob', 's2', FALSE, '2026-11-03 09:00', '2026-11-03', '=1+1', 1, 0, TRUE, 0, NULL),
     ('shop', 'ann', 's3', FALSE, '2026-11-10 09:00', '2026-11-10', 'Email', 2, 0, FALSE, 0, NULL)`,
  'CREATE TABLE analysis.visitors (site_id VARCHAR(64), visitor_id VARCHAR(64), first_session_key VARCHAR(64))',
  "INSERT INTO analysis.visitors VALUES ('shop', 'ann', 's1'), ('shop', 'bob', 's2')",
];

async function makeWarehouse() {
  const warehouse = await openWarehouse({
    file: path.join(objects.root, 'warehouse.duckdb'),
    databaseName: 'clickstream',
  });
  await warehouse.run(SESSIONS);
  await warehouse.close();
}

test('without a question it lists them all', async () => {
  const { exitCode, out } = await run();
  expect(exitCode).toBe(0);
  for (const { name } of QUESTIONS) expect(out).toContain(`  ${name} [options]`);
});

test.each(QUESTIONS.map(({ name }) => name))(
  'help of %s shows its parameters and an example',
  async (name) => {
    const { exitCode, out } = await run(name, '--help');
    expect(exitCode).toBe(0);
    expect(out).toContain(`npm run ask -- ${name} `);
    for (const parameter of QUESTIONS.find((question) => question.name === name)?.parameters ?? []) {
      expect(out).toContain(`--${parameter.name} <${parameter.kind}>`);
    }
  },
);

test('answers as a table for people, as CSV and as JSON', async () => {
  await makeWarehouse();
  const table = await run('channels');
  expect(table.exitCode).toBe(0);
  expect(table.out).toContain(
    '│ Email   │        2 │        1 │      1 │       100.0 % │         1 │ EUR 1234.50 │',
  );
  expect(table.err).toMatch(/^2 rows in [\d.]+ s from .*warehouse\.duckdb, bots left out\n$/);
  const csv = await run('channels', '--csv');
  expect(csv.out.split('\r\n')[0]).toMatch(/^channel,sessions,visitors,buyers,buyer_percent/);
  expect(JSON.parse((await run('channels', '--json', '--channel', 'Email')).out)).toMatchObject([
    { channel: 'Email', sessions: 2, visitors: 1, buyers: 1, buyer_percent: 100, revenue: 'EUR 1234.50' },
  ]);
});

test('retention is a table with a row a cohort; a star marks what may still grow', async () => {
  await makeWarehouse();
  const { out } = await run('retention', '--weekly');
  expect(out).toContain('│ First seen │ Visitors │       0 │       1 │');
  expect(out).toContain('│ 2026-11-02 │        2 │ 100.0 % │ 50.0 %* │');
  const long = JSON.parse((await run('retention', '--daily', '--periods', '2', '--json')).out);
  expect(long).toHaveLength(4);
});

test('prints the SQL instead of asking, even without a warehouse', async () => {
  const { exitCode, out } = await run('pages', '--site', "o'shop", '--sql');
  expect(exitCode).toBe(0);
  expect(out).toMatch(
    /^SELECT\n[\s\S]*FROM analysis\.page_views v\nWHERE v\.site_id IN \('o''shop'\)[\s\S]*LIMIT 20;\n$/,
  );
});

test('asks a run that is up, with the rights of the user named', async () => {
  await makeWarehouse();
  const server = await startRedshiftDataServer({
    databaseFile: path.join(objects.root, 'warehouse.duckdb'),
    clusterIdentifier: 'cluster',
    databaseName: 'clickstream',
    resolveS3: () => undefined,
  });
  const names = { clusterIdentifier: 'cluster', databaseName: 'clickstream', adminSecretArn: 'arn:secret' };
  writeFileSync(
    endpointsFile(objects.root),
    JSON.stringify({ pid: process.pid, redshiftData: server.url, ...names }),
  );
  await server.warehouse.run(['CREATE USER ann PASSWORD DISABLE', 'CREATE USER eve PASSWORD DISABLE']);
  await server.warehouse.run([
    'GRANT USAGE ON SCHEMA analysis TO ann',
    'GRANT SELECT ON analysis.sessions TO ann',
  ]);
  try {
    expect(await run('trend', '--user', 'ann', '--csv')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('2026-11-10'),
      err: expect.stringMatching(/^9 rows in .* from local run, bots left out\n$/),
    });
    expect(await run('trend', '--user', 'eve')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('permission denied'),
    });
  } finally {
    await server.close();
  }
});

test.each([
  [['colours'], 2, "unknown command 'colours'"],
  [['pages', '--colour', 'red'], 2, "unknown option '--colour'"],
  [['funnel'], 2, '--steps is missing'],
  [['trend', '--every', 'year'], 2, '--every is "year", it must be one of hour, day, week'],
  [['retention', '--weekly', '--daily'], 2, 'give one of'],
  [['retention', '--weekly', '--every', 'day'], 2, 'cannot be used with option'],
  [['pages', '--json', '--csv'], 2, 'cannot be used with option'],
  [['pages', '--env', 'prod'], 2, 'With --env, say which database user to ask as: --user NAME'],
  [['pages'], 1, 'There is no local warehouse yet'],
])('%j ends with %i: %s', async (args, exitCode, message) => {
  expect(await run(...args)).toMatchObject({ exitCode, out: '', err: expect.stringContaining(message) });
});

test('on an environment a question without a period is about the last 30 days', async () => {
  const { out, err } = await run('channels', '--env', 'prod', '--sql');
  expect(out).toContain("s.local_date >= '2026-10-23'");
  expect(err).toContain('The last 30 days, from 2026-10-23 on');
});
