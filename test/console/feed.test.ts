import { LiveEvents } from '../../console/server/feed/liveEvents';
import { localFeed } from '../../console/server/feed/localFeed';
import { Rates } from '../../console/server/feed/rates';
import { MODELER_METRICS } from '../../lib/contract/names';

describe('rates', () => {
  it('are what was added a second since the last look', () => {
    const rates = new Rates<'events'>();
    expect(rates.look({ events: 100 }, 10_000).events).toEqual({ total: 100, perSecond: 0 });
    expect(rates.look({ events: 400 }, 12_000).events).toEqual({ total: 400, perSecond: 150 });
    expect(rates.look({ events: 400 }, 13_000).events).toEqual({ total: 400, perSecond: 0 });
  });

  it('stay when two looks follow each other at once', () => {
    const rates = new Rates<'events'>();
    rates.look({ events: 0 }, 0);
    rates.look({ events: 50 }, 1_000);
    expect(rates.look({ events: 60 }, 1_010).events).toEqual({ total: 50, perSecond: 50 });
  });
});

describe('the latest events', () => {
  const row = (name: string) =>
    JSON.stringify({ event_name: name, site_id: 'shop', page_path: '/a', is_bot: name === 'crawl' });
  const answerOf = (...lines: string[]) => ({
    records: [
      {
        recordId: '1',
        result: 'Ok',
        data: Buffer.from(lines.map((line) => `${line}\n`).join('')).toString('base64'),
      },
      { recordId: '2', result: 'ProcessingFailed' },
    ],
  });

  it('have the last rows of an answer of the transform, in order', () => {
    const live = new LiveEvents(() => 1_000);
    live.onTransformed(
      answerOf(...Array.from({ length: 50 }, (_, index) => row(`event ${index}`)), row('crawl')),
    );
    const names = live.after(0).map(({ name }) => name);
    expect(names).toEqual(['event 45', 'event 46', 'event 47', 'event 48', 'event 49', 'crawl']);
    expect(live.after(0).at(-1)).toMatchObject({
      fate: 'row',
      site: 'shop',
      what: '/a',
      note: 'bot',
      atMillis: 1_000,
    });
    expect(live.after(live.after(0).at(-2)?.number ?? 0).map(({ name }) => name)).toEqual(['crawl']);
  });

  it('have rejected events with the reason and what was sent, if it was JSON or not', () => {
    const live = new LiveEvents(() => 0);
    const rejected = (original: string) =>
      Buffer.from(JSON.stringify({ reason: 'not_json', detail: 'it is "x"', original }));
    live.onRejected(rejected('{"event_name":"sale","site_id":7'));
    live.onRejected(rejected('{"event_name":"sale","site_id":"shop"}'));
    live.onRejected(Buffer.from('no JSON'));
    expect(live.after(0)).toMatchObject([
      { fate: 'rejected', name: '', note: 'not_json: it is "x"', what: '{"event_name":"sale","site_id":7' },
      { fate: 'rejected', name: 'sale', site: 'shop' },
    ]);
  });

  it('are no more than a page can list, and no flood of rejected ones', () => {
    let now = 0;
    const live = new LiveEvents(() => now);
    const line = Buffer.from(JSON.stringify({ reason: 'r', detail: '', original: 'x'.repeat(10_000) }));
    for (let times = 0; times < 500; times++) live.onRejected(line);
    expect(live.after(0)).toHaveLength(20);
    expect(live.after(0)[0]?.what).toHaveLength(160);
    for (now = 1_000; now < 60_000; now += 100) live.onRejected(line);
    expect(live.after(0)).toHaveLength(100);
  });

  it('do not mind answers they do not understand', () => {
    const live = new LiveEvents();
    for (const answer of [undefined, {}, { records: [] }, { records: [{ result: 'Ok', data: '!' }] }]) {
      live.onTransformed(answer);
    }
    expect(live.after(0)).toEqual([]);
  });
});

describe('the numbers of a local run', () => {
  let models = 0;
  function pipelineWith(events: number, batches: number) {
    const delivery = {
      recordsIn: 3,
      bytesIn: 9_000,
      recordsDropped: 0,
      recordsFailed: { 'processing-failed': 1, 'format-conversion-failed': 0 },
      rowsDelivered: events,
      objects: 2,
    };
    return {
      streamRecords: () => 5,
      metrics: () => ({ [MODELER_METRICS.batches]: models }),
      counts: () => ({
        transform: {
          recordsIn: 3,
          eventsIn: events,
          rows: events,
          rejected: 4,
          rejectedByReason: { not_json: 4 },
          putBack: 0,
          bots: 1,
        },
        delivery,
        rejectedDelivery: delivery,
        rejectedTaken: 4,
        loads: { batchesLoaded: batches, rowsNew: events, rowsDuplicate: 6, objectsQuarantined: 1 },
        notificationsWaiting: 7,
        notificationsDead: 0,
      }),
    };
  }

  it('say what flows, what waits, and when the last load was seen', async () => {
    let now = 1_000;
    let pipeline = pipelineWith(100, 0);
    // Only what the feed looks at.
    const watched = {
      counts: () => pipeline.counts(),
      streamRecords: () => pipeline.streamRecords(),
      metrics: () => ({ [MODELER_METRICS.batches]: models }),
    };
    const feed = localFeed(
      watched as unknown as Parameters<typeof localFeed>[0],
      new LiveEvents(),
      () => now,
    );
    expect((await feed.snapshot()).warehouse.loadedAtMillis).toBeUndefined();
    const before = feed.dataVersion();
    now = 3_000;
    pipeline = pipelineWith(300, 1);
    expect(await feed.snapshot()).toMatchObject({
      stream: { records: { total: 5 }, recordsWaiting: 2 },
      transform: { events: { total: 300, perSecond: 100 }, rejectedByReason: { not_json: 4 } },
      lake: { objects: 2, failed: 1 },
      loader: { batches: { total: 1, perSecond: 0.5 }, objectsWaiting: 7, quarantined: 1 },
      warehouse: { rowsNew: { total: 300 }, duplicates: 6, loadedAtMillis: 3_000 },
    });
    const loaded = feed.dataVersion();
    expect(loaded).not.toBe(before);
    models++;
    expect(feed.dataVersion()).not.toBe(loaded);
  });
});
