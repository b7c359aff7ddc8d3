/** Migrations and loads through the Data API of the local warehouse, with the real SDK client. */
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { eventParquet, eventRow } from '../../support/eventParquet';
import { LoadedWarehouse } from '../../support/loadedWarehouse';
import { MIGRATIONS } from '../../support/schemaSteps';

let warehouse: LoadedWarehouse;

beforeAll(async () => {
  warehouse = await LoadedWarehouse.startEmpty();
});
afterAll(() => warehouse.close());

async function store(name: string, ids: readonly string[], more = {}): Promise<void> {
  const rows = ids.map((id) => eventRow(id, '2026-03-01 12:30:00.000', more));
  warehouse.store(`events/${name}.parquet`, await eventParquet(rows));
}

async function openRows(): Promise<Record<string, unknown>[]> {
  const names = ['object_key', 'quarantine_key', 'reason', 'rows_expected'];
  const rows = await warehouse.rows(
    `SELECT ${names.join(', ')} FROM ops.quarantined_objects WHERE released_at IS NULL ORDER BY quarantined_at`,
  );
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
}

async function count(sql: string): Promise<unknown> {
  return (await warehouse.rows(sql))[0]?.[0];
}

describe('on the local warehouse', () => {
  it('a deployment applies every migration once, and another one none', async () => {
    for (const requestId of ['first', 'second']) await warehouse.migrate(requestId);
    expect(Number(await count('SELECT COUNT(*) FROM ops.migrations'))).toBe(MIGRATIONS.length);
  });

  it('a run loads each event once, and a second run over the same objects adds none', async () => {
    await store('1', ['a', 'b', 'c']);
    await store('2', ['c', 'd']);
    expect(await warehouse.drain()).toMatchObject({
      objectsLoaded: 2,
      rowsStaged: 5,
      rowsNew: 4,
      rowsDuplicate: 1,
    });
    await store('1', ['a', 'b', 'c']);
    await store('2', ['c', 'd']);
    expect(await warehouse.drain()).toMatchObject({
      objectsLoaded: 2,
      rowsStaged: 5,
      rowsNew: 0,
      rowsDuplicate: 5,
    });
    expect(Number(await count('SELECT COUNT(*) FROM analysis.events'))).toBe(4);
    expect(warehouse.queue.bodies).toEqual([]);
  });

  it('an object that COPY refuses keeps no other out', async () => {
    await store('good-1', ['e']);
    await store('bad', ['f'], { country: 'too long' });
    await store('good-2', ['g']);
    expect(await warehouse.drain()).toMatchObject({
      objectsLoaded: 2,
      rowsNew: 2,
      objectsQuarantined: 1,
      rowsQuarantined: 1,
    });
    expect(Number(await count('SELECT COUNT(*) FROM analysis.events'))).toBe(6);
    expect(warehouse.queue.bodies).toEqual([]);
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
    const damaged = warehouse.lake.objects.get('events/damaged.parquet') ?? Buffer.alloc(0);
    damaged.fill(0xff, 4, damaged.indexOf('overwritten'));
    expect(await warehouse.drain()).toMatchObject({ objectsLoaded: 1, objectsQuarantined: 1 });
    expect(await openRows()).toContainEqual(
      expect.objectContaining({ object_key: 'events/damaged.parquet', reason: 'corrupt_pages' }),
    );
  });

  it('an object that is quarantined again, or by a run that was cut off, has one open row', async () => {
    await store('bad', ['f'], { country: 'too long again' });
    warehouse.lake.onCommand = (command) => {
      if (command instanceof DeleteObjectCommand) throw new Error('cut off');
    };
    await expect(warehouse.drain()).rejects.toThrow(/cut off/);
    warehouse.lake.onCommand = () => undefined;
    expect(await warehouse.drain()).toMatchObject({ objectsQuarantined: 1 });
    const rows = await openRows();
    expect(rows.filter(({ object_key }) => object_key === 'events/bad.parquet')).toHaveLength(1);
  });
});
