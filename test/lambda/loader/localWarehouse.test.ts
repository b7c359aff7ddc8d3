/** Migrations and loads through the Data API of the local warehouse, with the real SDK client. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { Drain } from '../../../lambda/loader/drain';
import { NotificationQueue } from '../../../lambda/loader/queue';
import { applyPending, bootstrap } from '../../../lambda/migrate/migrate';
import { DataApi, systemClock } from '../../../lambda/shared/dataApi';
import { type RedshiftDataServer, startRedshiftDataServer } from '../../../local/redshift/dataApi/server';
import { eventParquet, eventRow } from '../../support/eventParquet';
import { FakeLake } from '../../support/fakeLake';
import { FakeQueue } from '../../support/fakeQueue';
import { s3Notification } from '../../support/s3Notification';
import { MIGRATIONS } from '../../support/schemaSteps';

const CLUSTER = { ClusterIdentifier: 'cluster', Database: 'clickstream' };
jest.setTimeout(60_000);

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

const directory = mkdtempSync(path.join(tmpdir(), 'local-warehouse-'));
const lake = new FakeLake('lake');
const queue = new FakeQueue();
let server: RedshiftDataServer;
let client: RedshiftDataClient;

beforeAll(async () => {
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

function deployment(requestId: string) {
  return { requestId, appliedBy: 'stack', deadlineMillis: Date.now() + 60_000 };
}

function drain(): Drain {
  return new Drain({
    tools: {
      s3: lake.client,
      dataApi: new DataApi(client, { ...CLUSTER, DbUser: 'loader' }),
      clock: systemClock,
      bucketName: 'lake',
      copyRoleArn: 'arn:aws:iam::111122223333:role/copy',
      lookBackHours: 72,
    },
    queue: new NotificationQueue(queue.client, 'https://queue'),
    limits: { maxObjects: 100, maxBytes: 1e9 },
    log: SILENT,
    deadlineMillis: Date.now() + 600_000,
  });
}

async function store(name: string, ids: readonly string[], more = {}): Promise<void> {
  const key = `events/${name}.parquet`;
  lake.objects.set(key, await eventParquet(ids.map((id) => eventRow(id, '2026-03-01 12:30:00.000', more))));
  queue.send(s3Notification('lake', key));
}

async function openRows(): Promise<Record<string, unknown>[]> {
  const names = ['object_key', 'quarantine_key', 'reason', 'rows_expected'];
  const { rows = [] } = await server.warehouse.query(
    `SELECT ${names.join(', ')} FROM ops.quarantined_objects WHERE released_at IS NULL ORDER BY quarantined_at`,
  );
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
}

async function count(sql: string): Promise<unknown> {
  return (await server.warehouse.query(sql)).rows?.[0]?.[0];
}

describe('on the local warehouse', () => {
  it('a deployment applies every migration once, and another one none', async () => {
    const dataApi = new DataApi(client, {
      ...CLUSTER,
      SecretArn: 'arn:aws:secretsmanager:us-east-1:1:secret:a',
    });
    for (const requestId of ['first', 'second']) {
      await bootstrap(dataApi, deployment(requestId));
      expect(await applyPending(dataApi, MIGRATIONS, deployment(requestId))).toBe(true);
    }
    expect(Number(await count('SELECT COUNT(*) FROM ops.migrations'))).toBe(MIGRATIONS.length);
  });

  it('a run loads each event once, and a second run over the same objects adds none', async () => {
    await store('1', ['a', 'b', 'c']);
    await store('2', ['c', 'd']);
    expect(await drain().run()).toMatchObject({
      objectsLoaded: 2,
      rowsStaged: 5,
      rowsNew: 4,
      rowsDuplicate: 1,
    });
    await store('1', ['a', 'b', 'c']);
    await store('2', ['c', 'd']);
    expect(await drain().run()).toMatchObject({
      objectsLoaded: 2,
      rowsStaged: 5,
      rowsNew: 0,
      rowsDuplicate: 5,
    });
    expect(Number(await count('SELECT COUNT(*) FROM analysis.events'))).toBe(4);
    expect(queue.bodies).toEqual([]);
  });

  it('an object that COPY refuses keeps no other out', async () => {
    await store('good-1', ['e']);
    await store('bad', ['f'], { country: 'too long' });
    await store('good-2', ['g']);
    expect(await drain().run()).toMatchObject({
      objectsLoaded: 2,
      rowsNew: 2,
      objectsQuarantined: 1,
      rowsQuarantined: 1,
    });
    expect(Number(await count('SELECT COUNT(*) FROM analysis.events'))).toBe(6);
    expect(queue.bodies).toEqual([]);
    expect(await openRows()).toEqual([
      {
        object_key: 'events/bad.parquet',
        quarantine_key: 'quarantine/events/bad.parquet',
        reason: 'value_too_long',
        rows_expected: 1,
      },
    ]);
  });

  it('an object whose pages are damaged is found, though its footer is whole', async () => {
    await store('good-3', ['h']);
    await store('damaged', ['i', 'j'], { page_title: 'a title that can be overwritten' });
    const damaged = lake.objects.get('events/damaged.parquet') ?? Buffer.alloc(0);
    damaged.fill(0xff, 4, damaged.indexOf('overwritten'));
    expect(await drain().run()).toMatchObject({ objectsLoaded: 1, objectsQuarantined: 1 });
    expect(await openRows()).toContainEqual(
      expect.objectContaining({ object_key: 'events/damaged.parquet', reason: 'corrupt_pages' }),
    );
  });

  it('an object that is quarantined again, or by a run that was cut off, has one open row', async () => {
    await store('bad', ['f'], { country: 'too long again' });
    lake.onCommand = (command) => {
      if (command instanceof DeleteObjectCommand) throw new Error('cut off');
    };
    await expect(drain().run()).rejects.toThrow(/cut off/);
    lake.onCommand = () => undefined;
    expect(await drain().run()).toMatchObject({ objectsQuarantined: 1 });
    const rows = await openRows();
    expect(rows.filter(({ object_key }) => object_key === 'events/bad.parquet')).toHaveLength(1);
  });
});
