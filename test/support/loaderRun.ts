/** A queue, a lake and a scripted warehouse for runs of the loader. */
import { Drain, type DrainOptions } from '../../lambda/loader/drain';
import { NotificationQueue } from '../../lambda/loader/queue';
import { DataApi } from '../../lambda/shared/dataApi';
import { eventParquet, eventRow } from './eventParquet';
import { FakeClock } from './fakeClock';
import { type BatchScript, FakeDataApi } from './fakeDataApi';
import { FakeLake } from './fakeLake';
import { FakeQueue } from './fakeQueue';
import { s3Notification } from './s3Notification';

export const ROWS_PER_OBJECT = 2;
/** The object that is loaded. */
export let parquet: Buffer;

beforeAll(async () => {
  parquet = await eventParquet([
    eventRow('1', '2026-03-01 12:30:00.000'),
    eventRow('2', '2026-03-01 12:31:00.000'),
  ]);
});

interface Manifest {
  readonly entries: readonly { url: string; mandatory: boolean; meta: { content_length: number } }[];
}

/** A queue, a lake and a warehouse that keeps every object it has loaded, and refuses those of `refused`. */
export function startLoader(script: (keys: readonly string[]) => BatchScript | undefined = () => undefined) {
  const lake = new FakeLake('lake');
  const queue = new FakeQueue();
  const ledger = { isDown: false };
  const clock = new FakeClock();
  const logged: { level: string; message: string; details: unknown }[] = [];
  const loadedKeys: string[] = [];
  const quarantined: string[] = [];
  const dataApi = new FakeDataApi((sqls) => {
    const movedKeys = quarantineKeys(sqls);
    if (movedKeys !== undefined) {
      if (ledger.isDown) return { status: 'FAILED', error: 'ERROR: Disk Full', failedAt: 1 };
      quarantined.push(...movedKeys);
      return {};
    }
    const keys = manifestKeys(lake, sqls);
    const answer = script(keys);
    if (answer !== undefined) return answer;
    const newKeys = keys.filter((key) => !loadedKeys.includes(key));
    loadedKeys.push(...newKeys);
    return loaded(keys.length * ROWS_PER_OBJECT, newKeys.length * ROWS_PER_OBJECT);
  });
  const log = (level: string) => (message: string, details: unknown) =>
    logged.push({ level, message, details });
  const send = (...keys: string[]) => {
    for (const key of keys) {
      lake.objects.set(key, parquet);
      queue.send(s3Notification('lake', key));
    }
  };
  const drain = (
    more: Pick<DrainOptions, 'partitions'> & {
      maxObjects?: number;
      maxBytes?: number;
      seconds?: number;
    } = {},
  ) =>
    new Drain({
      tools: {
        s3: lake.client,
        dataApi: new DataApi(
          dataApi.client,
          { ClusterIdentifier: 'cluster', Database: 'clickstream', DbUser: 'loader' },
          clock,
        ),
        clock,
        bucketName: 'lake',
        copyRoleArn: 'arn:aws:iam::111122223333:role/copy',
        lookBackHours: 72,
      },
      queue: new NotificationQueue(queue.client, 'https://queue'),
      limits: { maxObjects: more.maxObjects ?? 100, maxBytes: more.maxBytes ?? 1e9 },
      log: { info: log('info'), warn: log('warn'), error: log('error') },
      ...(more.partitions === undefined ? {} : { partitions: more.partitions }),
      deadlineMillis: clock.now() + (more.seconds ?? 800) * 1_000,
    });
  return { lake, queue, ledger, clock, logged, loadedKeys, quarantined, dataApi, send, drain };
}

/** Keys that get an open row in the ledger of the quarantine; undefined when this is no such statement. */
function quarantineKeys(sqls: readonly string[]): string[] | undefined {
  const inserts = sqls.filter((sql) => sql.startsWith('INSERT INTO ops.quarantined_objects'));
  if (inserts.length === 0) return undefined;
  return inserts.map((sql) => /SELECT '([^']+)', 'quarantine\/\1'/.exec(sql)?.[1] ?? 'no key');
}

/** What COPY would load; it refuses a manifest with a missing object or a size that is off. */
function manifestKeys(lake: FakeLake, sqls: readonly string[]): string[] {
  const manifestKey = /FROM 's3:\/\/lake\/(manifests\/[^']+)'/.exec(sqls.join(';'))?.[1] ?? '';
  const manifest: Manifest = JSON.parse(String(lake.objects.get(manifestKey)));
  return manifest.entries.map(({ url, mandatory, meta }) => {
    const key = url.replace('s3://lake/', '');
    if (!mandatory || lake.objects.get(key)?.length !== meta.content_length) {
      throw new Error(`COPY cannot read ${url}`);
    }
    return key;
  });
}

/** How a load ends well. */
export function loaded(staged: number, isNew: number): BatchScript {
  return { rows: [{ rows_staged: staged, rows_new: isNew, rows_duplicate: staged - isNew }] };
}

/** Keys of so many objects. */
export const keysTo = (count: number) =>
  Array.from({ length: count }, (_, index) => `events/${index + 1}.parquet`);
