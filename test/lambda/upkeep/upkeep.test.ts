/** Upkeep against the local warehouse: eighty days of loads, each event kept as long as it should be. */

import { applyPending } from '../../../lambda/migrate/migrate';
import { planSlices } from '../../../lambda/upkeep/plan';
import { STORED_SLICES_QUERY, sliceStatements, storedSlices } from '../../../lambda/upkeep/statements';
import { keepUp } from '../../../lambda/upkeep/upkeep';
import { DAY_MILLIS } from '../../../lib/contract/units';
import { EVENT_COLUMNS, type EventColumn } from '../../../lib/event/columns';
import { eventRow } from '../../support/eventParquet';
import { LoadedWarehouse } from '../../support/loadedWarehouse';
import { MIGRATIONS } from '../../support/schemaSteps';

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

/** The slices as a run of upkeep reads them. */
async function readSlices() {
  const dataApi = warehouse.dataApi();
  const id = await dataApi.submit([STORED_SLICES_QUERY], 'slices', 'slices');
  await dataApi.follow(id, Date.now() + 60_000);
  return storedSlices(await dataApi.rows(id, 0));
}

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
  // Somebody has restored rows by hand, and now they are there twice: that multiplies nothing.
  await warehouse.run(['INSERT INTO landing.events SELECT * FROM landing.all_events']);
  const third = await warehouse.load([eventRow('first', timeOf(0)), eventRow('third', timeOf(0))]);
  expect(third).toMatchObject({ rowsNew: 1, rowsDuplicate: 1 });
});

it('leaves no slice out of the views when two runs have read the same slices', async () => {
  await warehouse.load([eventRow('first', timeOf(0))]);
  await keepUpOn(11);
  await warehouse.load([eventRow('second', timeOf(11))]);
  const read = await readSlices();
  const statementsOn = (day: number) => {
    const nowMillis = start + day * DAY_MILLIS;
    return sliceStatements(read, planSlices(read, SETTINGS, nowMillis), nowMillis);
  };
  const [early, late] = [statementsOn(22), statementsOn(23)];
  await warehouse.run(early);
  await warehouse.load([eventRow('third', timeOf(22))]);
  await expect(warehouse.run(late)).rejects.toThrow('slices_are_as_read');
  expect(await ids()).toEqual(['first', 'second', 'third']);
});

it('begins again when another run has changed the slices after it read them', async () => {
  await warehouse.load([eventRow('first', timeOf(0))]);
  const dataApi = warehouse.dataApi();
  const submit = dataApi.submit.bind(dataApi);
  jest.spyOn(dataApi, 'submit').mockImplementationOnce(async (...call) => {
    const id = await submit(...call);
    await dataApi.follow(id, Date.now() + 60_000);
    await keepUpOn(11);
    return id;
  });
  const summary = await keepUp(dataApi, {
    settings: SETTINGS,
    nowMillis: start + 11 * DAY_MILLIS,
    deadlineMillis: Date.now() + 60_000,
    isDryRun: false,
  });
  expect(summary).toMatchObject({ slices: 2, slicesClosed: 0 });
  expect(await ids()).toEqual(['first']);
});

it('says what to do when something is bound to the views of events', async () => {
  await warehouse.run(['CREATE VIEW analysis.mine AS SELECT event_id FROM analysis.events']);
  await expect(keepUpOn(11)).rejects.toThrow(
    /view analysis\.mine depends on it[\s\S]*make it anew WITH NO SCHEMA BINDING/,
  );
  await warehouse.run([
    'DROP VIEW analysis.mine',
    'CREATE VIEW analysis.mine AS SELECT event_id FROM analysis.events WITH NO SCHEMA BINDING',
  ]);
  expect(await keepUpOn(11)).toMatchObject({ slicesClosed: 1 });
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

it('leaves no slice out of the views when a deployment has read the slices before', async () => {
  await warehouse.load([eventRow('first', timeOf(0))]);
  // Somebody has dropped a view, so the deployment makes both anew.
  await warehouse.run(['DROP VIEW analysis.events']);
  const dataApi = warehouse.dataApi();
  const submit = dataApi.submit.bind(dataApi);
  let runs = 0;
  jest.spyOn(dataApi, 'submit').mockImplementation(async (...call) => {
    const id = await submit(...call);
    if (call[1].endsWith('-columns') && runs++ === 0) {
      await dataApi.follow(id, Date.now() + 60_000);
      await keepUpOn(11);
      await warehouse.run(['DROP VIEW analysis.events']);
    }
    return id;
  });
  const call = { requestId: 'second', appliedBy: 'test', deadlineMillis: Date.now() + 60_000 };
  expect(await applyPending(dataApi, MIGRATIONS, call)).toBe(true);
  // It has read the slices again.
  expect(runs).toBe(2);
  expect(await ids()).toEqual(['first']);
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
