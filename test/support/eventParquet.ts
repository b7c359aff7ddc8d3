/** Parquet files with events, written by DuckDB, for tests of what reads them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type ColumnType, EVENT_COLUMNS, type EventColumn, type EventRow } from '../../lib/event/columns';

const DUCKDB_TYPES: Record<ColumnType, string> = {
  string: 'VARCHAR',
  json: 'VARCHAR',
  timestamp: 'TIMESTAMP',
  boolean: 'BOOLEAN',
  int: 'INTEGER',
  bigint: 'BIGINT',
  double: 'DOUBLE',
};

/** A valid row; `receivedAt` is `yyyy-MM-dd HH:mm:ss.SSS` in UTC. */
export function eventRow(eventId: string, receivedAt: string, more: Partial<EventRow> = {}): EventRow {
  return {
    event_id: eventId,
    event_name: 'page_view',
    site_id: 'shop',
    received_at: receivedAt,
    arrived_at: receivedAt,
    event_time: receivedAt,
    event_time_source: 'received',
    is_clock_suspect: false,
    received_hour: Number(receivedAt.slice(0, 13).replaceAll(/\D/g, '')),
    is_bot: false,
    ...more,
  };
}

/** The bytes of a Parquet file with these rows and columns, and about so many rows a row group. */
export async function eventParquet(
  rows: readonly Partial<EventRow>[],
  columns: readonly Pick<EventColumn, 'name' | 'type'>[] = EVENT_COLUMNS,
  rowGroupSize = 122_880,
): Promise<Buffer> {
  const directory = mkdtempSync(path.join(tmpdir(), 'event-parquet-'));
  try {
    const input = path.join(directory, 'rows.json');
    const output = path.join(directory, 'rows.parquet');
    writeFileSync(input, rows.map((row) => JSON.stringify(row)).join('\n'));
    const types = columns.map(({ name, type }) => `${name}: '${DUCKDB_TYPES[type]}'`).join(', ');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT * FROM read_json('${input}', format = 'newline_delimited', columns = {${types}}))
       TO '${output}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${rowGroupSize})`,
    );
    connection.closeSync();
    instance.closeSync();
    return readFileSync(output);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
