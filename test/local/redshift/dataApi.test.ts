/** The Data API's protocol, with the unchanged SDK. */
import path from 'node:path';
import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  GetStatementResultCommand,
  ListSchemasCommand,
  ListStatementsCommand,
  ListTablesCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { clientSettings } from '../../../lambda/shared/clients';
import { DATA_API_BATCH_STATEMENTS, DATA_API_STATEMENT_BYTES } from '../../../lib/contract/limits';
import { type RedshiftDataServer, startRedshiftDataServer } from '../../../local/redshift';
import { type ObjectDirectory, objectDirectory } from '../../support/redshift';

const TARGET = {
  ClusterIdentifier: 'cluster',
  Database: 'clickstream',
  SecretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:admin',
};

let objects: ObjectDirectory;
let server: RedshiftDataServer;
let client: RedshiftDataClient;

beforeAll(async () => {
  objects = objectDirectory();
  server = await startRedshiftDataServer({
    databaseFile: path.join(objects.root, 'w.duckdb'),
    clusterIdentifier: TARGET.ClusterIdentifier,
    databaseName: TARGET.Database,
    resolveS3: objects.resolve,
  });
  client = new RedshiftDataClient({
    ...clientSettings(),
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
});

afterAll(async () => {
  client.destroy();
  await server.close();
  objects.remove();
});

function execute(Sql: string, more: Partial<ExecuteStatementCommandInput> = {}) {
  return client.send(new ExecuteStatementCommand({ ...TARGET, Sql, ...more }));
}

async function executed(sql: string, more: Partial<ExecuteStatementCommandInput> = {}) {
  const { Id } = await execute(sql, more);
  return client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 30 }));
}

async function executedBatch(Sqls: string[]) {
  const { Id } = await client.send(new BatchExecuteStatementCommand({ ...TARGET, Sqls }));
  return client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 30 }));
}

describe('a statement', () => {
  test('is accepted at once, runs by itself, and is described with times, counts and who ran it', async () => {
    const before = Date.now();
    const accepted = await execute('SELECT 1 AS n UNION ALL SELECT 2');
    expect(accepted).toMatchObject({
      ClusterIdentifier: 'cluster',
      Database: 'clickstream',
      SecretArn: TARGET.SecretArn,
    });
    expect(accepted.Status).not.toBe('FAILED');
    expect(Math.abs((accepted.CreatedAt?.getTime() ?? 0) - before)).toBeLessThan(60_000);

    const description = await client.send(
      new DescribeStatementCommand({ Id: accepted.Id, WaitTimeSeconds: 30 }),
    );
    expect(description).toMatchObject({
      Id: accepted.Id,
      Status: 'FINISHED',
      HasResultSet: true,
      ResultRows: 2,
      QueryString: 'SELECT 1 AS n UNION ALL SELECT 2',
    });
    expect(description.RedshiftPid).toBeGreaterThan(0);
    expect(description.Duration).toBeGreaterThanOrEqual(0);
    expect(description.SubStatements).toBeUndefined();
  });

  test('that fails says why', async () => {
    const description = await executed('SELECT * FROM nowhere');
    expect(description).toMatchObject({
      Status: 'FAILED',
      Error: 'ERROR: relation "nowhere" does not exist',
      ResultRows: -1,
    });
    const result = client.send(new GetStatementResultCommand({ Id: description.Id }));
    await expect(result).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('gives typed fields with their columns’ metadata', async () => {
    const { Id } = await executed(
      `SELECT 1 AS i, 2::bigint AS b, 0.5::float AS f, TRUE AS t, 'x' AS s, 1.50::numeric(10,2) AS d,
         TIMESTAMP '2026-01-02 03:04:05' AS at, JSON_PARSE('{"a":[1]}') AS j, NULL::int AS n`,
    );
    const { Records, ColumnMetadata, TotalNumRows } = await client.send(
      new GetStatementResultCommand({ Id }),
    );
    expect(Records).toEqual([
      [
        { longValue: 1 },
        { longValue: 2 },
        { doubleValue: 0.5 },
        { booleanValue: true },
        { stringValue: 'x' },
        { stringValue: '1.50' },
        { stringValue: '2026-01-02 03:04:05' },
        { stringValue: '{"a":[1]}' },
        { isNull: true },
      ],
    ]);
    expect(ColumnMetadata?.map(({ name, typeName }) => `${name} ${typeName}`)).toEqual([
      'i int4',
      'b int8',
      'f float8',
      't bool',
      's varchar',
      'd numeric',
      'at timestamp',
      'j super',
      'n int4',
    ]);
    expect(TotalNumRows).toBe(1);
  });

  test('with a large result gives it in pages, each row once and in order', async () => {
    const digits =
      'SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4';
    const { Id } = await executed(
      `WITH t AS (${digits}) SELECT ((a.d * 5 + b.d) * 5 + c.d) * 5 + e.d AS n, REPEAT('x', 4000)
         FROM t a, t b, t c, t e ORDER BY 1`,
    );
    const seen: number[] = [];
    let pages = 0;
    let NextToken: string | undefined;
    do {
      const page = await client.send(new GetStatementResultCommand({ Id, NextToken }));
      for (const [first] of page.Records ?? []) seen.push(first?.longValue ?? -1);
      expect(page.TotalNumRows).toBe(625);
      NextToken = page.NextToken;
      pages++;
    } while (NextToken !== undefined);
    expect(pages).toBeGreaterThan(1);
    expect(seen).toEqual(Array.from({ length: 625 }, (_, index) => index));
  });

  test('takes named parameters, as text that is cast where it is used', async () => {
    const Parameters = [
      { name: 'id', value: '7' },
      { name: 'name', value: `O'Neil \\ :id` },
    ];
    const { Id, QueryParameters } = await executed(`SELECT 7 = :id, :name || ':name', 1::int`, {
      Parameters,
    });
    expect(QueryParameters).toEqual(Parameters);
    const { Records } = await client.send(new GetStatementResultCommand({ Id }));
    expect(Records).toEqual([
      [{ booleanValue: true }, { stringValue: `O'Neil \\ :id:name` }, { longValue: 1 }],
    ]);
  });

  test('submitted again with the same ClientToken is the same statement', async () => {
    await executed('CREATE TABLE counted (a INT)');
    const ClientToken = 'token-1';
    const first = await execute('INSERT INTO counted VALUES (1)', { ClientToken });
    const again = await execute('INSERT INTO counted VALUES (1)', { ClientToken });
    expect(again.Id).toBe(first.Id);
    await expect(execute('INSERT INTO counted VALUES (2)', { ClientToken })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await client.send(new DescribeStatementCommand({ Id: first.Id, WaitTimeSeconds: 30 }));
    const { Id } = await executed('SELECT COUNT(*) FROM counted');
    expect((await client.send(new GetStatementResultCommand({ Id }))).Records).toEqual([[{ longValue: 1 }]]);
  });

  test('that runs long can be cancelled, and one that ended cannot', async () => {
    const wide = Array.from({ length: 7 }, (_, index) => `t t${index}`).join(', ');
    const { Id } = await execute(
      `WITH t AS (SELECT 1 AS a ${'UNION ALL SELECT 1 '.repeat(40)}) SELECT COUNT(DISTINCT t0.a * t1.a) FROM ${wide}`,
    );
    expect(await client.send(new CancelStatementCommand({ Id }))).toMatchObject({ Status: true });
    const description = await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 30 }));
    expect(description).toMatchObject({ Status: 'ABORTED', Error: expect.stringContaining('cancelled') });
    await expect(client.send(new CancelStatementCommand({ Id }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('already in ABORTED state'),
    });
  });
});

describe('a batch', () => {
  test('shows each statement, and gives results by the statement’s own id only', async () => {
    const description = await executedBatch([
      'CREATE TABLE batched (a INT)',
      'INSERT INTO batched VALUES (1), (2)',
      'SELECT a FROM batched ORDER BY a',
    ]);
    expect(description).toMatchObject({ Status: 'FINISHED', HasResultSet: true });
    expect(
      description.SubStatements?.map(({ Id, Status, ResultRows, HasResultSet }) => [
        Id,
        Status,
        ResultRows,
        HasResultSet,
      ]),
    ).toEqual([
      [`${description.Id}:1`, 'FINISHED', -1, false],
      [`${description.Id}:2`, 'FINISHED', 2, false],
      [`${description.Id}:3`, 'FINISHED', 2, true],
    ]);
    const part = await client.send(new DescribeStatementCommand({ Id: `${description.Id}:2` }));
    expect(part).toMatchObject({
      QueryString: 'INSERT INTO batched VALUES (1), (2)',
      Status: 'FINISHED',
      ResultRows: 2,
    });
    const { Records } = await client.send(new GetStatementResultCommand({ Id: `${description.Id}:3` }));
    expect(Records).toEqual([[{ longValue: 1 }], [{ longValue: 2 }]]);
    await expect(client.send(new GetStatementResultCommand({ Id: description.Id }))).rejects.toThrow(
      'BatchExecuteStatement result can only be retrieved with sub-statement id.',
    );
  });

  test('is a transaction block, even of one statement: what Redshift runs by itself is refused', async () => {
    await executed('CREATE TABLE alone (word VARCHAR(5))');
    for (const sql of ['VACUUM alone', 'ALTER TABLE alone ALTER COLUMN word TYPE VARCHAR(9)']) {
      expect(await executedBatch([sql])).toMatchObject({
        Status: 'FAILED',
        Error: expect.stringContaining('cannot run inside a transaction block'),
      });
      expect(await executed(sql)).toMatchObject({ Status: 'FINISHED' });
    }
  });

  test('that fails is rolled back whole', async () => {
    const description = await executedBatch(['CREATE TABLE gone (a INT)', 'SELECT nothing', 'SELECT 1']);
    expect(description.Status).toBe('FAILED');
    expect(description.Error).toMatch(/^Query #2 failed with ERROR: column "nothing" does not exist/);
    expect(description.SubStatements?.map(({ Status }) => Status)).toEqual(['FINISHED', 'FAILED', 'ABORTED']);
    expect((await executed('SELECT * FROM gone')).Status).toBe('FAILED');
  });
});

describe('what AWS refuses is refused', () => {
  const manySqls = Array.from({ length: DATA_API_BATCH_STATEMENTS + 1 }, () => 'SELECT 1');
  test.each<[string, () => Promise<unknown>, string, RegExp]>([
    [
      'a statement of more than 100 KB',
      () => execute(`SELECT '${'x'.repeat(DATA_API_STATEMENT_BYTES)}'`),
      'ValidationException',
      /larger than 100kB/,
    ],
    [
      'a batch of more than 40',
      () => executedBatch(manySqls),
      'ValidationException',
      /length less than or equal to 40/,
    ],
    ['an empty batch', () => executedBatch([]), 'ValidationException', /length greater than or equal to 1/],
    [
      'another cluster',
      () => execute('SELECT 1', { ClusterIdentifier: 'other' }),
      'ValidationException',
      /endpoint doesn't exist/,
    ],
    [
      'no cluster',
      () => execute('SELECT 1', { ClusterIdentifier: undefined }),
      'ValidationException',
      /clusterIdentifier/,
    ],
    [
      'another database',
      () => execute('SELECT 1', { Database: 'other' }),
      'ValidationException',
      /database "other" does not exist/,
    ],
    [
      'both ways to sign in',
      () => execute('SELECT 1', { DbUser: 'ann' }),
      'ValidationException',
      /exclude each other/,
    ],
    [
      'no way to sign in',
      () => execute('SELECT 1', { SecretArn: undefined }),
      'ValidationException',
      /SecretArn or DbUser/,
    ],
    [
      'a secret that is no ARN',
      () => execute('SELECT 1', { SecretArn: 'secret' }),
      'ValidationException',
      /ARN of a secret/,
    ],
    [
      'a parameter that no statement uses',
      () => execute('SELECT 1', { Parameters: [{ name: 'a', value: '1' }] }),
      'ValidationException',
      /unused parameters.*"a"/,
    ],
    [
      'a parameter without a value',
      () => execute('SELECT :b'),
      'ValidationException',
      /"b" of the SQL statement has no value/,
    ],
    [
      'an id that is none',
      () => client.send(new DescribeStatementCommand({ Id: 'x' })),
      'ValidationException',
      /regular expression/,
    ],
    [
      'an unknown id',
      () => client.send(new DescribeStatementCommand({ Id: '00000000-0000-4000-8000-000000000000' })),
      'ResourceNotFoundException',
      /does not exist/,
    ],
    [
      'a session',
      () => execute('SELECT 1', { SessionKeepAliveSeconds: 10 }),
      'ValidationException',
      /not served by the local warehouse/,
    ],
  ])('%s', async (_, send, name, message) => {
    await expect(send()).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });

  test('a database user who was never created fails the statement', async () => {
    const { Id } = await execute('SELECT 1', { SecretArn: undefined, DbUser: 'nobody' });
    const description = await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 30 }));
    expect(description).toMatchObject({
      Status: 'FAILED',
      DbUser: 'nobody',
      Error: expect.stringContaining('"nobody"'),
    });
  });
});

test('statements are listed newest first, by prefix of their name and by status, in pages', async () => {
  for (const name of ['list-1', 'list-2', 'other']) await executed('SELECT 1', { StatementName: name });
  await executed('SELEC', { StatementName: 'list-3' });
  const list = async (filter: object) => {
    const { Statements = [], NextToken } = await client.send(new ListStatementsCommand(filter));
    return { names: Statements.map(({ StatementName }) => StatementName), NextToken };
  };
  expect((await list({ StatementName: 'list-', Status: 'ALL' })).names).toEqual([
    'list-3',
    'list-2',
    'list-1',
  ]);
  expect((await list({ StatementName: 'list-', Status: 'FAILED' })).names).toEqual(['list-3']);
  const page = await list({ StatementName: 'list-', MaxResults: 2 });
  expect(page.names).toEqual(['list-3', 'list-2']);
  expect((await list({ StatementName: 'list-', MaxResults: 2, NextToken: page.NextToken })).names).toEqual([
    'list-1',
  ]);
});

test('schemas and tables are listed by pattern', async () => {
  await executedBatch([
    'CREATE SCHEMA shop',
    'CREATE TABLE shop.orders (a INT)',
    'CREATE VIEW shop.recent AS SELECT a FROM shop.orders',
  ]);
  expect((await client.send(new ListSchemasCommand({ ...TARGET, SchemaPattern: 's%' }))).Schemas).toEqual([
    'shop',
  ]);
  expect((await client.send(new ListTablesCommand({ ...TARGET, SchemaPattern: 'shop' }))).Tables).toEqual([
    { name: 'orders', schema: 'shop', type: 'TABLE' },
    { name: 'recent', schema: 'shop', type: 'VIEW' },
  ]);
});
