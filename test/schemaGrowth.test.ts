/**
 * A release appends a column to the event definition, and nothing else, while events of the release before are stored,
 * on their way, and still coming: transform, Firehose, loader and warehouse, in the order the stacks are deployed.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { systemClock } from '../lambda/shared/dataApi';
import { EVENT_COLUMNS, type EventColumn } from '../lib/event/columns';
import { ParquetWriter } from '../local/firehose/parquetWriter';
import { recordDeserializer } from '../local/firehose/recordDeserializer';
import { type RedshiftDataServer, startRedshiftDataServer } from '../local/redshift/dataApi/server';
import { FakeLake } from './support/fakeLake';
import { FakeQueue } from './support/fakeQueue';
import { type Release, releaseWith } from './support/release';
import { s3Notification } from './support/s3Notification';
import { MIGRATIONS } from './support/schemaSteps';

jest.setTimeout(60_000);

const APPENDED: EventColumn = {
  name: 'appended_field',
  type: 'string',
  maxBytes: 16,
  tooLong: 'truncate',
  nullable: true,
  origin: 'sent',
  meaning: 'A column of a later release.',
};
const CLUSTER = { ClusterIdentifier: 'cluster', Database: 'clickstream' };
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

const directory = mkdtempSync(path.join(tmpdir(), 'schema-growth-'));
const lake = new FakeLake('lake');
const queue = new FakeQueue();
let firehose: ParquetWriter;
let server: RedshiftDataServer;
let client: RedshiftDataClient;
let before: Release;
let after: Release;

beforeAll(async () => {
  before = releaseWith();
  after = releaseWith(APPENDED);
  firehose = await ParquetWriter.open();
  server = await startRedshiftDataServer({
    databaseFile: path.join(directory, 'warehouse.duckdb'),
    clusterIdentifier: CLUSTER.ClusterIdentifier,
    databaseName: CLUSTER.Database,
    resolveS3,
  });
  client = new RedshiftDataClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});

afterAll(async () => {
  client.destroy();
  await server.close();
  firehose.close();
  rmSync(directory, { recursive: true, force: true });
});

/** COPY wants files. */
function resolveS3(bucket: string, key: string): string | undefined {
  const bytes = bucket === lake.bucketName ? lake.objects.get(key) : undefined;
  if (bytes === undefined) return undefined;
  const file = path.join(directory, key);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

/** Deploys the warehouse stack of a release. */
async function deployWarehouse(release: Release, requestId: string): Promise<void> {
  const dataApi = new release.DataApi(client, {
    ...CLUSTER,
    SecretArn: 'arn:aws:secretsmanager:us-east-1:1:secret:a',
  });
  const call = { requestId, appliedBy: 'stack', deadlineMillis: Date.now() + 60_000 };
  await release.bootstrap(dataApi, call);
  expect(await release.applyPending(dataApi, MIGRATIONS, call)).toBe(true);
}

/** Events of one site, with a field that only the later release knows, through a release's transform and Firehose. */
async function deliver(release: Release, object: string, ids: readonly string[]): Promise<void> {
  const table = { databaseName: 'clickstream', name: 'events', columns: release.glueColumns() };
  const deserialize = recordDeserializer(table);
  const lines = ids.map((id, index) => {
    const event = {
      event_id: id,
      event_name: 'page_view',
      site_id: 'shop',
      received_at: '2026-03-01T12:30:00Z',
      appended_field: 'gold',
    };
    const origin = {
      arrivedMillis: Date.parse('2026-03-01T12:30:01Z'),
      shardId: 's',
      sequenceNumber: '1',
      index,
    };
    const fate = release.eventFate(JSON.stringify(event), origin);
    const rows = deserialize(Buffer.from(fate.kind === 'row' ? fate.text : ''));
    if (rows.kind === 'failure') throw new Error(rows.failure.message);
    return rows.lines;
  });
  const [json, parquet] = ['json', 'parquet'].map((extension) =>
    path.join(directory, `${object}.${extension}`),
  );
  if (json === undefined || parquet === undefined) throw new Error('Both files have a name');
  writeFileSync(json, lines.join(''));
  await firehose.convert(json, parquet, { table, compression: 'SNAPPY' });
  lake.objects.set(keyOf(object), readFileSync(parquet));
  notify(object);
}

const keyOf = (object: string) => `events/${object}.parquet`;
const notify = (object: string) => queue.send(s3Notification('lake', keyOf(object)));

/** Runs the loader of a release once. */
function load(release: Release) {
  return new release.Drain({
    tools: {
      s3: lake.client,
      dataApi: new release.DataApi(client, { ...CLUSTER, DbUser: 'loader' }),
      clock: systemClock,
      bucketName: 'lake',
      copyRoleArn: 'arn:aws:iam::111122223333:role/copy',
      lookBackHours: 72,
    },
    queue: new release.NotificationQueue(queue.client, 'https://queue'),
    limits: { maxObjects: 100, maxBytes: 1e9 },
    log: SILENT,
    deadlineMillis: Date.now() + 600_000,
  }).run();
}

async function rows(sql: string, user?: string) {
  return (await server.warehouse.query(sql, { user })).rows;
}

// Each test goes on where the one before ended, as a roll-out does.
describe('rolling out one more column', () => {
  it('begins with events of the release before, which keeps the field it does not know in properties', async () => {
    await deployWarehouse(before, 'first');
    await deliver(before, 'old-1', ['a']);
    expect(await load(before)).toMatchObject({ objectsLoaded: 1, rowsNew: 1 });
    await server.warehouse.run(['CREATE USER ana PASSWORD DISABLE', 'GRANT ROLE analyst TO ana']);
    await expect(rows('SELECT appended_field FROM analysis.events', 'ana')).rejects.toThrow(
      'column "appended_field" does not exist',
    );
  });

  it('warehouse first: table and view have the column, analysts may still read, the old loader still loads', async () => {
    await deployWarehouse(after, 'second');
    const view = (await rows(`SELECT column_name FROM svv_columns WHERE table_schema = 'analysis'
      AND table_name = 'events' ORDER BY ordinal_position`)) as string[][];
    expect(view.flat()).toEqual([...EVENT_COLUMNS.map(({ name }) => name), 'appended_field']);
    await deliver(before, 'old-2', ['b']);
    expect(await load(before)).toMatchObject({ objectsLoaded: 1, rowsNew: 1 });
    expect(await rows('SELECT event_id, appended_field FROM analysis.events ORDER BY 1', 'ana')).toEqual([
      ['a', null],
      ['b', null],
    ]);
  });

  it('then loader and delivery: objects from before and after go in together, and old ones again add nothing', async () => {
    await deliver(before, 'old-3', ['c']);
    await deliver(after, 'new-1', ['d', 'e']);
    notify('old-1');
    expect(await load(after)).toMatchObject({
      batchesLoaded: 1,
      objectsLoaded: 3,
      rowsStaged: 4,
      rowsNew: 3,
      rowsDuplicate: 1,
      rowsMissing: 0,
    });
    const found =
      'SELECT event_id, appended_field, properties.appended_field::VARCHAR FROM analysis.events ORDER BY 1';
    expect(await rows(found, 'ana')).toEqual([
      ['a', null, 'gold'],
      ['b', null, 'gold'],
      ['c', null, 'gold'],
      ['d', 'gold', null],
      ['e', 'gold', null],
    ]);
  });

  it('can be rolled back: what the old loader cannot read waits, and is loaded by the next release', async () => {
    await deployWarehouse(before, 'rollback');
    await deliver(after, 'new-2', ['f']);
    await deliver(before, 'old-4', ['g']);
    expect(await load(before)).toMatchObject({ objectsLoaded: 1, rowsNew: 1, objectsUnreadable: 1 });
    expect(queue.bodies).toEqual([s3Notification('lake', keyOf('new-2'))]);
    await deployWarehouse(after, 'forward again');
    queue.showAll();
    expect(await load(after)).toMatchObject({ objectsLoaded: 1, rowsNew: 1, objectsUnreadable: 0 });
    expect(
      await rows(
        `SELECT event_id, appended_field FROM analysis.events WHERE event_id IN ('f', 'g') ORDER BY 1`,
      ),
    ).toEqual([
      ['f', 'gold'],
      ['g', null],
    ]);
    expect(queue.bodies).toEqual([]);
  });

  it('is refused when the definition loses a stored column, before anything changes', async () => {
    const dataApi = new before.DataApi(client, {
      ...CLUSTER,
      SecretArn: 'arn:aws:secretsmanager:us-east-1:1:secret:a',
    });
    const call = { requestId: 'broken', appliedBy: 'stack', deadlineMillis: Date.now() + 60_000 };
    const columns = after.columns.filter(({ name }) => name !== 'user_agent');
    await expect(before.applyPending(dataApi, MIGRATIONS, call, columns)).rejects.toThrow(
      /landing\.events cannot follow the event definition: column \d+ is user_agent VARCHAR\(1024\), the definition says browser/,
    );
    expect(await rows('SELECT COUNT(*) FROM analysis.events')).toEqual([[7]]);
  });
});
