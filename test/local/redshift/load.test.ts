/** The schema and a whole load, through the Data API with the unchanged SDK. */
import path from 'node:path';
import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  type DescribeStatementResponse,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { clientSettings } from '../../../lambda/shared/clients';
import { WAREHOUSE } from '../../../lib/contract/names';
import { EVENT_COLUMNS } from '../../../lib/event/columns';
import { COLUMN_NAMES, redshiftColumns } from '../../../lib/event/tables';
import { type RedshiftDataServer, startRedshiftDataServer } from '../../../local/redshift';
import { type ObjectDirectory, objectDirectory } from '../../support/redshift';
import { schemaSteps } from '../../support/schemaSteps';

const CLUSTER = 'clickstream-test';
const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:admin-AbCdEf';
const ROLE = 'arn:aws:iam::123456789012:role/copy';

let objects: ObjectDirectory;
let server: RedshiftDataServer;
let client: RedshiftDataClient;

async function ended(id: string | undefined): Promise<DescribeStatementResponse> {
  for (;;) {
    const description = await client.send(new DescribeStatementCommand({ Id: id, WaitTimeSeconds: 10 }));
    if (['FINISHED', 'FAILED', 'ABORTED'].includes(description.Status ?? '')) return description;
  }
}

async function batch(sqls: string[], as: { SecretArn: string } | { DbUser: string }) {
  const target = { ClusterIdentifier: CLUSTER, Database: WAREHOUSE.database, ...as };
  const { Id } = await client.send(new BatchExecuteStatementCommand({ ...target, Sqls: sqls }));
  return ended(Id);
}

async function rows(sql: string, as: { SecretArn: string } | { DbUser: string } = { SecretArn: SECRET }) {
  const target = { ClusterIdentifier: CLUSTER, Database: WAREHOUSE.database, ...as };
  const { Id } = await client.send(new ExecuteStatementCommand({ ...target, Sql: sql }));
  const description = await ended(Id);
  if (description.Status !== 'FINISHED') throw new Error(description.Error);
  const { Records = [] } = await client.send(new GetStatementResultCommand({ Id }));
  return Records.map((record) => record.map((field) => ('isNull' in field ? null : Object.values(field)[0])));
}

beforeAll(async () => {
  objects = objectDirectory();
  server = await startRedshiftDataServer({
    databaseFile: path.join(objects.root, 'warehouse.duckdb'),
    clusterIdentifier: CLUSTER,
    databaseName: WAREHOUSE.database,
    resolveS3: objects.resolve,
  });
  client = new RedshiftDataClient({
    ...clientSettings(),
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  for (const statements of schemaSteps()) {
    const { Error: error } = await batch(statements, { SecretArn: SECRET });
    expect({ statements, error }).toEqual({ statements, error: undefined });
  }
});

afterAll(async () => {
  client.destroy();
  await server.close();
  objects.remove();
});

/** DuckDB expressions for a row: the required columns and a few others by hand, everything else null. */
function parquetQuery(count: number): string {
  const duckDbTypes = {
    string: 'VARCHAR',
    json: 'VARCHAR',
    timestamp: 'TIMESTAMP',
    boolean: 'BOOLEAN',
    int: 'INTEGER',
    bigint: 'BIGINT',
    double: 'DOUBLE',
  };
  const given: Record<string, string> = {
    event_id: `'event-' || i`,
    event_name: `'page_view'`,
    site_id: `'shop'`,
    received_at: `TIMESTAMP '2026-03-01 10:00:00' + to_seconds(i)`,
    arrived_at: `TIMESTAMP '2026-03-01 10:00:01' + to_seconds(i)`,
    event_time: `TIMESTAMP '2026-03-01 10:00:00' + to_seconds(i)`,
    event_time_source: `'device'`,
    is_clock_suspect: 'false',
    received_hour: '2026030110',
    is_bot: 'i % 10 = 0',
    visitor_id: `'visitor-' || i % 7`,
    properties: `CASE WHEN i % 2 = 0 THEN '{"plan":"pro","steps":[1,2,' || i || ']}' END`,
  };
  const columns = EVENT_COLUMNS.map(
    ({ name, type }) => `CAST(${given[name] ?? 'NULL'} AS ${duckDbTypes[type]}) AS ${name}`,
  );
  return `SELECT ${columns.join(', ')} FROM range(${count}) r(i) UNION ALL SELECT ${columns.join(', ')} FROM range(3) r(i)`;
}

/** The load of the project's design, in one transaction. */
function loadStatements(manifest: string, batchId: string): string[] {
  const list = COLUMN_NAMES.join(', ');
  const selected = EVENT_COLUMNS.map(({ name, type }) =>
    type === 'json'
      ? `CASE WHEN CAN_JSON_PARSE(s.${name}) THEN JSON_PARSE(s.${name}) ELSE CAST(s.${name} AS SUPER) END`
      : `s.${name}`,
  ).join(', ');
  return [
    `LOCK ${WAREHOUSE.loadLockTable};`,
    `CREATE TEMP TABLE events_stage (\n${redshiftColumns('staging')}\n) DISTKEY (event_id) ;`,
    `COPY events_stage (${list}) FROM '${manifest}' IAM_ROLE '${ROLE}' FORMAT AS PARQUET MANIFEST;`,
    `INSERT INTO ${WAREHOUSE.eventsTable} (${list}, load_batch_id)
     SELECT ${selected}, '${batchId}' FROM (
       SELECT s.*, ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY received_at, arrived_at, stream_sequence_number) AS copy_number
       FROM events_stage s) s
     WHERE s.copy_number = 1 AND NOT EXISTS (
       SELECT 1 FROM ${WAREHOUSE.eventsTable} e WHERE e.event_id = s.event_id
        AND (e.received_at BETWEEN '2026-03-01 00:00:00' AND '2026-03-02 00:00:00'));`,
    `SELECT COUNT(*) AS staged FROM events_stage`,
  ];
}

test('the migrations apply, and the whole load run twice adds nothing the second time', async () => {
  const object = await objects.putParquet(
    'lake',
    'events/year=2026/month=03/day=01/hour=10/a.parquet',
    parquetQuery(100),
  );
  const manifest = objects.putManifest('lake', 'manifests/one.manifest', [object]);

  const first = await batch(loadStatements(manifest, 'batch-1'), { DbUser: WAREHOUSE.loaderUser });
  expect(first.Error).toBeUndefined();
  expect(first.SubStatements?.map(({ ResultRows }) => ResultRows)).toEqual([-1, -1, 103, 100, 1]);

  const second = await batch(loadStatements(manifest, 'batch-2'), { DbUser: WAREHOUSE.loaderUser });
  expect(second.Error).toBeUndefined();
  expect(second.SubStatements?.map(({ ResultRows }) => ResultRows)).toEqual([-1, -1, 103, 0, 1]);

  expect(
    await rows(
      `SELECT count(*), count(DISTINCT event_id), sum(CASE WHEN is_bot THEN 1 ELSE 0 END) FROM ${WAREHOUSE.eventsTable}`,
    ),
  ).toEqual([[100, 100, 10]]);
  expect(
    await rows(
      `SELECT properties.plan::varchar AS plan, count(*), max(properties.steps[2]::int) FROM analysis.events GROUP BY 1 ORDER BY 1`,
    ),
  ).toEqual([
    ['pro', 50, 98],
    [null, 50, null],
  ]);
});

test('a load that fails leaves nothing behind', async () => {
  const manifest = objects.put(
    'lake',
    'manifests/broken.manifest',
    JSON.stringify({
      entries: [{ url: 's3://lake/events/none.parquet', mandatory: true, meta: { content_length: 1 } }],
    }),
  );
  const failed = await batch(
    ['INSERT INTO ops.load_lock SELECT 1 WHERE FALSE', ...loadStatements(manifest, 'batch-3')],
    { SecretArn: SECRET },
  );
  expect(failed.Status).toBe('FAILED');
  expect(failed.Error).toBe(
    'Query #4 failed with ERROR: S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey,Key events/none.parquet',
  );
  expect(failed.SubStatements?.map(({ Status }) => Status)).toEqual([
    'FINISHED',
    'FINISHED',
    'FINISHED',
    'FAILED',
    'ABORTED',
    'ABORTED',
  ]);
  expect(await rows(`SELECT count(*) FROM ${WAREHOUSE.eventsTable}`)).toEqual([[100]]);
});

test('the loader may neither read what analysts read nor change tables', async () => {
  await expect(
    rows('SELECT count(*) FROM analysis.events', { DbUser: WAREHOUSE.loaderUser }),
  ).rejects.toThrow('ERROR: permission denied for schema analysis');
  const dropped = await batch([`DROP TABLE ${WAREHOUSE.eventsTable}`], { DbUser: WAREHOUSE.loaderUser });
  expect(dropped.Error).toBe('Query #1 failed with ERROR: must be owner of relation events');
});
