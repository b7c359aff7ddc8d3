import { EVENT_COLUMNS } from '../../../lib/event/columns';
import { eventParquet, eventRow } from '../../support/eventParquet';
import { keysTo, loaded, parquet, startLoader } from '../../support/loaderRun';
import { s3Notification } from '../../support/s3Notification';

describe('a run of the loader', () => {
  it('loads what the queue tells of in one load, and deletes the messages', async () => {
    const { queue, send, drain, dataApi, loadedKeys } = startLoader();
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

  it('registers the hours of what it loaded, before the messages are deleted', async () => {
    const { queue, send, drain } = startLoader();
    const registered: { keys: readonly string[]; waiting: number }[] = [];
    send(...keysTo(3));
    const register = async (keys: Iterable<string>) => {
      registered.push({ keys: [...keys].toSorted(), waiting: queue.bodies.length });
      return 1;
    };
    await drain({ partitions: { register } }).run();
    expect(registered).toEqual([{ keys: keysTo(3).toSorted(), waiting: 3 }]);
    expect(queue.bodies).toEqual([]);
  });

  it('is not held up by a catalog that fails, and counts it', async () => {
    const { queue, send, drain } = startLoader();
    send(...keysTo(3));
    const register = () => Promise.reject(new Error('Glue is busy'));
    expect(await drain({ partitions: { register } }).run()).toMatchObject({
      objectsLoaded: 3,
      partitionsUnregistered: 1,
    });
    expect(queue.bodies).toEqual([]);
  });

  it('does nothing when there is nothing', async () => {
    const { drain, dataApi } = startLoader();
    expect(await drain().run()).toMatchObject({ batchesLoaded: 0, oldestObjectAgeSeconds: undefined });
    expect(dataApi.batches).toEqual([]);
  });

  it('goes on with further batches until the queue is empty', async () => {
    const { queue, send, drain, loadedKeys } = startLoader();
    send(...keysTo(25));
    expect(await drain({ maxObjects: 10 }).run()).toMatchObject({ batchesLoaded: 3, objectsLoaded: 25 });
    expect(new Set(loadedKeys).size).toBe(25);
    expect(queue.bodies).toEqual([]);
  });

  it('keeps the bytes of a load within its limit', async () => {
    const { send, drain } = startLoader();
    send(...keysTo(5));
    const summary = await drain({ maxBytes: 2 * parquet.length }).run();
    expect(summary).toMatchObject({ batchesLoaded: 3, objectsLoaded: 5 });
  });

  it('loads an object once that is told of several times', async () => {
    const { queue, send, drain, loadedKeys } = startLoader();
    send('events/1.parquet', 'events/1.parquet', 'events/2.parquet', 'events/1.parquet');
    expect(await drain({ maxObjects: 2 }).run()).toMatchObject({ objectsLoaded: 2, rowsDuplicate: 0 });
    expect(loadedKeys).toHaveLength(2);
    expect(queue.bodies).toEqual([]);
  });

  it('deletes messages about nothing to load, and leaves those nobody understands', async () => {
    const { queue, send, drain } = startLoader();
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
    const { queue, lake, send, drain, logged } = startLoader();
    send('events/1.parquet', 'events/gone.parquet', 'events/bad.parquet', 'events/2.parquet');
    lake.objects.delete('events/gone.parquet');
    lake.objects.set('events/bad.parquet', Buffer.from('bad'));
    expect(await drain().run()).toMatchObject({
      objectsLoaded: 2,
      objectsVanished: 1,
      objectsQuarantined: 1,
      rowsQuarantined: 0,
      objectsQuarantinedUncounted: 1,
      messagesLeft: 0,
    });
    expect(queue.bodies).toEqual([]);
    expect([...lake.objects.keys()]).toContain('quarantine/events/bad.parquet');
    expect([...lake.objects.keys()]).not.toContain('events/bad.parquet');
    expect(logged).toContainEqual({
      level: 'error',
      message: 'Object can never be loaded; moved to quarantine',
      details: expect.objectContaining({
        key: 'events/bad.parquet',
        reason: 'not_parquet',
        detail: expect.stringContaining('no Parquet file'),
      }),
    });
  });

  it('leaves an object S3 does not hand out, and loads the others', async () => {
    const { queue, lake, send, drain, quarantined } = startLoader();
    send('events/1.parquet', 'events/denied.parquet');
    lake.denied.add('events/denied.parquet');
    expect(await drain().run()).toMatchObject({ objectsLoaded: 1, objectsUnreadable: 1, messagesLeft: 1 });
    expect(quarantined).toEqual([]);
    expect(queue.visibleBodies).toEqual([s3Notification('lake', 'events/denied.parquet')]);
    lake.denied.clear();
    expect(await drain().run()).toMatchObject({ objectsLoaded: 1, objectsUnreadable: 0, messagesLeft: 0 });
  });

  it('waits with an object that may be of a later release, and moves it aside after some runs', async () => {
    const { lake, send, drain, quarantined } = startLoader();
    const columns = [...EVENT_COLUMNS, { name: 'extra', type: 'string' } as const];
    const wider = await eventParquet([eventRow('3', '2026-03-01 12:30:00.000')], columns);
    send('events/1.parquet', 'events/wider.parquet');
    lake.objects.set('events/wider.parquet', wider);
    expect(await drain().run()).toMatchObject({ objectsLoaded: 1, objectsUnreadable: 1, messagesLeft: 1 });
    expect(await drain().run()).toMatchObject({ objectsUnreadable: 1, objectsQuarantined: 0 });
    expect(await drain().run()).toMatchObject({ objectsQuarantined: 1, rowsQuarantined: 1, messagesLeft: 0 });
    expect(quarantined).toEqual(['events/wider.parquet']);
  });

  it('loads the others when a broken object cannot be moved aside, and moves it the next time', async () => {
    const { queue, lake, ledger, send, drain, loadedKeys } = startLoader();
    send('events/bad.parquet', 'events/1.parquet');
    lake.objects.set('events/bad.parquet', Buffer.from('bad'));
    ledger.isDown = true;
    await expect(drain().run()).rejects.toThrow(/bad.parquet cannot be moved to quarantine .*Disk Full/);
    expect(loadedKeys).toEqual(['events/1.parquet']);
    expect([...lake.objects.keys()]).toContain('events/bad.parquet');
    expect(queue.visibleBodies).toEqual([s3Notification('lake', 'events/bad.parquet')]);
    ledger.isDown = false;
    expect(await drain().run()).toMatchObject({ objectsQuarantined: 1, messagesLeft: 0 });
  });

  it('loads what is put under the key of a quarantined object while the run goes on', async () => {
    const { queue, lake, send, drain, loadedKeys } = startLoader();
    send('events/bad.parquet', 'events/1.parquet', 'events/2.parquet');
    lake.objects.set('events/bad.parquet', Buffer.from('bad'));
    let isRetried = false;
    queue.onDelete = (body) => {
      if (isRetried || !body.includes('bad.parquet')) return;
      isRetried = true;
      send('events/bad.parquet');
    };
    expect(await drain({ maxObjects: 2 }).run()).toMatchObject({ objectsQuarantined: 1, objectsLoaded: 3 });
    expect(loadedKeys).toContain('events/bad.parquet');
    expect(queue.bodies).toEqual([]);
  });

  it('goes on when a whole round of messages holds nothing to load', async () => {
    const { lake, send, drain } = startLoader();
    send(...keysTo(20));
    for (const key of keysTo(10)) lake.objects.delete(key);
    expect(await drain({ maxObjects: 10 }).run()).toMatchObject({ objectsVanished: 10, objectsLoaded: 10 });
  });

  it('reports rows that the footers promise and COPY did not stage', async () => {
    const { send, drain, logged } = startLoader(() => loaded(3, 3));
    send('events/1.parquet', 'events/2.parquet');
    expect(await drain().run()).toMatchObject({ rowsStaged: 3, rowsMissing: 1 });
    expect(logged.filter(({ level }) => level === 'error')).toHaveLength(1);
  });
});

describe('a run that is cut off', () => {
  it('leaves the messages of a load that still runs hidden, and the next run waits for it', async () => {
    let loads = 0;
    const { queue, send, drain, dataApi } = startLoader((keys) =>
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
    const { queue, send, drain } = startLoader();
    send('events/1.parquet');
    await drain().run();
    // The function was killed after the commit and before it deleted the message.
    queue.send(s3Notification('lake', 'events/1.parquet'));
    expect(await drain().run()).toMatchObject({ rowsStaged: 2, rowsNew: 0, rowsDuplicate: 2 });
    expect(queue.bodies).toEqual([]);
  });

  it('gives every message back when something unforeseen happens', async () => {
    const { queue, send, drain, dataApi } = startLoader();
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
    const { queue, send, drain } = startLoader();
    send(...keysTo(10));
    expect(await drain({ maxObjects: 4, seconds: 50 }).run()).toMatchObject({
      batchesLoaded: 1,
      objectsLoaded: 4,
    });
    expect(queue.visibleBodies).toHaveLength(6);
  });
});
