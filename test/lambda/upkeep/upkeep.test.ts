/** Upkeep against the local warehouse: eighty days of loads, each event kept as long as it should be. */

import { keepUp } from '../../../lambda/upkeep/upkeep';
import { DAY_MILLIS } from '../../../lib/contract/units';
import { EVENT_COLUMNS, type EventColumn } from '../../../lib/event/columns';
import { eventRow } from '../../support/eventParquet';
import { LoadedWarehouse } from '../../support/loadedWarehouse';

const SETTINGS = { sliceDays: 10, retentionDays: 30, modelRetentionDays: 60 };

let warehouse: LoadedWarehouse;
/** Simulated time; the slices' ledger begins with the real one. */
const start = Date.now();

beforeEach(async () => {
  warehouse = await LoadedWarehouse.start();
});
afterEach(() => warehouse.close());

const timeOf = (day: number) =>
  new Date(start + day * DAY_MILLIS).toISOString().replace('T', ' ').replace('Z', '');
const keepUpOn = (day: number, isDryRun = false) =>
  keepUp(warehouse.dataApi(), {
    settings: SETTINGS,
    nowMillis: start + day * DAY_MILLIS,
    deadlineMillis: Date.now() + 60_000,
    isDryRun,
  });
const ids = async () =>
  (await warehouse.rows('SELECT event_id FROM analysis.events ORDER BY event_id')).map(([id]) => id);
const slices = async () =>
  (
    await warehouse.rows(
      `SELECT table_name FROM svv_columns WHERE table_schema = 'landing' AND column_name = 'event_id' ORDER BY 1`,
    )
  ).map(([name]) => String(name));

it('keeps every event for its time and not much longer, however often it runs', async () => {
  for (let day = 0; day <= 80; day += 10) {
    await keepUpOn(day);
    // Run again, it finds nothing to do.
    expect(await keepUpOn(day)).toMatchObject({ slicesClosed: 0, slicesDropped: [] });
    const summary = await warehouse.load([eventRow(`day-${String(day).padStart(3, '0')}`, timeOf(day))]);
    expect(summary.rowsNew).toBe(1);
  }
  const kept = (await ids()).map((id) => Number(String(id).slice(4)));
  // Whatever was loaded within the retention is there; what is older is gone at the latest one slice later.
  for (let day = 50; day <= 80; day += 10) expect(kept).toContain(day);
  expect(Math.min(...kept)).toBeGreaterThanOrEqual(80 - SETTINGS.retentionDays - SETTINGS.sliceDays);
  // The current slice, those of the retention, and the view over all.
  expect(await slices()).toHaveLength(SETTINGS.retentionDays / SETTINGS.sliceDays + 2);
  const dropped = await warehouse.rows('SELECT COUNT(*) FROM ops.slices WHERE dropped_at IS NOT NULL');
  expect(Number(dropped[0]?.[0])).toBeGreaterThanOrEqual(4);
});

it('lets the loader find the duplicate of an event in a slice that was closed', async () => {
  await warehouse.load([eventRow('first', timeOf(0))]);
  expect(await keepUpOn(11)).toMatchObject({ slices: 2, slicesClosed: 1 });
  const summary = await warehouse.load([eventRow('first', timeOf(0)), eventRow('second', timeOf(0))]);
  expect(summary).toMatchObject({ rowsNew: 1, rowsDuplicate: 1 });
  expect(await ids()).toEqual(['first', 'second']);
});

it('says what it would do, and does nothing, in a dry run', async () => {
  await warehouse.load([eventRow('first', timeOf(0))]);
  await keepUpOn(11);
  const before = await slices();
  const summary = await keepUpOn(45, true);
  expect(summary).toMatchObject({ slicesClosed: 1 });
  expect(summary.slicesDropped).toHaveLength(1);
  expect(await slices()).toEqual(before);
  expect(await ids()).toEqual(['first']);
});

it('leaves analysts their view, and the pipeline’s users theirs', async () => {
  await warehouse.load([eventRow('first', timeOf(0))]);
  await keepUpOn(11);
  for (const user of ['loader', 'modeler']) {
    expect(await warehouse.rows('SELECT COUNT(*) FROM landing.all_events', user)).toEqual([[1]]);
  }
  expect(await warehouse.rows('SELECT COUNT(*) FROM analysis.events', 'console')).toEqual([[1]]);
  await expect(warehouse.rows('SELECT 1 FROM landing.all_events', 'console')).rejects.toThrow(
    'permission denied',
  );
});

it('goes together with an event definition that grows: closed slices get the column, too', async () => {
  await warehouse.load([eventRow('first', timeOf(0))]);
  await keepUpOn(11);
  const extra: EventColumn = {
    name: 'extra',
    type: 'int',
    nullable: true,
    origin: 'sent',
    meaning: 'One more.',
  };
  await warehouse.migrate('second', [...EVENT_COLUMNS, extra]);
  expect(await warehouse.rows('SELECT event_id, extra FROM analysis.events')).toEqual([['first', null]]);
});

it('deletes page views of the models past their own time, and then reclaims their space', async () => {
  const insert = (id: string, day: number) =>
    warehouse.rows(`INSERT INTO models.page_views (site_id, visitor_id, session_key, event_id, viewed_at, local_date,
      view_number, is_entry, is_exit, engaged_seconds, channel, is_bot)
      VALUES ('shop', 'v', 's', '${id}', '${timeOf(day)}', '${timeOf(day).slice(0, 10)}', 1, TRUE, TRUE, 0, 'Direct', FALSE)`);
  await insert('old', 0);
  await insert('young', 20);
  const summary = await keepUpOn(70);
  expect(summary).toMatchObject({
    pageViewsDeleted: 1,
    maintenance: ['VACUUM DELETE ONLY models.page_views'],
  });
  expect(await warehouse.rows('SELECT event_id FROM models.page_views')).toEqual([['young']]);
});
