import fc from 'fast-check';
import { MAX_OBJECTS } from '../../../lambda/loader/batch';
import type { LakeObject } from '../../../lambda/loader/lakeObject';
import { type Load, loadStatements, mayBeObjectsFault } from '../../../lambda/loader/sql';
import { splitStatements } from '../../../lambda/shared/splitStatements';
import { EVENT_COLUMNS } from '../../../lib/event/columns';
import { redshiftColumns } from '../../../lib/event/tables';

const BATCH_ID = '00000000-0000-4000-8000-000000000001';

function object(key: string, more: Partial<LakeObject> = {}): LakeObject {
  return {
    key,
    eTag: '"1"',
    bytes: 10,
    rows: 3,
    columnCount: EVENT_COLUMNS.length,
    createdAtMillis: Date.parse('2026-03-01T12:00:00.000Z'),
    hours: { fromHour: 2026030112, toHour: 2026030113 },
    ...more,
  };
}

function load(objects: readonly LakeObject[]): Load {
  return {
    batchId: BATCH_ID,
    startedAtMillis: Date.parse('2026-03-01T13:00:00.000Z'),
    bucketName: 'lake',
    copyRoleArn: 'arn:aws:iam::111122223333:role/copy',
    manifestKey: 'manifests/2026/03/01/b.manifest',
    objects,
    lookBackHours: 72,
  };
}

const words = (sql: string | undefined) => sql?.replaceAll(/\s+/g, ' ');

describe('the statements of a load', () => {
  const statements = loadStatements(
    load([object('events/a.parquet'), object('events/b.parquet', { bytes: 5 })]),
  );

  it('take the lock before anything else, so that the snapshot is taken after the load before', () => {
    expect(statements[0]).toBe('LOCK ops.load_lock');
  });

  it('come in the order lock, stage, COPY, insert, ledger of the batch, counts, ledger of the files, answer', () => {
    expect(statements.map((sql) => words(sql)?.slice(0, 28))).toEqual([
      'LOCK ops.load_lock',
      'CREATE TEMP TABLE events_sta',
      expect.stringMatching(/^COPY events_stage/),
      expect.stringMatching(/^INSERT INTO landing\.events/),
      'INSERT INTO ops.load_batches',
      expect.stringMatching(/^INSERT INTO ops\.load_counts/),
      expect.stringMatching(/^INSERT INTO ops\.load_files/),
      'SELECT rows_staged, rows_new',
    ]);
  });

  it('COPY by position into a stage that has every column of the event in order, and no other', () => {
    expect(statements[1]).toBe(
      `CREATE TEMP TABLE events_stage (\n${redshiftColumns('staging')}\n) DISTKEY (event_id)`,
    );
    expect(statements[2]).toBe(
      "COPY events_stage FROM 's3://lake/manifests/2026/03/01/b.manifest' " +
        "IAM_ROLE 'arn:aws:iam::111122223333:role/copy' FORMAT AS PARQUET MANIFEST",
    );
  });

  it('fill up files from before a column was appended, and only then', () => {
    const old = object('events/old.parquet', { columnCount: EVENT_COLUMNS.length - 1 });
    expect(loadStatements(load([object('events/a.parquet'), old]))[2]).toMatch(
      / PARQUET MANIFEST FILLRECORD$/,
    );
  });

  it('insert the earliest copy of an event, and only where the warehouse has none inside the window', () => {
    const sql = words(statements[3]);
    expect(sql).toContain(
      'PARTITION BY s.event_id ORDER BY s.received_at, s.arrived_at, s.stream_sequence_number',
    );
    expect(sql).toContain(
      'LEFT JOIN ( SELECT e.event_id FROM landing.all_events e WHERE ' +
        "((e.received_at >= '2026-02-26 12:00:00.000' AND e.received_at < '2026-03-04 14:00:00.000')) ) stored " +
        'ON stored.event_id = staged.event_id WHERE staged.copy_number = 1 AND stored.event_id IS NULL',
    );
  });

  it('parse JSON only where it is JSON', () => {
    expect(statements[3]).toContain(
      'CASE WHEN CAN_JSON_PARSE(staged.properties) THEN JSON_PARSE(staged.properties) ' +
        'ELSE CAST(staged.properties AS SUPER) END',
    );
  });

  it('write down what the files promise beside what was found', () => {
    const sql = words(statements[4]);
    expect(sql).toContain('GETDATE(), 2, 15, 6, staged.row_count, inserted.row_count,');
    expect(sql).toContain("CAST('2026-02-26 12:00:00.000' AS TIMESTAMP)");
  });

  it('write down an object without rows as having no hours', () => {
    const [, , , insert, , , files] = loadStatements(
      load([object('events/a.parquet', { rows: 0, hours: undefined })]),
    );
    expect(files).toContain(`'events/a.parquet', '2026-03-01 12:00:00.000', 10, 0, NULL, NULL)`);
    expect(insert).toContain('FROM landing.all_events e WHERE FALSE');
  });

  it('keep every object key inside its literal', () => {
    const key = "events/it's\\'); DROP TABLE landing.events; --.parquet";
    for (const sql of loadStatements(load([object(key)]))) {
      expect(splitStatements(sql)).toHaveLength(1);
    }
  });

  it('stay within the Data API whatever the batch', () => {
    // S3 keys have up to 1,024 bytes; quotes and backslashes double in a literal.
    const character = fc.constantFrom("'", '\\', 'a', 'é', '日', '/');
    const name = fc.array(character, { maxLength: 340 }).map((characters) => characters.join(''));
    const hour = fc.integer({ min: 0, max: 23 }).map((hours) => 2026030100 + hours);
    const objects = fc.array(
      fc.record({ name, hour, rows: fc.nat(), bytes: fc.nat() }).map(({ name, hour, ...more }) =>
        object(`events/${name}.parquet`.slice(0, 1_024), {
          ...more,
          hours: { fromHour: hour, toHour: hour },
        }),
      ),
      { minLength: 1, maxLength: MAX_OBJECTS },
    );
    fc.assert(
      fc.property(objects, (given) => expectWithinLimits(loadStatements(load(given)), given.length)),
      { numRuns: 30 },
    );
    const longest = Array.from({ length: MAX_OBJECTS }, () => object(`events/${"'".repeat(1_017)}`));
    expectWithinLimits(loadStatements(load(longest)), MAX_OBJECTS);
  });
});

function expectWithinLimits(statements: readonly string[], objects: number): void {
  expect(statements.length).toBeLessThanOrEqual(40);
  for (const sql of statements) expect(Buffer.byteLength(sql)).toBeLessThanOrEqual(100_000);
  const rows = statements
    .filter((sql) => sql.startsWith('INSERT INTO ops.load_files'))
    .reduce((total, sql) => total + sql.split(`('${BATCH_ID}'`).length - 1, 0);
  expect(rows).toBe(objects);
}

it('only COPY, the insert of the events and their counts can fail because of an object', () => {
  expect([0, 1, 2, 3, 4, 5, 6, undefined].map(mayBeObjectsFault)).toEqual([
    false,
    false,
    true,
    true,
    false,
    true,
    false,
    true,
  ]);
});
