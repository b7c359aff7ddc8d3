import { LoadError } from '../../../lambda/loader/drain';
import type { BatchScript } from '../../support/fakeDataApi';
import { keysTo, ROWS_PER_OBJECT, startLoader } from '../../support/loaderRun';
import { s3Notification } from '../../support/s3Notification';

describe('when Redshift refuses a load', () => {
  const refused = (context: string): BatchScript => ({
    status: 'FAILED',
    error: `ERROR: Spectrum Scan Error\n  Detail: error: Spectrum Scan Error, code: 15007, context: ${context}`,
    failedAt: 2,
  });
  const tooLong = refused(
    'The length of the data column country is longer than the length defined in the table. Table: 2, Data: 8',
  );
  const unknown = refused('something new');

  it('finds the broken object, loads all the others, and moves it aside', async () => {
    const { lake, queue, send, drain, loadedKeys, quarantined } = startLoader((keys) =>
      keys.includes('events/13.parquet') ? tooLong : undefined,
    );
    send(...keysTo(40));
    expect(await drain().run()).toMatchObject({
      objectsLoaded: 39,
      rowsNew: 78,
      objectsQuarantined: 1,
      rowsQuarantined: ROWS_PER_OBJECT,
      messagesLeft: 0,
    });
    expect(new Set(loadedKeys)).toEqual(new Set(keysTo(40).filter((key) => key !== 'events/13.parquet')));
    expect(quarantined).toEqual(['events/13.parquet']);
    expect(lake.metadata.get('quarantine/events/13.parquet')).toEqual({ reason: 'value_too_long' });
    expect(lake.objects.has('events/13.parquet')).toBe(false);
    expect(queue.bodies).toEqual([]);
  });

  it('moves the object aside that Redshift names, without looking for it', async () => {
    const { send, drain, quarantined } = startLoader((keys) =>
      keys.includes('events/13.parquet')
        ? refused(
            "File 'https://s3.us-east-1.amazonaws.com/lake/events/13.parquet' has an incompatible Parquet s",
          )
        : undefined,
    );
    send(...keysTo(40));
    expect(await drain().run()).toMatchObject({ objectsLoaded: 39, batchesFailed: 1, objectsQuarantined: 1 });
    expect(quarantined).toEqual(['events/13.parquet']);
  });

  it('stops soon when it refuses everything, moves nothing aside, and gives all messages back', async () => {
    const { queue, send, drain, dataApi, quarantined } = startLoader(() => unknown);
    send(...keysTo(100));
    for (let run = 0; run < 4; run++) await expect(drain().run()).rejects.toThrow(LoadError);
    expect(dataApi.batches.length).toBeLessThanOrEqual(4 * 24);
    expect(quarantined).toEqual([]);
    expect(queue.visibleBodies).toHaveLength(100);
  });

  it('takes an object for broken that fails alone three times, though nobody knows of what', async () => {
    const { queue, send, drain, quarantined } = startLoader((keys) =>
      keys.includes('events/3.parquet') ? unknown : undefined,
    );
    send(...keysTo(4));
    await expect(drain().run()).rejects.toThrow(/1 object, events\/3.parquet: .*something new/s);
    send('events/5.parquet');
    await expect(drain().run()).rejects.toThrow(LoadError);
    expect(queue.visibleBodies).toEqual([s3Notification('lake', 'events/3.parquet')]);
    expect(quarantined).toEqual([]);
    send('events/6.parquet');
    expect(await drain().run()).toMatchObject({ objectsLoaded: 1, objectsQuarantined: 1, messagesLeft: 0 });
    expect(quarantined).toEqual(['events/3.parquet']);
  });

  it('holds an unknown error against no object as long as the warehouse loads nothing else', async () => {
    const { send, drain, quarantined } = startLoader(() => unknown);
    send('events/1.parquet');
    for (let run = 0; run < 5; run++) await expect(drain().run()).rejects.toThrow(LoadError);
    expect(quarantined).toEqual([]);
  });

  it('waits, without looking for an object, when the warehouse is not up to it', async () => {
    const { queue, send, drain, dataApi, quarantined } = startLoader(() => refused('throttled: SlowDown'));
    send(...keysTo(8));
    await expect(drain().run()).rejects.toThrow(/SlowDown/);
    expect(dataApi.batches).toHaveLength(1);
    expect(quarantined).toEqual([]);
    expect(queue.visibleBodies).toHaveLength(8);
  });

  it('loads around an object that was deleted or replaced before COPY, and leaves it to the next run', async () => {
    let isOver = false;
    const { queue, send, drain, quarantined } = startLoader((keys) =>
      !isOver && keys.includes('events/2.parquet')
        ? refused(
            'HTTP response error code: 416 Message: InvalidRange The requested range is not satisfiable',
          )
        : undefined,
    );
    send(...keysTo(4));
    await expect(drain().run()).rejects.toThrow(/InvalidRange/);
    expect(queue.visibleBodies).toEqual([s3Notification('lake', 'events/2.parquet')]);
    isOver = true;
    expect(await drain().run()).toMatchObject({ objectsLoaded: 1 });
    expect(quarantined).toEqual([]);
  });

  it('does not look for an object when none can be at fault', async () => {
    const { queue, send, drain, dataApi } = startLoader(() => ({
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
    const { send, drain, clock } = startLoader(() =>
      ++attempts < 3
        ? { status: 'FAILED', error: 'ERROR: 1023 DETAIL: Serializable isolation', failedAt: 3 }
        : undefined,
    );
    send(...keysTo(3));
    expect(await drain().run()).toMatchObject({ batchesLoaded: 1, batchesFailed: 0, objectsLoaded: 3 });
    expect(clock.naps).toHaveLength(2);
  });

  it('takes a load that somebody aborted for a failed one', async () => {
    const { send, drain, queue } = startLoader(() => ({
      status: 'ABORTED',
      error: 'Query cancelled',
      failedAt: 2,
    }));
    send('events/1.parquet');
    await expect(drain().run()).rejects.toThrow(/ABORTED/);
    expect(queue.visibleBodies).toHaveLength(1);
  });
});
