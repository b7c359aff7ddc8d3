/** The migrations and the load's SQL on the local warehouse, with the loader's own rights. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { inspectObjects } from '../../lambda/loader/inspect';
import type { LakeObject } from '../../lambda/loader/lakeObject';
import { manifestText } from '../../lambda/loader/manifest';
import { loadStatements } from '../../lambda/loader/sql';
import { EVENT_COLUMNS, type EventRow } from '../../lib/event/columns';
import { openWarehouse, type Warehouse } from '../../local/redshift/warehouse';
import { eventParquet, eventRow } from '../support/eventParquet';
import { FakeLake } from '../support/fakeLake';
import { schemaSteps } from '../support/schemaSteps';

const LOOK_BACK_HOURS = 24;
const directory = mkdtempSync(path.join(tmpdir(), 'load-sql-'));
const lake = new FakeLake('lake');
let warehouse: Warehouse;
let loads = 0;

beforeAll(async () => {
  warehouse = await openWarehouse({
    file: path.join(directory, 'warehouse.duckdb'),
    databaseName: 'clickstream',
    resolveS3: (bucket, key) => (bucket === 'lake' ? path.join(directory, key) : undefined),
  });
  for (const statements of schemaSteps()) await warehouse.run(statements);
});

afterAll(async () => {
  await warehouse.close();
  rmSync(directory, { recursive: true, force: true });
});

function store(key: string, bytes: Buffer | string): void {
  const file = path.join(directory, key);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

/** Writes the rows as an object and looks at it as the loader does. */
async function object(rows: readonly Partial<EventRow>[], columnsLacking = 0): Promise<LakeObject> {
  const key = `events/${lake.objects.size}.parquet`;
  const bytes = await eventParquet(rows, EVENT_COLUMNS.slice(0, EVENT_COLUMNS.length - columnsLacking));
  lake.objects.set(key, bytes);
  store(key, bytes);
  const [fate] = await inspectObjects(lake.client, 'lake', [key]);
  if (fate?.fate !== 'loadable') throw new Error(JSON.stringify(fate));
  return fate.object;
}

/** Loads objects as the user `loader`; gives the counts of the ledger. */
async function load(...objects: LakeObject[]) {
  const batchId = `batch-${++loads}`;
  const manifestKey = `manifests/${batchId}.manifest`;
  store(manifestKey, manifestText('lake', objects));
  const statements = loadStatements({
    batchId,
    startedAtMillis: Date.parse('2026-03-01T13:00:00.000Z'),
    bucketName: 'lake',
    copyRoleArn: 'arn:aws:iam::111122223333:role/copy',
    manifestKey,
    objects,
    lookBackHours: LOOK_BACK_HOURS,
  });
  const results = await warehouse.run(statements, { user: 'loader' });
  const [staged, isNew, duplicate] = (results.at(-1)?.rows?.[0] ?? []).map(Number);
  return { staged, new: isNew, duplicate };
}

async function query(sql: string, user?: string) {
  return (await warehouse.query(sql, { user })).rows ?? [];
}

async function emptyEvents(): Promise<void> {
  await warehouse.query('DELETE FROM landing.events');
}

describe('the load', () => {
  afterEach(emptyEvents);

  it('keeps the earliest copy of each event of a batch', async () => {
    const first = await object([
      eventRow('a', '2026-03-01 12:30:00.000', { page_title: 'later' }),
      eventRow('b', '2026-03-01 12:31:00.000'),
    ]);
    const second = await object([eventRow('a', '2026-03-01 11:59:59.999', { page_title: 'earlier' })]);
    expect(await load(first, second)).toEqual({ staged: 3, new: 2, duplicate: 1 });
    expect(await query("SELECT page_title FROM landing.events WHERE event_id = 'a'")).toEqual([['earlier']]);
  });

  it('adds nothing when an object is loaded again, however late', async () => {
    const old = await object([
      eventRow('a', '2019-07-01 00:30:00.000'),
      eventRow('b', '2026-03-01 12:30:00.000'),
    ]);
    expect(await load(old)).toEqual({ staged: 2, new: 2, duplicate: 0 });
    expect(await load(await object([eventRow('c', '2026-03-02 00:00:00.000')]))).toMatchObject({ new: 1 });
    expect(await load(old)).toEqual({ staged: 2, new: 0, duplicate: 2 });
  });

  it('finds a copy with another received_at inside the look-back, and not beyond', async () => {
    await load(
      await object([eventRow('near', '2026-03-01 12:30:00.000'), eventRow('far', '2026-03-01 12:30:00.000')]),
    );
    expect(await load(await object([eventRow('near', '2026-03-02 12:00:00.000')]))).toMatchObject({
      duplicate: 1,
    });
    expect(await load(await object([eventRow('far', '2026-03-02 13:00:00.000')]))).toMatchObject({ new: 1 });
  });

  it('makes SUPER of JSON, keeps text that is none, and leaves NULL alone', async () => {
    const rows = [
      eventRow('a', '2026-03-01 12:30:00.000', { properties: '{"plan":"pro"}', items: '[{"sku":"x"}]' }),
      eventRow('b', '2026-03-01 12:30:00.000', { properties: 'not json' }),
    ];
    await load(await object(rows));
    const sql =
      'SELECT properties.plan::VARCHAR, items[0].sku::VARCHAR, properties IS NULL, items IS NULL ' +
      'FROM landing.events ORDER BY event_id';
    expect(await query(sql)).toEqual([
      ['pro', 'x', false, false],
      [null, null, false, true],
    ]);
  });

  it('takes files from before columns were appended', async () => {
    const old = await object([eventRow('a', '2026-03-01 12:30:00.000')], 2);
    const recent = await object([eventRow('b', '2026-03-01 12:30:00.000')]);
    expect(await load(old, recent)).toEqual({ staged: 2, new: 2, duplicate: 0 });
  });

  it('loads an object without rows', async () => {
    expect(await load(await object([]))).toEqual({ staged: 0, new: 0, duplicate: 0 });
  });

  it('leaves nothing behind when it fails', async () => {
    const good = await object([eventRow('a', '2026-03-01 12:30:00.000')]);
    const tooLong = await object([eventRow('b', '2026-03-01 12:30:00.000', { country: 'DEU' })]);
    const before = await query('SELECT COUNT(*) FROM ops.load_batches');
    await expect(load(good, tooLong)).rejects.toThrow();
    expect(await query('SELECT event_id FROM landing.events')).toEqual([]);
    expect(await query('SELECT COUNT(*) FROM ops.load_batches')).toEqual(before);
  });

  it('writes down what it brought, by batch and by object', async () => {
    const one = await object([eventRow('a', '2026-03-01 12:30:00.000')]);
    const two = await object([
      eventRow('a', '2026-03-01 12:30:00.000'),
      eventRow('b', '2026-02-27 01:00:00.000'),
    ]);
    await load(one, two);
    const batchId = `batch-${loads}`;
    expect(
      await query(
        'SELECT object_count, bytes, rows_expected, rows_staged, rows_new, rows_duplicate, manifest_key ' +
          `FROM ops.load_batches WHERE batch_id = '${batchId}'`,
      ),
    ).toEqual([[2, one.bytes + two.bytes, 3, 3, 2, 1, `manifests/${batchId}.manifest`]]);
    expect(
      await query(
        'SELECT object_key, bytes, rows_expected, received_from_hour, received_to_hour ' +
          `FROM ops.load_files WHERE batch_id = '${batchId}' ORDER BY object_key`,
      ),
    ).toEqual([
      [one.key, one.bytes, 1, 2026030112, 2026030112],
      [two.key, two.bytes, 2, 2026022701, 2026030112],
    ]);
    expect(await query(`SELECT DISTINCT load_batch_id FROM landing.events`)).toEqual([[batchId]]);
  });

  it('keeps every event exactly once, however events are spread and repeated', async () => {
    const event = fc.record({
      id: fc.integer({ min: 0, max: 12 }),
      minute: fc.integer({ min: 0, max: 300 }),
    });
    const files = fc.array(fc.array(event, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(fc.array(files, { minLength: 1, maxLength: 3 }), async (batches) => {
        await emptyEvents();
        const seen = new Set<number>();
        for (const batch of batches) {
          const objects = [];
          for (const events of batch) {
            objects.push(await object(events.map(({ id, minute }) => eventRow(`${id}`, receivedAt(minute)))));
          }
          const ids = batch.flat().map(({ id }) => id);
          const isNew = new Set(ids.filter((id) => !seen.has(id))).size;
          expect(await load(...objects)).toEqual({
            staged: ids.length,
            new: isNew,
            duplicate: ids.length - isNew,
          });
          for (const id of ids) seen.add(id);
        }
        const stored = await query('SELECT event_id FROM landing.events');
        expect(stored.map(([id]) => Number(id)).sort()).toEqual([...seen].sort());
      }),
      { numRuns: 5 },
    );
  });
});

function receivedAt(minute: number): string {
  const millis = Date.parse('2026-03-01T10:00:00.000Z') + minute * 60_000;
  return new Date(millis).toISOString().replace('T', ' ').replace('Z', '');
}

describe('rights', () => {
  beforeAll(async () => {
    await emptyEvents();
    await warehouse.run(['CREATE USER ana PASSWORD DISABLE', 'GRANT ROLE analyst TO ana']);
    await load(await object([eventRow('a', '2026-03-01 12:30:00.000')]));
  });

  it('let an analyst read the events and the freshness', async () => {
    expect(await query('SELECT event_id FROM analysis.events', 'ana')).toEqual([['a']]);
    expect((await query('SELECT rows_new FROM analysis.load_batches', 'ana')).length).toBeGreaterThan(0);
  });

  it.each(['landing.events', 'ops.load_batches', 'ops.load_files', 'ops.load_lock', 'ops.migrations'])(
    'keep an analyst out of %s',
    async (table) => {
      await expect(query(`SELECT * FROM ${table}`, 'ana')).rejects.toThrow(/permission denied/);
    },
  );

  it.each([
    ['an event', 'DELETE FROM landing.events'],
    ['an event', "UPDATE landing.events SET site_id = 'x'"],
    ['the ledger', 'DELETE FROM ops.load_files'],
    ['the ledger of migrations', 'DELETE FROM ops.migrations'],
  ])('keep the loader from changing %s', async (_, sql) => {
    await expect(query(sql, 'loader')).rejects.toThrow(/permission denied/);
  });

  it('show an analyst the views that later migrations make', async () => {
    await warehouse.query('CREATE VIEW analysis.later AS SELECT event_id FROM landing.events');
    expect(await query('SELECT event_id FROM analysis.later', 'ana')).toEqual([['a']]);
  });
});
