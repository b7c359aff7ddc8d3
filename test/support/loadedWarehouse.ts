/** A local warehouse with the project's schema, and the loader's own code to fill it with Parquet objects. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { Drain } from '../../lambda/loader/drain';
import { NotificationQueue } from '../../lambda/loader/queue';
import type { LoadSummary } from '../../lambda/loader/summary';
import { applyPending, bootstrap } from '../../lambda/migrate/migrate';
import { type Clock, DataApi } from '../../lambda/shared/dataApi';
import { EVENT_COLUMNS, type EventColumn, type EventRow } from '../../lib/event/columns';
import { localClientSettings } from '../../local/endpoints';
import { type RedshiftDataServer, startRedshiftDataServer } from '../../local/redshift';
import { eventParquet } from './eventParquet';
import { FakeLake } from './fakeLake';
import { FakeQueue } from './fakeQueue';
import type { Release } from './release';
import { s3Notification } from './s3Notification';
import { MIGRATIONS } from './schemaSteps';

const CLUSTER = { ClusterIdentifier: 'cluster', Database: 'clickstream' };
const ADMIN = { SecretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:admin' };
const BUCKET = 'lake';
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Looks at statements again soon: a local one takes milliseconds. */
const IMPATIENT: Clock = {
  now: Date.now,
  sleep: (millis) => new Promise((resolve) => setTimeout(resolve, Math.min(millis, 5))),
};

/** The code that deploys the schema and loads: the project's, or that of another release. */
type Code = Pick<Release, 'applyPending' | 'bootstrap' | 'DataApi' | 'Drain' | 'NotificationQueue'>;
const CODE: Code = { applyPending, bootstrap, DataApi, Drain, NotificationQueue };

/** A warehouse that is up. */
export class LoadedWarehouse {
  readonly lake = new FakeLake(BUCKET);
  readonly queue = new FakeQueue();
  private objects = 0;

  private constructor(
    private readonly directory: string,
    private readonly server: RedshiftDataServer,
    private readonly client: RedshiftDataClient,
  ) {}

  /** Starts one, with the whole schema. */
  static async start(): Promise<LoadedWarehouse> {
    const warehouse = await LoadedWarehouse.startEmpty();
    await warehouse.migrate('first');
    return warehouse;
  }

  /** Starts one that nothing has been deployed to. */
  static async startEmpty(): Promise<LoadedWarehouse> {
    const directory = mkdtempSync(path.join(tmpdir(), 'loaded-warehouse-'));
    let warehouse: LoadedWarehouse | undefined;
    const server = await startRedshiftDataServer({
      databaseFile: path.join(directory, 'warehouse.duckdb'),
      clusterIdentifier: CLUSTER.ClusterIdentifier,
      databaseName: CLUSTER.Database,
      resolveS3: (bucket, key) => warehouse?.fileOf(bucket, key),
    });
    const client = new RedshiftDataClient(localClientSettings(server.url));
    warehouse = new LoadedWarehouse(directory, server, client);
    return warehouse;
  }

  /** What the file of endpoints says of a warehouse. */
  get endpoints() {
    return {
      redshiftData: this.server.url,
      clusterIdentifier: CLUSTER.ClusterIdentifier,
      databaseName: CLUSTER.Database,
      adminSecretArn: ADMIN.SecretArn,
    };
  }

  /** The warehouse through the Data API; as the admin when no user is named. */
  dataApi(user?: string, code = CODE): DataApi {
    const target = { ...CLUSTER, ...(user === undefined ? ADMIN : { DbUser: user }) };
    return new code.DataApi(this.client, target, IMPATIENT);
  }

  /** Deploys the schema. */
  async migrate(
    requestId: string,
    columns: readonly EventColumn[] = EVENT_COLUMNS,
    code = CODE,
  ): Promise<void> {
    const call = { requestId, appliedBy: 'test', deadlineMillis: Date.now() + 120_000 };
    const dataApi = this.dataApi(undefined, code);
    await code.bootstrap(dataApi, call);
    if (!(await code.applyPending(dataApi, MIGRATIONS, call, columns)))
      throw new Error('The migrations took too long');
  }

  /** Loads rows as one object. */
  async load(rows: readonly Partial<EventRow>[], columns?: readonly EventColumn[]): Promise<LoadSummary> {
    this.store(`events/${++this.objects}.parquet`, await eventParquet(rows, columns));
    return this.drain();
  }

  /** Puts an object into the lake, and tells the loader of it. */
  store(key: string, bytes: Buffer): void {
    this.lake.objects.set(key, bytes);
    this.queue.send(s3Notification(BUCKET, key));
  }

  /** Runs the loader once. */
  drain(code = CODE): Promise<LoadSummary> {
    const drain = new code.Drain({
      tools: {
        s3: this.lake.client,
        dataApi: this.dataApi('loader', code),
        clock: IMPATIENT,
        bucketName: BUCKET,
        copyRoleArn: 'arn:aws:iam::111122223333:role/copy',
        lookBackHours: 72,
      },
      queue: new code.NotificationQueue(this.queue.client, 'https://queue'),
      limits: { maxObjects: 100, maxBytes: 1e9 },
      log: SILENT,
      deadlineMillis: Date.now() + 600_000,
    });
    return drain.run();
  }

  /** Rows of a query, each as an array. */
  async rows(sql: string, user?: string): Promise<readonly (readonly unknown[])[]> {
    return (await this.server.warehouse.query(sql, user === undefined ? {} : { user })).rows ?? [];
  }

  /** Runs statements as the admin. */
  async run(statements: readonly string[]): Promise<void> {
    await this.server.warehouse.run(statements);
  }

  async close(): Promise<void> {
    this.client.destroy();
    await this.server.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** COPY wants files. */
  private fileOf(bucket: string, key: string): string | undefined {
    const bytes = bucket === BUCKET ? this.lake.objects.get(key) : undefined;
    if (bytes === undefined) return undefined;
    const file = path.join(this.directory, key);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return file;
  }
}
