/**
 * A release appends a column to the event definition, and nothing else, while events of the release before are stored,
 * on their way, and still coming: transform, Firehose, loader and warehouse, in the order the stacks are deployed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EVENT_COLUMNS, type EventColumn } from '../lib/event/columns';
import { ParquetWriter } from '../local/firehose/parquetWriter';
import { recordDeserializer } from '../local/firehose/recordDeserializer';
import { LoadedWarehouse } from './support/loadedWarehouse';
import { type Release, releaseWith } from './support/release';
import { s3Notification } from './support/s3Notification';
import { MIGRATIONS } from './support/schemaSteps';
import { tempDirectory } from './support/tempDirectory';

const APPENDED: EventColumn = {
  name: 'appended_field',
  type: 'string',
  maxBytes: 16,
  tooLong: 'truncate',
  nullable: true,
  origin: 'sent',
  meaning: 'A column of a later release.',
};

const directory = tempDirectory('schema-growth');
let firehose: ParquetWriter;
let warehouse: LoadedWarehouse;
let before: Release;
let after: Release;

beforeAll(async () => {
  before = releaseWith();
  after = releaseWith(APPENDED);
  firehose = await ParquetWriter.open();
  warehouse = await LoadedWarehouse.startEmpty();
});

afterAll(async () => {
  await warehouse.close();
  firehose.close();
});

/** Deploys the warehouse stack of a release. */
const deployWarehouse = (release: Release, requestId: string) =>
  warehouse.migrate(requestId, release.columns, release);

/** Events of one site, with a field that only the later release knows, through a release's transform and Firehose. */
async function deliver(release: Release, object: string, ids: readonly string[]): Promise<void> {
  const table = { databaseName: 'clickstream', name: 'events', columns: release.glueColumns() };
  const deserialize = recordDeserializer(table);
  const lines = ids.map((id, index) => {
    const event = {
      event_id: id,
      event_name: 'page_view',
      site_id: 'shop',
      received_at: '2026-03-01T12:30:00Z',
      appended_field: 'gold',
    };
    const origin = {
      arrivedMillis: Date.parse('2026-03-01T12:30:01Z'),
      shardId: 's',
      sequenceNumber: '1',
      index,
    };
    const fate = release.eventFate(JSON.stringify(event), origin);
    const rows = deserialize(Buffer.from(fate.kind === 'row' ? fate.text : ''));
    if (rows.kind === 'failure') throw new Error(rows.failure.message);
    return rows.lines;
  });
  const [json, parquet] = ['json', 'parquet'].map((extension) =>
    path.join(directory, `${object}.${extension}`),
  );
  if (json === undefined || parquet === undefined) throw new Error('Both files have a name');
  writeFileSync(json, lines.join(''));
  await firehose.convert(json, parquet, { table, compression: 'SNAPPY' });
  warehouse.store(keyOf(object), readFileSync(parquet));
}

const keyOf = (object: string) => `events/${object}.parquet`;
const notify = (object: string) => warehouse.queue.send(s3Notification('lake', keyOf(object)));

/** Runs the loader of a release once. */
const load = (release: Release) => warehouse.drain(release);

const rows = (sql: string, user?: string) => warehouse.rows(sql, user);

// Each test goes on where the one before ended, as a roll-out does.
describe('rolling out one more column', () => {
  it('begins with events of the release before, which keeps the field it does not know in properties', async () => {
    await deployWarehouse(before, 'first');
    await deliver(before, 'old-1', ['a']);
    expect(await load(before)).toMatchObject({ objectsLoaded: 1, rowsNew: 1 });
    await warehouse.run(['CREATE USER ana PASSWORD DISABLE', 'GRANT ROLE analyst TO ana']);
    await expect(rows('SELECT appended_field FROM analysis.events', 'ana')).rejects.toThrow(
      'column "appended_field" does not exist',
    );
  });

  it('warehouse first: table and view have the column, analysts may still read, the old loader still loads', async () => {
    await deployWarehouse(after, 'second');
    const view = (await rows(`SELECT column_name FROM svv_columns WHERE table_schema = 'analysis'
      AND table_name = 'events' ORDER BY ordinal_position`)) as string[][];
    expect(view.flat()).toEqual([...EVENT_COLUMNS.map(({ name }) => name), 'appended_field']);
    await deliver(before, 'old-2', ['b']);
    expect(await load(before)).toMatchObject({ objectsLoaded: 1, rowsNew: 1 });
    expect(await rows('SELECT event_id, appended_field FROM analysis.events ORDER BY 1', 'ana')).toEqual([
      ['a', null],
      ['b', null],
    ]);
  });

  it('then loader and delivery: objects from before and after go in together, and old ones again add nothing', async () => {
    await deliver(before, 'old-3', ['c']);
    await deliver(after, 'new-1', ['d', 'e']);
    notify('old-1');
    expect(await load(after)).toMatchObject({
      batchesLoaded: 1,
      objectsLoaded: 3,
      rowsStaged: 4,
      rowsNew: 3,
      rowsDuplicate: 1,
      rowsMissing: 0,
    });
    const found =
      'SELECT event_id, appended_field, properties.appended_field::VARCHAR FROM analysis.events ORDER BY 1';
    expect(await rows(found, 'ana')).toEqual([
      ['a', null, 'gold'],
      ['b', null, 'gold'],
      ['c', null, 'gold'],
      ['d', 'gold', null],
      ['e', 'gold', null],
    ]);
  });

  it('can be rolled back: what the old loader cannot read waits, and is loaded by the next release', async () => {
    await deployWarehouse(before, 'rollback');
    await deliver(after, 'new-2', ['f']);
    await deliver(before, 'old-4', ['g']);
    expect(await load(before)).toMatchObject({ objectsLoaded: 1, rowsNew: 1, objectsUnreadable: 1 });
    expect(warehouse.queue.bodies).toEqual([s3Notification('lake', keyOf('new-2'))]);
    await deployWarehouse(after, 'forward again');
    warehouse.queue.showAll();
    expect(await load(after)).toMatchObject({ objectsLoaded: 1, rowsNew: 1, objectsUnreadable: 0 });
    expect(
      await rows(
        `SELECT event_id, appended_field FROM analysis.events WHERE event_id IN ('f', 'g') ORDER BY 1`,
      ),
    ).toEqual([
      ['f', 'gold'],
      ['g', null],
    ]);
    expect(warehouse.queue.bodies).toEqual([]);
  });

  it('is refused when the definition loses a stored column, before anything changes', async () => {
    const dataApi = warehouse.dataApi(undefined, before);
    const call = { requestId: 'broken', appliedBy: 'stack', deadlineMillis: Date.now() + 60_000 };
    const columns = after.columns.filter(({ name }) => name !== 'user_agent');
    await expect(before.applyPending(dataApi, MIGRATIONS, call, columns)).rejects.toThrow(
      /landing\.events cannot follow the event definition: column \d+ is user_agent VARCHAR\(1024\), the definition says browser/,
    );
    expect(await rows('SELECT COUNT(*) FROM analysis.events')).toEqual([[7]]);
  });
});
