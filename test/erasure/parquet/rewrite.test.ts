import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects, type RowGroup } from 'hyparquet';
import { checkColumns, checkRequiredValues, hoursFromStatistics } from '../../../lambda/loader/lakeObject';
import { checksumRows } from '../../../lib/erasure/parquet/checksum';
import { findRows, type RowOwner } from '../../../lib/erasure/parquet/find';
import { withoutRows } from '../../../lib/erasure/parquet/rewrite';
import { bufferOf, memorySource } from '../../../lib/erasure/parquet/source';
import { UnreadableParquetError } from '../../../lib/erasure/parquet/values';
import { EVENT_COLUMNS, type EventRow } from '../../../lib/event/columns';
import { eventParquet, eventRow } from '../../support/eventParquet';
import { withInt96Timestamps } from '../../support/int96';
import { tempDirectory } from '../../support/tempDirectory';

const directory = tempDirectory('rewrite');
// A busy machine needs time for some thousand rows.
let instance: DuckDBInstance;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '1' });
});
afterAll(() => instance.closeSync());

let files = 0;

/** What DuckDB answers to a query over the file. */
async function duckdb(bytes: Uint8Array, sql: (file: string) => string): Promise<unknown[]> {
  // A name of its own: DuckDB caches files by name and time.
  const file = path.join(directory, `${files++}.parquet`);
  writeFileSync(file, bytes);
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql(`'${file}'`))).getRowObjectsJson();
  } finally {
    connection.closeSync();
  }
}

const allRows = (file: string) => `SELECT * FROM read_parquet(${file})`;
const schemaOf = (file: string) => `SELECT * EXCLUDE (file_name) FROM parquet_schema(${file})`;
const hyparquet = (bytes: Uint8Array) => parquetReadObjects({ file: memorySource(bytes) });

function ownerOf(visitors: readonly string[]): RowOwner {
  const ids = new Set(visitors);
  return {
    identifiers: new Map([['visitor_id', ids]]),
    owns: ({ visitor_id }) => visitor_id !== undefined && ids.has(visitor_id),
  };
}

async function erase(bytes: Uint8Array, visitors: readonly string[]) {
  const metadata = parquetMetadata(bufferOf(bytes));
  const selection = await findRows(memorySource(bytes), metadata, ownerOf(visitors));
  return { selection, metadata, rewritten: await withoutRows(bytes, selection) };
}

const VISITORS = ['anna', 'bert', 'ümit', 'a'.repeat(128), 'Zoë 𝕏'];

const rows: fc.Arbitrary<EventRow[]> = fc
  .array(
    fc.record(
      {
        visitor_id: fc.constantFrom(...VISITORS),
        hour: fc.integer({ min: 10, max: 19 }),
        event_value: fc.constantFrom(0, 0.1, -1e300, 12.34),
        clock_skew_millis: fc.maxSafeInteger(),
        is_bot: fc.boolean(),
        page_title: fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll('\0', '')),
        page_url: fc.constant('https://shop.example/'.padEnd(3_000, 'x')),
        sent_at: fc.constantFrom('1969-12-31 23:59:59.999', '2026-01-02 03:04:05.678'),
      },
      { requiredKeys: ['hour', 'is_bot'] },
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((list) =>
    list.map(({ hour, ...more }, i) => ({
      ...eventRow(`e${i}`, `2026-03-01 ${hour}:00:00.123`),
      ...more,
    })),
  );

describe('a Parquet file without some of its rows', () => {
  it('holds the other rows as they were, for both readers, whatever rows and whoever is erased', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.subarray(VISITORS),
        fc.boolean(),
        fc.integer({ min: 1, max: 60 }),
        async (given, victims, isInt96, groupRows) => {
          const written = await eventParquet(given, undefined, groupRows);
          const original = isInt96 ? await withInt96Timestamps(written) : written;
          const { rewritten, selection, metadata } = await erase(original, victims);
          const isKept = (row: Record<string, unknown>) =>
            !victims.some((victim) => victim === row.visitor_id);
          const before = await hyparquet(original);
          expect(before).toHaveLength(given.length);
          expect(await hyparquet(rewritten)).toEqual(before.filter(isKept));
          const asDuckdb = (await duckdb(written, allRows)) as Record<string, unknown>[];
          expect(await duckdb(rewritten, allRows)).toEqual(asDuckdb.filter(isKept));
          expect(await duckdb(rewritten, schemaOf)).toEqual(await duckdb(original, schemaOf));
          const after = parquetMetadata(bufferOf(rewritten));
          expect(await checksumRows(memorySource(rewritten), after)).toEqual(
            await checksumRows(memorySource(original), metadata, selection),
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  it('copies row groups without theirs byte for byte, and takes out those with nothing else', async () => {
    const written = await eventParquet(
      [
        ...manyRows('anna', 5_000),
        ...manyRows('bert', 7),
        ...manyRows('anna', 3_000),
        ...manyRows('carl', 9_000),
      ],
      undefined,
      2_048,
    );
    const original = await withInt96Timestamps(written);
    const { rewritten, metadata, selection } = await erase(original, ['bert', 'carl']);
    expect(metadata.row_groups.length).toBeGreaterThan(4);
    expect((await hyparquet(rewritten)).length).toBe(8_000);
    const counts = (
      file: string,
    ) => `SELECT visitor_id, count(*)::INT AS n, min(received_at)::VARCHAR AS received_at,
      count(DISTINCT event_id)::INT AS ids FROM read_parquet(${file}) GROUP BY 1`;
    expect(await duckdb(rewritten, counts)).toEqual([
      { visitor_id: 'anna', n: 8_000, received_at: '2026-03-01 10:00:00', ids: 5_000 },
    ]);
    const groups = parquetMetadata(bufferOf(rewritten)).row_groups;
    const chunk = (file: Uint8Array, group: RowGroup | undefined) => {
      const meta = group?.columns.at(0)?.meta_data;
      const start = Number(meta?.dictionary_page_offset ?? meta?.data_page_offset);
      return Buffer.from(file.subarray(start, start + Number(meta?.total_compressed_size))).toString('hex');
    };
    expect(selection.has(0)).toBe(false);
    expect(chunk(rewritten, groups[0])).toBe(chunk(original, metadata.row_groups[0]));
    expect(groups.length).toBeLessThan(metadata.row_groups.length);
  });

  it('holds none of the bytes that named them, in pages, dictionaries, statistics or bloom filters', async () => {
    const victim = 'f3a1c07be2d94c5a';
    const given = Array.from({ length: 40 }, (_, i) =>
      eventRow(`e${i}`, '2026-03-01 10:00:00.000', {
        visitor_id: i % 4 === 0 ? victim : 'anna',
        page_title: i % 4 === 0 ? `Cart of ${victim}` : 'Cart',
      }),
    );
    const original = await eventParquet(given, undefined, 20);
    expect(original.includes(victim)).toBe(true);
    const { rewritten } = await erase(original, [victim]);
    expect(Buffer.from(rewritten).includes(victim)).toBe(false);
    const chunks = parquetMetadata(bufferOf(rewritten)).row_groups.flatMap((group) => group.columns);
    expect(chunks.filter(({ meta_data }) => meta_data?.bloom_filter_offset !== undefined)).toEqual([]);
  });

  it('is what the loader takes: columns, required values, and the hours from its statistics', async () => {
    const original = await eventParquet([
      eventRow('1', '2026-03-01 09:00:00.000', { visitor_id: 'anna' }),
      eventRow('2', '2026-03-01 10:00:00.000'),
      eventRow('3', '2026-03-01 12:00:00.000'),
    ]);
    const metadata = parquetMetadata(bufferOf((await erase(original, ['anna'])).rewritten));
    expect(checkColumns(metadata)).toBe(EVENT_COLUMNS.length);
    checkRequiredValues(metadata);
    expect(hoursFromStatistics(metadata)).toEqual({ fromHour: 2026030110, toHour: 2026030112 });
  });

  it('is still a file when nothing is left', async () => {
    const original = await eventParquet([eventRow('1', '2026-03-01 09:00:00.000', { visitor_id: 'anna' })]);
    const { rewritten } = await erase(original, ['anna']);
    expect(await hyparquet(rewritten)).toEqual([]);
    expect(await duckdb(rewritten, allRows)).toEqual([]);
  });

  it('is not made of what is no Parquet file', async () => {
    const nothing = new Map();
    for (const bytes of ['', 'PAR1', 'PAR1 and more than twelve bytes', `PAR1${'\xff'.repeat(4)}PAR1`]) {
      await expect(withoutRows(Buffer.from(bytes, 'latin1'), nothing)).rejects.toThrow(
        UnreadableParquetError,
      );
    }
  });
});

describe('finding rows', () => {
  it('does not read row groups whose statistics leave the identifiers out', async () => {
    // DuckDB makes row groups of 2,048 rows and more.
    const file = await eventParquet(
      [...manyRows('anna', 5_000), ...manyRows('zoe', 5_000)],
      undefined,
      2_048,
    );
    const metadata = parquetMetadata(bufferOf(file));
    const starts: number[] = [];
    const source = memorySource(file);
    const counted = {
      ...source,
      slice(start: number, end?: number) {
        starts.push(start);
        return source.slice(start, end);
      },
    };
    for (const absent of ['abba', 'zof']) {
      expect((await findRows(counted, metadata, ownerOf([absent]))).size).toBe(0);
    }
    expect(starts).toEqual([]);
    const found = await findRows(counted, metadata, ownerOf(['zoe']));
    expect([...found.values()].reduce((total, rows) => total + rows.size, 0)).toBe(5_000);
    const [first = -1] = found.keys();
    expect(first).toBeGreaterThan(0);
    const firstByte = Number(metadata.row_groups[first]?.columns[0]?.meta_data?.data_page_offset);
    expect(Math.min(...starts)).toBeGreaterThan(firstByte);
  });
});

function manyRows(visitor_id: string, count: number): EventRow[] {
  return Array.from({ length: count }, (_, i) =>
    eventRow(`${visitor_id}-${i}`, '2026-03-01 10:00:00.000', { visitor_id }),
  );
}
