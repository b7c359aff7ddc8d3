/** What a statement of the page can do to the warehouse: through the server's check, and without it. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { requireReadOnly } from '../../console/server/readOnly';
import { StatementError, type StatementRunner, statementRunner } from '../../console/server/statements';
import { DataApi } from '../../lambda/shared/dataApi';
import { WAREHOUSE } from '../../lib/contract/names';
import { localClientSettings } from '../../local/endpoints';
import { type RedshiftDataServer, startRedshiftDataServer } from '../../local/redshift';
import { targetSource } from '../../scripts/query/sources';
import { schemaSteps } from '../support/schemaSteps';
import { tempDirectory } from '../support/tempDirectory';

const directory = tempDirectory('console-access');
const cluster = { ClusterIdentifier: 'cluster', Database: WAREHOUSE.database };
let server: RedshiftDataServer;
let client: RedshiftDataClient;
let runner: StatementRunner;

beforeAll(async () => {
  server = await startRedshiftDataServer({
    databaseFile: path.join(directory, 'warehouse.duckdb'),
    clusterIdentifier: cluster.ClusterIdentifier,
    databaseName: cluster.Database,
    resolveS3: () => undefined,
  });
  for (const statements of schemaSteps()) await server.warehouse.run(statements);
  client = new RedshiftDataClient(localClientSettings(server.url));
  const target = {
    title: 'a test',
    dataApi: (user = 'admin') => new DataApi(client, { ...cluster, DbUser: user }),
    close: () => client.destroy(),
  };
  runner = statementRunner(targetSource(target, WAREHOUSE.consoleUser), { rows: 3, seconds: 1 });
});
afterAll(async () => {
  await runner.close();
  await server.close();
});

describe('the console’s user', () => {
  it('reads the schema analysis', async () => {
    expect(await runner.run('SELECT COUNT(*) AS events FROM analysis.events')).toMatchObject({
      columns: [{ name: 'events', typeName: 'int8', kind: 'number' }],
      rows: [[0]],
    });
  });

  it.each([
    ['rows before they are modelled', 'SELECT * FROM landing.events'],
    ['the ledger', 'SELECT * FROM ops.load_batches'],
    ['a new row', "INSERT INTO ops.load_lock VALUES ('x')"],
    ['changed rows', "UPDATE landing.events SET site_id = 'x'"],
    ['deleted rows', 'DELETE FROM landing.events'],
    ['emptied tables', 'TRUNCATE landing.events'],
    ['dropped views', 'DROP VIEW analysis.events'],
    ['new tables', 'CREATE TABLE analysis.mine (a INTEGER)'],
    ['new tables in public', 'CREATE TABLE mine (a INTEGER)'],
    ['new users', 'CREATE USER mallory PASSWORD DISABLE'],
    ['more rights', 'GRANT SELECT ON landing.events TO console'],
    ['rows behind WITH', "WITH a AS (SELECT 'x' AS note) INSERT INTO ops.load_lock SELECT note FROM a"],
  ])('gets no %s, even past the check', async (_, sql) => {
    await expect(runner.run(sql)).rejects.toThrow(StatementError);
  });

  it.each([
    ["UNLOAD ('SELECT 1') TO 's3://bucket/key' IAM_ROLE DEFAULT"],
    ["COPY analysis.mine FROM 's3://bucket/key' IAM_ROLE 'arn:aws:iam::1:role/r' FORMAT AS PARQUET"],
    ["COPY (SELECT 1) TO 'FILE'"],
    ["COPY landing.events TO 'FILE'"],
    ["ATTACH 'FILE' AS other"],
    ['PRAGMA database_list'],
    ['INSTALL httpfs'],
    ['LOAD httpfs'],
    ["SET search_path = 'redshift_catalog'"],
    ["SELECT * FROM read_csv('FILE')"],
    ["SELECT * FROM read_csv_auto('FILE')"],
    ["SELECT * FROM read_parquet('FILE')"],
    ["SELECT * FROM read_json('FILE')"],
    ["SELECT * FROM read_text('FILE')"],
    ["SELECT * FROM read_blob('FILE')"],
    ["SELECT * FROM glob('/*')"],
    ["SELECT * FROM 'FILE'"],
    ['SELECT * FROM "FILE"'],
    ["SELECT (SELECT content FROM read_text('FILE'))"],
    ["WITH a AS (SELECT * FROM read_text('FILE')) SELECT * FROM a"],
    ["SELECT * FROM analysis.events e, read_text('FILE') f"],
    ["SELECT * FROM query('SELECT * FROM landing.events')"],
    ["SELECT * FROM query_table('landing.events')"],
    ['SELECT * FROM duckdb_settings()'],
    ["SELECT getenv('HOME')"],
    ["SELECT current_setting('temp_directory')"],
    ['SELECT * FROM redshift_catalog.grants'],
    ['SELECT * FROM clickstream.redshift_catalog.grants'],
    ['SELECT * FROM clickstream.landing.events'],
    ['SELECT * FROM memory.main.svv_columns'],
    ['FROM landing.events'],
  ])('does not leave the warehouse: %s', async (template) => {
    const file = path.join(directory, 'secret.csv');
    writeFileSync(file, 'secret\n42\n');
    const sql = template.replace('FILE', file);
    await expect(runner.run(sql)).rejects.toThrow(StatementError);
  });

  it('cannot give more than one statement at a time, past the check either', async () => {
    const sql = 'SELECT 1; DELETE FROM landing.events';
    expect(() => requireReadOnly(sql)).toThrow('one statement');
    await expect(runner.run(sql)).rejects.toThrow('exactly one SQL command');
  });
});

describe('a statement of the page', () => {
  const digits =
    '(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4)';

  it('gets the first rows of a long result, and how many there are', async () => {
    const result = await runner.run(`SELECT a.d FROM ${digits} a ORDER BY 1`);
    expect(result).toMatchObject({ rows: [[0], [1], [2]], rowCount: 5 });
  });

  it('is stopped when it runs too long', async () => {
    const many = Array.from({ length: 16 }, (_, index) => `${digits} t${index}`).join(', ');
    await expect(runner.run(`SELECT COUNT(*) FROM ${many} WHERE t0.d + t15.d = 99`)).rejects.toThrow(
      'longer than 1 s',
    );
  });

  it('gets numbers as numbers as long as they are exact, and times and texts as text', async () => {
    const result = await runner.run(
      `SELECT 1.25::NUMERIC(10, 2) AS price, 12345678901234567.5::NUMERIC(20, 1) AS large, TRUE AS yes,
         '2026-01-02 03:04:05'::TIMESTAMP AS at, NULL::VARCHAR AS nothing`,
    );
    expect(result.rows).toEqual([
      [1.25, '12345678901234567.5', true, expect.stringMatching(/^2026-01-02 03:04:05/), null],
    ]);
    expect(result.columns.map(({ kind }) => kind)).toEqual(['number', 'number', 'boolean', 'time', 'text']);
  });
});
