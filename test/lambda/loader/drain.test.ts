import { Drain, LoadError } from '../../../lambda/loader/drain';
import { NotificationQueue } from '../../../lambda/loader/queue';
import { DataApi } from '../../../lambda/shared/dataApi';
import { eventParquet, eventRow } from '../../support/eventParquet';
import { FakeClock } from '../../support/fakeClock';
import { type BatchScript, FakeDataApi } from '../../support/fakeDataApi';
import { FakeLake } from '../../support/fakeLake';
import { FakeQueue } from '../../support/fakeQueue';
import { s3Notification } from '../../support/s3Notification';

const ROWS_PER_OBJECT = 2;
let parquet: Buffer;

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
function start(script: (keys: readonly string[]) => BatchScript | undefined = () => undefined) {
  const lake = new FakeLake('lake');
  const queue = new FakeQueue();
  const clock = new FakeClock();
  const logged: { level: string; message: string; details: unknown }[] = [];
  const loadedKeys: string[] = [];
  const dataApi = new FakeDataApi((sqls) => {
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
  const drain = (more: { maxObjects?: number; maxBytes?: number; seconds?: number } = {}) =>
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
      deadlineMillis: clock.now() + (more.seconds ?? 800) * 1_000,
    });
  return { lake, queue, clock, logged, loadedKeys, dataApi, send, drain };
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

function loaded(staged: number, isNew: number): BatchScript {
  return { rows: [{ rows_staged: staged, rows_new: isNew, rows_duplicate: staged - isNew }] };
}

const keysTo = (count: number) => Array.from({ length: count }, (_, index) => `events/${index + 1}.parquet`);

describe('a run of the loader', () => {
  it('loads what the queue tells of in one load, and deletes the messages', async () => {
    const { queue, send, drain, dataApi, loadedKeys } = start();
    send(...keysTo(25));
    expect(await drain().run()).toMatchObject({
      batchesLoaded: 1,
      objectsLoaded: 25,
      bytesLoaded: 25 * parquet.length,
      rowsStaged: 50,
      rowsNew: 50,
      rowsDuplicate: 0,
      rowsMissing: 0,
      messagesLeft: 0,
      // The objects are of 12:00, the clock says 13:00.
      oldestObjectAgeSeconds: 3_600,
    });
    expect(loadedKeys.sort()).toEqual(keysTo(25).sort());
    expect(queue.bodies).toEqual([]);
    expect(dataApi.batches).toHaveLength(1);
  });

  it('does nothing when there is nothing', async () => {
    const { drain, dataApi } = start();
    expect(await drain().run()).toMatchObject({ batchesLoaded: 0, oldestObjectAgeSeconds: undefined });
    expect(dataApi.batches).toEqual([]);
  });

  it('goes on with further batches until the queue is empty', async () => {
    const { queue, send, drain, loadedKeys } = start();
    send(...keysTo(25));
    expect(await drain({ maxObjects: 10 }).run()).toMatchObject({ batchesLoaded: 3, objectsLoaded: 25 });
    expect(new Set(loadedKeys).size).toBe(25);
    expect(queue.bodies).toEqual([]);
  });

  it('keeps the bytes of a load within its limit', async () => {
    const { send, drain } = start();
    send(...keysTo(5));
    const summary = await drain({ maxBytes: 2 * parquet.length }).run();
    expect(summary).toMatchObject({ batchesLoaded: 3, objectsLoaded: 5 });
  });

  it('loads an object once that is told of several times', async () => {
    const { queue, send, drain, loadedKeys } = start();
    send('events/1.parquet', 'events/1.parquet', 'events/2.parquet', 'events/1.parquet');
    expect(await drain({ maxObjects: 2 }).run()).toMatchObject({ objectsLoaded: 2, rowsDuplicate: 0 });
    expect(loadedKeys).toHaveLength(2);
    expect(queue.bodies).toEqual([]);
  });

  it('deletes messages about nothing to load, and leaves those nobody understands', async () => {
    const { queue, send, drain } = start();
    queue.send('{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"lake"}');
    queue.send(s3Notification('lake', 'rejected/1.gz'));
    queue.send('what is this?');
    send('events/1.parquet');
    expect(await drain().run()).toMatchObject({
      objectsLoaded: 1,
      messagesIgnored: 2,
      messagesMalformed: 1,
      messagesLeft: 1,
    });
    expect(queue.bodies).toEqual(['what is this?']);
    expect(queue.visibleBodies).toEqual([]);
  });

  it('loads the good ones when others are gone or cannot be read', async () => {
    const { queue, lake, send, drain, logged } = start();
    send('events/1.parquet', 'events/gone.parquet', 'events/bad.parquet', 'events/2.parquet');
    lake.objects.delete('events/gone.parquet');
    lake.objects.set('events/bad.parquet', Buffer.from('bad'));
    expect(await drain().run()).toMatchObject({
      objectsLoaded: 2,
      objectsVanished: 1,
      objectsUnreadable: 1,
      messagesLeft: 1,
    });
    expect(queue.visibleBodies).toEqual([s3Notification('lake', 'events/bad.parquet')]);
    expect(logged).toContainEqual({
      level: 'error',
      message: 'Object cannot be loaded; left for the dead-letter queue',
      details: { key: 'events/bad.parquet', reason: expect.stringContaining('no Parquet file') },
    });
  });

  it('goes on when a whole round of messages holds nothing to load', async () => {
    const { lake, send, drain } = start();
    send(...keysTo(20));
    for (const key of keysTo(10)) lake.objects.delete(key);
    expect(await drain({ maxObjects: 10 }).run()).toMatchObject({ objectsVanished: 10, objectsLoaded: 10 });
  });

  it('reports rows that the footers promise and COPY did not stage', async () => {
    const { send, drain, logged } = start(() => loaded(3, 3));
    send('events/1.parquet', 'events/2.parquet');
    expect(await drain().run()).toMatchObject({ rowsStaged: 3, rowsMissing: 1 });
    expect(logged.filter(({ level }) => level === 'error')).toHaveLength(1);
  });
});

describe('when Redshift refuses a load', () => {
  const copyFails: BatchScript = { status: 'FAILED', error: 'ERROR: Spectrum Scan Error', failedAt: 2 };

  it('finds the object at fault, loads all the others, and says so', async () => {
    const { queue, send, drain, loadedKeys } = start((keys) =>
      keys.includes('events/13.parquet') ? copyFails : undefined,
    );
    send(...keysTo(40));
    const run = drain();
    await expect(run.run()).rejects.toThrow(LoadError);
    await expect(drain().run()).rejects.toThrow(
      /1 objects from events\/13.parquet on: .*Spectrum Scan Error/,
    );
    expect(new Set(loadedKeys)).toEqual(new Set(keysTo(40).filter((key) => key !== 'events/13.parquet')));
    expect(run.summary).toMatchObject({ objectsLoaded: 39, rowsNew: 78, messagesLeft: 1 });
    expect(queue.visibleBodies).toEqual([s3Notification('lake', 'events/13.parquet')]);
  });

  it('stops soon when it refuses everything, and gives all messages back', async () => {
    const { queue, send, drain, dataApi } = start(() => copyFails);
    send(...keysTo(100));
    await expect(drain().run()).rejects.toThrow(LoadError);
    expect(dataApi.batches.length).toBeLessThanOrEqual(20);
    expect(queue.visibleBodies).toHaveLength(100);
  });

  it('does not look for an object when none can be at fault', async () => {
    const { queue, send, drain, dataApi } = start(() => ({
      status: 'FAILED',
      error: 'ERROR: permission denied for relation load_lock',
      failedAt: 0,
    }));
    send(...keysTo(8));
    await expect(drain().run()).rejects.toThrow(/permission denied/);
    expect(dataApi.batches).toHaveLength(1);
    expect(queue.visibleBodies).toHaveLength(8);
  });

  it('tries again when another transaction was in the way', async () => {
    let attempts = 0;
    const { send, drain, clock } = start(() =>
      ++attempts < 3
        ? { status: 'FAILED', error: 'ERROR: 1023 DETAIL: Serializable isolation', failedAt: 3 }
        : undefined,
    );
    send(...keysTo(3));
    expect(await drain().run()).toMatchObject({ batchesLoaded: 1, batchesFailed: 0, objectsLoaded: 3 });
    expect(clock.naps).toHaveLength(2);
  });

  it('takes a load that somebody aborted for a failed one', async () => {
    const { send, drain, queue } = start(() => ({
      status: 'ABORTED',
      error: 'Query cancelled',
      failedAt: 2,
    }));
    send('events/1.parquet');
    await expect(drain().run()).rejects.toThrow(/ABORTED/);
    expect(queue.visibleBodies).toHaveLength(1);
  });
});

describe('a run that is cut off', () => {
  it('leaves the messages of a load that still runs hidden, and the next run waits for it', async () => {
    let loads = 0;
    const { queue, send, drain, dataApi } = start((keys) =>
      ++loads === 1 ? { ...loaded(keys.length * 2, keys.length * 2), polls: 40 } : undefined,
    );
    send('events/1.parquet');
    expect(await drain({ seconds: 30 }).run()).toMatchObject({
      batchesRunning: 1,
      batchesLoaded: 0,
      messagesLeft: 1,
    });
    expect(queue.visibleBodies).toEqual([]);
    send('events/2.parquet');
    expect(await drain({ seconds: 5 }).run()).toMatchObject({ batchesRunning: 1, objectsLoaded: 0 });
    expect(dataApi.batches).toHaveLength(1);
    expect(await drain().run()).toMatchObject({ batchesRunning: 0, objectsLoaded: 1 });
    expect(queue.bodies).toEqual([s3Notification('lake', 'events/1.parquet')]);
  });

  it('loads again without effect what committed unseen', async () => {
    const { queue, send, drain } = start();
    send('events/1.parquet');
    await drain().run();
    // The function was killed after the commit and before it deleted the message.
    queue.send(s3Notification('lake', 'events/1.parquet'));
    expect(await drain().run()).toMatchObject({ rowsStaged: 2, rowsNew: 0, rowsDuplicate: 2 });
    expect(queue.bodies).toEqual([]);
  });

  it('gives every message back when something unforeseen happens', async () => {
    const { queue, send, drain, dataApi } = start();
    send(...keysTo(12));
    dataApi.troubles.push(
      ...Array.from({ length: 3 }, () =>
        Object.assign(new Error('no access'), { name: 'AccessDeniedException' }),
      ),
    );
    await expect(drain().run()).rejects.toThrow('no access');
    expect(queue.visibleBodies).toHaveLength(12);
  });

  it('begins no further batch when little time is left', async () => {
    const { queue, send, drain } = start();
    send(...keysTo(10));
    expect(await drain({ maxObjects: 4, seconds: 50 }).run()).toMatchObject({
      batchesLoaded: 1,
      objectsLoaded: 4,
    });
    expect(queue.visibleBodies).toHaveLength(6);
  });
});
