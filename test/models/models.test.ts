/** The models against a slow and obvious reference: incremental == rebuilt == reference, whatever the batches. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { planRun, readWaiting } from '../../lambda/models/plan';
import { GUARD_STATEMENT, runStatements } from '../../lambda/models/statements';
import { splitStatements } from '../../lambda/shared/splitStatements';
import { type AnalysisSettings, USUAL_ANALYSIS } from '../../lib/config/analysis';
import { DAY_MILLIS, MINUTE_MILLIS } from '../../lib/contract/units';
import { MODEL_EXAMPLES } from '../../scripts/docs/modelReference';
import { MODEL_TEMPLATES, ModelWarehouse, sorted } from '../support/modelWarehouse';
import { type ModelEvent, modelsOf } from './reference';
import { channelOf } from './referenceChannel';

let warehouse: ModelWarehouse;
beforeAll(async () => {
  warehouse = await ModelWarehouse.open();
});
afterAll(() => warehouse.close());
beforeEach(() => warehouse.clear());

/** Moments where days and sessions are easy to get wrong, by site: few, so that events come close to each other. */
const MOMENTS = {
  // Berlin goes from 02:00 to 03:00 at 01:00 UTC; and its midnight before it goes back.
  berlin: ['2026-03-29T00:50:00Z', '2026-10-24T21:50:00Z'],
  // New York goes back at 06:00 UTC; and its midnight before it goes forward.
  'new-york': ['2026-11-01T05:45:00Z', '2026-03-08T04:55:00Z'],
  // Kathmandu's midnight is at 18:15 UTC; and midnight in UTC.
  kathmandu: ['2026-06-10T18:00:00Z', '2026-06-10T23:50:00Z'],
} as const;

const ZONES = { berlin: 'Europe/Berlin', 'new-york': 'America/New_York', kathmandu: 'Asia/Kathmandu' };

const settingsArbitrary: fc.Arbitrary<AnalysisSettings> = fc.record({
  sessionTimeoutMinutes: fc.constantFrom(30, 5),
  newSessionAtCampaign: fc.boolean(),
  engagedSeconds: fc.constantFrom(10, 60),
  lookBackDays: fc.constantFrom(1, 3),
  conversionEvents: fc.constantFrom(['purchase'], ['purchase', 'add_to_cart']),
  defaultTimeZone: fc.constantFrom('UTC', 'America/New_York'),
  siteTimeZones: fc.constant(ZONES),
});

const placeArbitrary = fc
  .tuple(
    fc.constantFrom('berlin', 'new-york', 'kathmandu'),
    fc.constantFrom(0, 1),
    // Ties, the time-out to the millisecond, and almost.
    fc.array(
      fc.constantFrom(
        0,
        0,
        1,
        500,
        20_000,
        5 * MINUTE_MILLIS,
        12 * MINUTE_MILLIS,
        30 * MINUTE_MILLIS - 1,
        30 * MINUTE_MILLIS,
      ),
      {
        maxLength: 4,
      },
    ),
  )
  .map(([siteId, moment, steps]) => ({
    siteId,
    eventTime: steps.reduce((time, step) => time + step, Date.parse(MOMENTS[siteId][moment])),
  }));

const NO_CAMPAIGN = { utmSource: null, utmMedium: null, utmCampaign: null, clickNetwork: null };
const campaignArbitrary = fc.constantFrom(
  NO_CAMPAIGN,
  NO_CAMPAIGN,
  NO_CAMPAIGN,
  { ...NO_CAMPAIGN, utmSource: 'google', utmMedium: 'cpc', utmCampaign: 'spring' },
  { ...NO_CAMPAIGN, utmSource: 'newsletter', utmMedium: 'email' },
  { ...NO_CAMPAIGN, clickNetwork: 'facebook' },
);

const maybe = <T>(arbitrary: fc.Arbitrary<T>, freq = 2) => fc.option(arbitrary, { nil: null, freq });

const eventArbitrary: fc.Arbitrary<Omit<ModelEvent, 'eventId'>> = fc
  .record({
    eventName: fc.constantFrom(
      'page_view',
      'page_view',
      'page_view',
      'page_ping',
      'add_to_cart',
      'purchase',
      'odd',
    ),
    visitorId: fc.constantFrom('a', 'a', 'b', 'b', null),
    place: placeArbitrary,
    campaign: campaignArbitrary,
    isBot: fc.constantFrom(false, false, false, false, false, true),
    delay: fc.constantFrom(
      0,
      0,
      0,
      0,
      700,
      3 * 60 * MINUTE_MILLIS,
      DAY_MILLIS,
      DAY_MILLIS + 1,
      4 * DAY_MILLIS,
    ),
    userId: maybe(fc.constantFrom('u1', 'u2')),
    pagePath: fc.constantFrom('/', '/a', '/b', null),
    referrerMedium: maybe(fc.constantFrom('internal', 'search', 'social', 'other')),
    referrerHost: maybe(fc.constantFrom('a.example', 'www.youtube.com', 'amazon.com')),
    deviceClass: maybe(fc.constantFrom('mobile', 'desktop'), 5),
    country: maybe(fc.constantFrom('DE', 'US'), 5),
    cents: maybe(fc.integer({ min: 0, max: 100_000 })),
    currency: maybe(fc.constantFrom('EUR', 'USD'), 5),
    scrollPercent: maybe(fc.integer({ min: 0, max: 100 })),
  })
  .map(({ delay, place, campaign, ...event }) => ({
    ...event,
    ...place,
    ...campaign,
    receivedAt: place.eventTime + delay,
  }));

/** Events with ids, and each one's load: ids are in no order of time. */
const eventsArbitrary = fc
  .array(fc.tuple(eventArbitrary, fc.integer({ min: 0, max: 3 }), fc.integer()), {
    minLength: 20,
    maxLength: 150,
    size: 'max',
  })
  .map((drawn) =>
    drawn.map(([event, load, salt], index) => ({ event: { ...event, eventId: `${salt}-${index}` }, load })),
  );

it('following load after load, rebuilding, and the reference agree on every row', async () => {
  await fc.assert(
    fc.asyncProperty(eventsArbitrary, settingsArbitrary, async (drawn, settings) => {
      await warehouse.clear();
      for (let load = 0; load <= 3; load++) {
        const events = drawn.filter((one) => one.load === load).map(({ event }) => event);
        await warehouse.load(events);
        // Some runs follow several loads at once.
        if (load !== 1) await warehouse.follow(settings);
      }
      const incremental = await warehouse.tables();
      const expected = modelsOf(
        drawn.map(({ event }) => event),
        settings,
      );
      expect(sorted(await warehouse.models())).toEqual(sorted(expected));
      await warehouse.rebuild(settings);
      expect(await warehouse.tables()).toEqual(incremental);
    }),
    // Shrinking would run for minutes; the example is printed.
    { numRuns: Number(process.env.MODEL_RUNS ?? 3), endOnFailure: true },
  );
});

const SOME_EVENT: ModelEvent = {
  eventId: 'e',
  eventName: 'page_view',
  siteId: 'berlin',
  visitorId: 'a',
  isBot: false,
  eventTime: Date.parse('2026-06-10T12:00:00Z'),
  receivedAt: Date.parse('2026-06-10T12:00:00Z'),
  userId: null,
  pagePath: '/',
  utmSource: null,
  utmMedium: null,
  utmCampaign: null,
  clickNetwork: null,
  referrerMedium: null,
  referrerHost: null,
  deviceClass: null,
  country: null,
  cents: null,
  currency: null,
  scrollPercent: null,
};

it('every channel is as Google Analytics’ rules have it', async () => {
  const sources = [
    null,
    'google',
    'Facebook',
    'youtube',
    'amazon',
    'chatgpt.com',
    'newsletter',
    'sms',
    '(direct)',
  ];
  const mediums = [
    null,
    'cpc',
    'CPM',
    'ppc',
    'paid-social',
    'display',
    'email',
    'social',
    'video',
    'organic',
    'affiliate',
  ].concat(['referral', 'audio', 'web-push', '(none)', 'odd']);
  const others = [
    { utmCampaign: null, clickNetwork: null, referrerMedium: null },
    { utmCampaign: 'eshop', clickNetwork: null, referrerMedium: 'search' },
    { utmCampaign: 'workshop', clickNetwork: 'google', referrerMedium: 'other' },
    { utmCampaign: 'a cross-network b', clickNetwork: null, referrerMedium: null },
    { utmCampaign: null, clickNetwork: 'facebook', referrerMedium: 'social' },
    { utmCampaign: null, clickNetwork: 'google_display', referrerMedium: 'internal' },
    { utmCampaign: null, clickNetwork: 'impact', referrerMedium: 'other' },
    { utmCampaign: null, clickNetwork: null, referrerMedium: 'email' },
  ];
  const arrivals = sources.flatMap((utmSource) =>
    mediums.flatMap((utmMedium) => others.map((other) => ({ utmSource, utmMedium, ...other }))),
  );
  const events = arrivals.map((arrival, index) => ({
    ...SOME_EVENT,
    ...arrival,
    eventId: `${index}`,
    visitorId: `${index}`,
  }));
  await warehouse.load(events);
  await warehouse.follow(USUAL_ANALYSIS);
  const { sessions } = await warehouse.models();
  const found = new Map(sessions.map((row) => [row.session_key, row.channel]));
  const wrong = events
    .map((event) => ({ ...event, expected: channelOf(event), found: found.get(event.eventId) }))
    .filter((one) => one.expected !== one.found);
  expect(wrong).toEqual([]);
  expect(new Set(found.values()).size).toBeGreaterThan(15);
});

it('a late event joins two sessions into one, and the visitor, the day and the hour follow', async () => {
  const at = (eventId: string, minute: number, receivedMinute = minute): ModelEvent => ({
    ...SOME_EVENT,
    eventId,
    eventTime: SOME_EVENT.eventTime + minute * MINUTE_MILLIS,
    receivedAt: SOME_EVENT.eventTime + receivedMinute * MINUTE_MILLIS,
  });
  await warehouse.load([at('first', 0), at('last', 40)]);
  await warehouse.follow(USUAL_ANALYSIS);
  expect((await warehouse.models()).sessions).toHaveLength(2);
  await warehouse.load([at('late', 20, 90)]);
  expect(await warehouse.follow(USUAL_ANALYSIS)).toMatchObject({
    rowsNew: 1,
    rowsRead: 3,
    sessionsReplaced: 2,
  });
  const models = await warehouse.models();
  expect(models.sessions).toMatchObject([
    { session_key: 'first', page_view_count: 3, engaged_seconds: 2400 },
  ]);
  expect(models.visitors).toMatchObject([{ session_count: 1, page_view_count: 3 }]);
  expect(models.site_traffic).toMatchObject([{ session_count: 1, bounce_count: 0 }]);
  expect(models.events_daily).toMatchObject([{ event_count: 3, visitors: 1 }]);
});

it('another campaign begins a new session when the settings say so, and the same one again does not', async () => {
  const google = { utmSource: 'google', utmMedium: 'cpc' };
  const letter = { utmSource: 'newsletter', utmMedium: 'email' };
  const arrivals = [{}, {}, google, {}, google, letter, {}, google];
  await warehouse.load(
    arrivals.map((arrival, minute) => ({
      ...SOME_EVENT,
      ...arrival,
      eventId: `${minute}`,
      eventTime: SOME_EVENT.eventTime + minute * MINUTE_MILLIS,
      receivedAt: SOME_EVENT.eventTime + minute * MINUTE_MILLIS,
    })),
  );
  const sessions = async (newSessionAtCampaign: boolean) => {
    await warehouse.rebuild({ ...USUAL_ANALYSIS, newSessionAtCampaign });
    const found = (await warehouse.models()).sessions;
    return found.map(({ started_at, channel, event_count }) => [started_at, channel, event_count]).sort();
  };
  expect(await sessions(false)).toEqual([['2026-06-10 12:00:00.000', 'Direct', 8]]);
  expect(await sessions(true)).toEqual([
    ['2026-06-10 12:00:00.000', 'Direct', 2],
    ['2026-06-10 12:02:00.000', 'Paid Search', 3],
    ['2026-06-10 12:05:00.000', 'Email', 2],
    ['2026-06-10 12:07:00.000', 'Paid Search', 1],
  ]);
});

it('touching one visitor reads no event of another', async () => {
  const of = (visitorId: string, count: number): ModelEvent[] =>
    Array.from({ length: count }, (_, index) => ({
      ...SOME_EVENT,
      visitorId,
      eventId: `${visitorId}-${index}`,
      eventTime: SOME_EVENT.eventTime + index * 1000,
      receivedAt: SOME_EVENT.eventTime + index * 1000,
    }));
  await warehouse.load([...of('a', 5), ...of('b', 50)]);
  await warehouse.follow(USUAL_ANALYSIS);
  await warehouse.load([{ ...SOME_EVENT, eventId: 'new', eventTime: SOME_EVENT.eventTime + 60_000 }]);
  expect(await warehouse.follow(USUAL_ANALYSIS)).toMatchObject({
    rowsNew: 1,
    rowsRead: 6,
    sessionsWritten: 1,
  });
});

it('a run that another has overtaken fails whole, and the next attempt follows what is left', async () => {
  await warehouse.load([SOME_EVENT]);
  const tools = warehouse.tools(USUAL_ANALYSIS);
  const waiting = await readWaiting(tools);
  const stale = await planRun(tools, waiting, 0);
  if (stale === undefined) throw new Error('nothing waits');
  await warehouse.follow(USUAL_ANALYSIS);
  const before = await warehouse.tables();
  await expect(
    warehouse.warehouse.run(runStatements(MODEL_TEMPLATES, stale), { user: 'modeler' }),
  ).rejects.toMatchObject({
    statementIndex: GUARD_STATEMENT,
  });
  expect(await warehouse.tables()).toEqual(before);
});

it('analysts read the models and nothing below them', async () => {
  await warehouse.warehouse.run(['CREATE USER ana PASSWORD DISABLE', 'GRANT ROLE analyst TO ana']);
  for (const sql of MODEL_EXAMPLES) {
    await expect(warehouse.warehouse.query(sql.replace(/;$/, ''), { user: 'ana' })).resolves.toMatchObject({
      rowCount: 0,
    });
  }
  const schemas = await warehouse.warehouse.query(
    "SELECT DISTINCT table_schema FROM svv_columns WHERE table_schema IN ('models', 'ops', 'landing')",
  );
  expect(schemas.rowCount).toBe(3);
  for (const table of ['models.sessions', 'models.page_views', 'ops.model_runs', 'landing.events']) {
    await expect(warehouse.warehouse.query(`SELECT COUNT(*) FROM ${table}`, { user: 'ana' })).rejects.toThrow(
      /permission denied/,
    );
  }
});

it('every column of every model has a comment', async () => {
  const comments = readFileSync(path.resolve(__dirname, '../../sql/models/comments.sql'), 'utf8');
  await warehouse.warehouse.run(splitStatements(comments));
  const { rows = [] } = await warehouse.warehouse.query(
    "SELECT table_name, column_name FROM svv_columns WHERE table_schema = 'models'",
  );
  const missing = rows
    .map(([table, column]) => `models.${table}.${column}`)
    .filter((column) => !/\.chain_/.test(column) && !comments.includes(`COMMENT ON COLUMN ${column} IS`));
  expect(rows.length).toBeGreaterThan(80);
  expect(missing).toEqual([]);
});

it('a second run follows nothing and changes nothing', async () => {
  await warehouse.load([SOME_EVENT]);
  expect(await warehouse.follow(USUAL_ANALYSIS)).toMatchObject({ runs: 1, batches: 1, rowsNew: 1 });
  const before = await warehouse.tables();
  expect(await warehouse.follow(USUAL_ANALYSIS)).toMatchObject({ runs: 0, batches: 0, rowsNew: 0 });
  expect(await warehouse.tables()).toEqual(before);
});
