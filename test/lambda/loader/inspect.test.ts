import { inspectObjects } from '../../../lambda/loader/inspect';
import { EVENT_COLUMNS, type EventColumn, type EventRow } from '../../../lib/event/columns';
import { eventParquet, eventRow } from '../../support/eventParquet';
import { eTagOf, FakeLake } from '../../support/fakeLake';

/** When set, footers are read as if the writer had left statistics out, as some do; DuckDB always writes them. */
let mockIsWithoutStatistics = false;

jest.mock('hyparquet', () => {
  const actual = jest.requireActual<typeof import('hyparquet')>('hyparquet');
  const parquetMetadataAsync: typeof actual.parquetMetadataAsync = async (...given) => {
    const metadata = await actual.parquetMetadataAsync(...given);
    for (const column of metadata.row_groups.flatMap((group) => group.columns)) {
      if (mockIsWithoutStatistics) delete column.meta_data?.statistics;
    }
    return metadata;
  };
  return { ...actual, parquetMetadataAsync };
});

afterEach(() => {
  mockIsWithoutStatistics = false;
});

const KEY = 'events/a.parquet';
const ROWS = [
  eventRow('1', '2026-03-01 12:30:00.000'),
  eventRow('2', '2026-02-27 23:59:59.999'),
  eventRow('3', '2026-03-01 13:00:00.000'),
];

async function inspect(lake: FakeLake, ...keys: string[]) {
  return await inspectObjects(lake.client, 'lake', keys);
}

let large: Buffer | undefined;

/** A file whose footer is longer than what is fetched first. */
async function largeParquet(rows: readonly Partial<EventRow>[]): Promise<Buffer> {
  large ??= await eventParquet(rows, EVENT_COLUMNS, 2_048);
  return large;
}

async function inspectBytes(bytes: Buffer) {
  const lake = new FakeLake('lake');
  lake.objects.set(KEY, bytes);
  const [fate] = await inspect(lake, KEY);
  return fate;
}

describe('inspecting an object', () => {
  it('tells its exact size, rows, columns and hours', async () => {
    const bytes = await eventParquet(ROWS);
    expect(await inspectBytes(bytes)).toEqual({
      fate: 'loadable',
      object: {
        key: KEY,
        eTag: eTagOf(bytes),
        bytes: bytes.length,
        rows: 3,
        columnCount: EVENT_COLUMNS.length,
        createdAtMillis: Date.parse('2026-03-01T12:00:00.000Z'),
        hours: { fromHour: 2026022723, toHour: 2026030113 },
      },
    });
  });

  it('fetches the end of a large object once, and nothing else', async () => {
    // Text that does not compress makes the object larger than what is fetched.
    const titles = Array.from({ length: 4_000 }, (_, index) => `${Math.sin(index)} ${Math.cos(index)}`);
    const rows = titles.map((page_title, index) =>
      eventRow(`${index}`, '2026-03-01 12:30:00.000', { page_title }),
    );
    const lake = new FakeLake('lake');
    lake.objects.set(KEY, await eventParquet(rows));
    const [fate] = await inspect(lake, KEY);
    expect(lake.objects.get(KEY)?.length).toBeGreaterThan(65_536);
    expect(fate).toMatchObject({ fate: 'loadable', object: { rows: 4_000 } });
    expect(lake.ranges).toEqual([{ key: KEY, range: 'bytes=-65536' }]);
  });

  it('reads a footer that is longer than what is fetched first', async () => {
    const rows = Array.from({ length: 60_000 }, (_, index) =>
      eventRow(`${index}`, '2026-03-01 12:30:00.000'),
    );
    const lake = new FakeLake('lake');
    lake.objects.set(KEY, await largeParquet(rows));
    expect(await inspect(lake, KEY)).toMatchObject([{ fate: 'loadable', object: { rows: 60_000 } }]);
    expect(lake.ranges).toHaveLength(2);
  });

  it('finds the hours in the rows when the file has no statistics', async () => {
    mockIsWithoutStatistics = true;
    expect(await inspectBytes(await eventParquet(ROWS))).toMatchObject({
      fate: 'loadable',
      object: { hours: { fromHour: 2026022723, toHour: 2026030113 } },
    });
  });

  it('takes a file from before columns were appended', async () => {
    const fewer = EVENT_COLUMNS.slice(0, -2);
    expect(await inspectBytes(await eventParquet(ROWS, fewer))).toMatchObject({
      fate: 'loadable',
      object: { columnCount: EVENT_COLUMNS.length - 2 },
    });
  });

  it('has no hours for a file without rows', async () => {
    const fate = await inspectBytes(await eventParquet([]));
    expect(fate).toMatchObject({ fate: 'loadable', object: { rows: 0, hours: undefined } });
  });

  const columns: readonly Pick<EventColumn, 'name' | 'type'>[] = EVENT_COLUMNS;
  const [first = columns[0], second = columns[1], ...others] = columns;
  it.each([
    [
      'columns in another order',
      [second, first, ...others],
      /column 1 is event_name BYTE_ARRAY, it must be event_id/,
    ],
    ['too few columns', columns.slice(0, 6), /it has no column received_at/],
    [
      'a column of another type',
      columns.map((column) => (column.name === 'session_number' ? { ...column, type: 'bigint' } : column)),
      /session_number INT64, it must be session_number INT32/,
    ],
  ] as [string, EventColumn[], RegExp][])('refuses %s', async (_, given, reason) => {
    const bytes = await eventParquet(ROWS, given);
    expect(await inspectBytes(bytes)).toEqual({
      fate: 'broken',
      object: {
        key: KEY,
        eTag: eTagOf(bytes),
        bytes: bytes.length,
        rows: 3,
        reason: 'wrong_columns',
        detail: expect.stringMatching(reason),
      },
    });
  });

  it('tells a file with columns behind the event’s own from others: it may be of a later release', async () => {
    const wider = [...columns, { name: 'extra', type: 'string' }] as EventColumn[];
    expect(await inspectBytes(await eventParquet(ROWS, wider))).toMatchObject({
      fate: 'broken',
      object: {
        rows: 3,
        reason: 'unknown_columns',
        detail: expect.stringContaining('first unknown is extra'),
      },
    });
  });

  it('refuses a file with NULL where there must be a value: it would fail the whole batch', async () => {
    const { site_id, ...row } = eventRow('1', '2026-03-01 12:30:00.000');
    expect(await inspectBytes(await eventParquet([...ROWS, row]))).toMatchObject({
      fate: 'broken',
      object: {
        rows: 4,
        reason: 'required_value_missing',
        detail: 'column site_id is NULL in 1 rows and must never be',
      },
    });
  });

  it('refuses hours that are none', async () => {
    const row = { ...eventRow('1', '2026-03-01 12:30:00.000'), received_hour: 2026030199 };
    expect(await inspectBytes(await eventParquet([row]))).toMatchObject({
      fate: 'broken',
      object: { reason: 'wrong_hours', detail: expect.stringContaining('2026030199') },
    });
  });

  it.each([
    ['text', Buffer.from('this is not a Parquet file at all')],
    ['a few bytes', Buffer.from('x')],
    ['nothing', Buffer.alloc(0)],
  ])('refuses %s', async (_, bytes) => {
    expect(await inspectBytes(bytes)).toMatchObject({
      fate: 'broken',
      object: { key: KEY, eTag: eTagOf(bytes), bytes: bytes.length, rows: undefined, reason: 'not_parquet' },
    });
  });

  it('refuses a file that was cut off', async () => {
    const bytes = await eventParquet(ROWS);
    expect(await inspectBytes(bytes.subarray(0, -20))).toMatchObject({
      fate: 'broken',
      object: { reason: 'not_parquet', detail: expect.stringContaining('no Parquet file') },
    });
  });

  it.each(['SlowDown', 'TimeoutError', 'AccessDenied'])(
    'blames no object when S3 answers %s, not even in the middle of it',
    async (name) => {
      const rows = Array.from({ length: 60_000 }, (_, index) =>
        eventRow(`${index}`, '2026-03-01 12:30:00.000'),
      );
      const bytes = await largeParquet(rows);
      for (const failingRange of [1, 2]) {
        const lake = new FakeLake('lake');
        lake.objects.set(KEY, bytes);
        let ranges = 0;
        lake.onCommand = () => {
          if (++ranges === failingRange) throw Object.assign(new Error(name), { name });
        };
        expect(await inspect(lake, KEY)).toEqual([
          { fate: 'unavailable', key: KEY, reason: expect.stringContaining(name) },
        ]);
      }
    },
  );

  it('finds nothing to load in an object that was rewritten after this warehouse had loaded it', async () => {
    const lake = new FakeLake('lake');
    lake.objects.set(KEY, await eventParquet(ROWS));
    lake.metadata.set(KEY, { 'loaded-into': 'this-cluster' });
    const fateFor = async (cluster: string) =>
      (await inspectObjects(lake.client, 'lake', [KEY], cluster)).map(({ fate }) => fate);
    expect(await fateFor('this-cluster')).toEqual(['loaded']);
    expect(await fateFor('another-cluster')).toEqual(['loadable']);
  });

  it('tells one fate for each object, in order, and none keeps another back', async () => {
    const lake = new FakeLake('lake');
    lake.objects.set('events/good.parquet', await eventParquet(ROWS));
    lake.objects.set('events/denied.parquet', await eventParquet(ROWS));
    lake.objects.set('events/bad.parquet', Buffer.from('bad'));
    lake.denied.add('events/denied.parquet');
    const keys = ['gone', 'denied', 'bad', 'good'].map((name) => `events/${name}.parquet`);
    const fates = await inspect(lake, ...keys);
    expect(fates.map(({ fate }) => fate)).toEqual(['vanished', 'unavailable', 'broken', 'loadable']);
    expect(fates[1]).toMatchObject({ reason: expect.stringContaining('AccessDenied') });
  });
});
