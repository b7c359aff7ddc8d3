import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListStatementsCommand, RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { WAREHOUSE } from '../../../lib/contract/names';
import { endpointsFile, localClientSettings } from '../../../local/endpoints';
import { openWarehouse, startRedshiftDataServer } from '../../../local/redshift';
import { runQuery } from '../../../scripts/query/cli';
import { captured } from '../../support/captured';
import { type ObjectDirectory, objectDirectory } from '../../support/redshift';

let objects: ObjectDirectory;

beforeEach(() => {
  objects = objectDirectory();
});

afterEach(() => objects.remove());

const never = () => new AbortController().signal;

const run = (args: string[], input?: string, interruption = never) =>
  captured((terminal) =>
    runQuery([...args, '--directory', objects.root], {
      ...terminal,
      readStandardInput: () => input ?? '',
      inputIsTerminal: input === undefined,
      interruption,
    }),
  );

function writeEndpoints(redshiftData: string): void {
  const endpoints = {
    pid: process.pid,
    redshiftData,
    clusterIdentifier: 'cluster',
    databaseName: WAREHOUSE.database,
    adminSecretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:admin',
  };
  writeFileSync(endpointsFile(objects.root), JSON.stringify(endpoints));
}

async function makeWarehouse() {
  const warehouse = await openWarehouse({
    file: path.join(objects.root, 'warehouse.duckdb'),
    databaseName: WAREHOUSE.database,
  });
  await warehouse.run(['CREATE TABLE t (a INT, b VARCHAR(5))', `INSERT INTO t VALUES (1, 'x'), (2, NULL)`]);
  await warehouse.close();
}

test('without a warehouse it says how to make one', async () => {
  expect(await run(['SELECT 1'])).toEqual({
    exitCode: 1,
    out: '',
    err: 'There is no local warehouse yet. Make one with: npm start\n',
  });
});

test('reads the file that a run left, from an argument, a file or standard input, and changes nothing', async () => {
  await makeWarehouse();
  const file = path.join(objects.root, 'q.sql');
  writeFileSync(file, 'SELECT b FROM t ORDER BY a');
  expect(await run(['SELECT a FROM t ORDER BY a', '--csv'])).toMatchObject({
    exitCode: 0,
    out: 'a\r\n1\r\n2\r\n',
  });
  expect((await run(['--file', file, '--json'])).out).toBe('[\n  {"b":"x"},\n  {"b":null}\n]\n');
  const answer = await run([], 'SELECT COUNT(*) FROM t');
  expect(answer.out).toContain('│     2 │');
  expect(answer.err).toMatch(/^1 row in [\d.]+ s from .*warehouse\.duckdb\n$/);
  expect(await run(['INSERT INTO t VALUES (3, NULL)'])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('read-only'),
  });
});

test('asks a run that is up through the Data API, with the rights of the user named', async () => {
  const server = await startRedshiftDataServer({
    databaseFile: path.join(objects.root, 'warehouse.duckdb'),
    clusterIdentifier: 'cluster',
    databaseName: WAREHOUSE.database,
    resolveS3: () => undefined,
  });
  writeEndpoints(server.url);
  await server.warehouse.run([
    'CREATE TABLE t (a INT)',
    'INSERT INTO t VALUES (7)',
    'CREATE USER ann PASSWORD DISABLE',
  ]);
  try {
    expect(await run(['SELECT a, 0.5::float AS f, TRUE AS ok, NULL AS n FROM t', '--json'])).toMatchObject({
      exitCode: 0,
      out: '[\n  {"a":7,"f":0.5,"ok":true,"n":null}\n]\n',
      err: expect.stringMatching(/^1 row in [\d.]+ s from local run\n$/),
    });
    expect(await run(['UPDATE t SET a = 8'])).toMatchObject({
      exitCode: 0,
      out: '',
      err: expect.stringMatching(/^1 row in/),
    });
    expect(await run(['SELECT a FROM t', '--user', 'ann'])).toMatchObject({
      exitCode: 1,
      err: 'ERROR: permission denied for relation t\n',
    });
    expect(await run(['CREATE TABLE u (a INT)'])).toMatchObject({
      exitCode: 0,
      out: '',
      err: expect.stringMatching(/^Done in/),
    });
  } finally {
    await server.close();
  }
});

test('somebody who ends the command stops the statement in the warehouse, too', async () => {
  const server = await startRedshiftDataServer({
    databaseFile: path.join(objects.root, 'warehouse.duckdb'),
    clusterIdentifier: 'cluster',
    databaseName: WAREHOUSE.database,
    resolveS3: () => undefined,
  });
  writeEndpoints(server.url);
  const client = new RedshiftDataClient(localClientSettings(server.url));
  const statuses = async () => {
    const { Statements = [] } = await client.send(new ListStatementsCommand({ StatementName: 'query' }));
    return Statements.map(({ Status }) => Status);
  };
  const interrupting = new AbortController();
  try {
    const digits = '(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3)';
    const many = Array.from({ length: 20 }, (_, index) => `${digits} t${index}`).join(', ');
    const asked = run(
      [`SELECT COUNT(*) FROM ${many} WHERE t0.d + t19.d = 99`],
      undefined,
      () => interrupting.signal,
    );
    while (!(await statuses()).includes('STARTED')) await sleep(20);
    interrupting.abort(new Error('Cancelled.'));
    expect(await asked).toEqual({ exitCode: 1, out: '', err: 'Cancelled.\n' });
    while ((await statuses()).includes('STARTED')) await sleep(20);
    expect(await statuses()).toEqual(['ABORTED']);
  } finally {
    client.destroy();
    await server.close();
  }
});

test('of a large result a table shows the first rows and says how to get all, which CSV and JSON have', async () => {
  await makeWarehouse();
  const digits = `(${Array.from({ length: 22 }, (_, index) => `SELECT ${index} AS d`).join(' UNION ALL ')})`;
  const sql = `SELECT x.d FROM ${digits} x, ${digits} y, ${digits} z`;
  const table = await run([sql]);
  expect(table.out.match(/^│ +\d/gm)).toHaveLength(10_000);
  expect(table.err).toMatch(/^The first 10,000 of 10,648 rows \(all of them: --csv or --json\) in/);
  const csv = await run([sql, '--csv']);
  expect(csv.out.trim().split('\r\n')).toHaveLength(1 + 10_648);
  expect(csv.err).toMatch(/^10,648 rows in/);
  const few = await run([sql, '--json', '--max-rows', '3']);
  expect(JSON.parse(few.out)).toHaveLength(3);
  expect(few.err).toMatch(/^The first 3 of 10,648 rows in/);
});

test('a wrong statement shows Redshift’s message and place', async () => {
  await makeWarehouse();
  expect(await run(['SELECT a FRM t x'])).toEqual({
    exitCode: 1,
    out: '',
    err: 'ERROR: syntax error at or near "t"\n  Position: 14\n',
  });
});

test.each([
  [['--json', '--csv', 'SELECT 1'], 2, 'cannot be used with option'],
  [['--nonsense'], 2, 'unknown option'],
  [[], 2, 'Give a statement'],
  [['SELECT 1', '--file', 'x.sql'], 2, 'not both'],
])('usage %j ends with %i', async (args, exitCode, message) => {
  expect(await run(args)).toMatchObject({ exitCode, err: expect.stringContaining(message) });
});

test('help shows examples', async () => {
  const { exitCode, out } = await run(['--help']);
  expect(exitCode).toBe(0);
  expect(out).toContain('npm run query -- "SELECT event_name');
});
