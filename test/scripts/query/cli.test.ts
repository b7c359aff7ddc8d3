import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { WAREHOUSE } from '../../../lib/contract/names';
import { endpointsFile } from '../../../local/endpoints';
import { openWarehouse, startRedshiftDataServer } from '../../../local/redshift';
import { runQuery } from '../../../scripts/query/cli';
import { captured } from '../../support/captured';
import { type ObjectDirectory, objectDirectory } from '../../support/redshift';

let objects: ObjectDirectory;

beforeEach(() => {
  objects = objectDirectory();
});

afterEach(() => objects.remove());

const run = (args: string[], input?: string) =>
  captured((terminal) =>
    runQuery([...args, '--directory', objects.root], {
      ...terminal,
      readStandardInput: () => input ?? '',
      inputIsTerminal: input === undefined,
    }),
  );

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
    out: 'a\r\n1\r\n2\n',
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
  const endpoints = {
    pid: process.pid,
    redshiftData: server.url,
    clusterIdentifier: 'cluster',
    databaseName: WAREHOUSE.database,
    adminSecretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:admin',
  };
  writeFileSync(endpointsFile(objects.root), JSON.stringify(endpoints));
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
  } finally {
    await server.close();
  }
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
