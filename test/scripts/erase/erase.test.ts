import { gunzipSync, gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type ErasureRequest, erase, search } from '../../../scripts/erase/erase';
import type { Receipt } from '../../../scripts/erase/receipt';
import { ErasureState } from '../../../scripts/erase/state';
import { type ErasureLake, ErasureStage } from '../../support/erasure';
import { eventParquet, eventRow } from '../../support/eventParquet';
import { tempDirectory } from '../../support/tempDirectory';

const directory = tempDirectory('erase');
let stage: ErasureStage;
beforeAll(async () => {
  stage = await ErasureStage.start(directory);
});
afterAll(() => stage.close());
// A busy machine needs time to encode and query.
const HOUR_1 = 'events/year=2026/month=03/day=01/hour=01/a.parquet';
const HOUR_2 = 'events/year=2026/month=03/day=01/hour=02/b.parquet';
const UNTOUCHED = 'events/year=2026/month=03/day=02/hour=00/c.parquet';
const ASIDE = 'quarantine/events/year=2026/month=03/day=01/hour=01/q.parquet';
const ERRORS = 'errors/processing-failed/year=2026/month=03/day=01/hour=01/e';
const REJECTED = 'rejected/year=2026/month=03/day=01/hour=01/r.gz';
const HORIZONS = { inFlightHours: 24, snapshotDays: 1 };
const TIME = '2026-03-01 01:10:00.000';

let files: { full: Buffer; other: Buffer };
beforeAll(async () => {
  const rows = [
    eventRow('1', TIME, { visitor_id: 'anna' }),
    eventRow('2', TIME, { visitor_id: 'bert', user_id: 'u1' }),
    eventRow('3', TIME, { visitor_id: 'anna', site_id: 'blog' }),
    eventRow('4', TIME),
    eventRow('5', TIME, { visitor_id: 'bert' }),
    eventRow('6', TIME, { visitor_id: 'anna', user_id: 'u2' }),
  ];
  files = {
    full: await eventParquet(rows),
    other: await eventParquet([eventRow('7', TIME, { visitor_id: 'carl' })]),
  };
});

const lines = (...values: object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const event = (visitor_id: string) => ({ event_name: 'page_view', site_id: 'shop', visitor_id });
const errorLine = (data: Buffer) => ({ attemptsMade: 1, errorCode: 'x', rawData: data.toString('base64') });
const rejectedLine = (id: string, original: string) => ({
  rejected_id: id,
  reason: 'missing_site',
  original,
  encoding: 'utf8',
  part: 1,
  parts: 1,
});

/** A lake in which `anna` is everywhere, and a warehouse that has loaded the first object. */
async function fill(lake: ErasureLake): Promise<void> {
  await lake.put(HOUR_1, files.full);
  await lake.put(HOUR_2, files.full);
  // Its old version is the only one with her.
  await lake.put(HOUR_2, files.other);
  await lake.put(UNTOUCHED, files.other, { origin: 'test' });
  await lake.put(ASIDE, files.full);
  const pack = gzipSync(lines(event('anna'), event('bert')));
  await lake.put(ERRORS, lines(errorLine(pack), errorLine(Buffer.from(lines(event('carl'))))));
  const rejected = lines(
    rejectedLine('r1', '{"visitor_id":"anna"}'),
    rejectedLine('r2', '{"visitor_id":"bert"}'),
  );
  await lake.put(REJECTED, gzipSync(rejected));
  await lake.put('counts/year=2026/month=03/day=01/hour=01/n.gz', gzipSync('{}'));
  for (const table of ['landing.events', 'analysis.visitors', 'ops.load_files'])
    await stage.query(`DELETE FROM ${table}`);
  await stage.query(`INSERT INTO landing.events VALUES ('1', 'shop', 'anna', NULL), ('2', 'shop', 'bert', 'u1'),
    ('3', 'blog', 'anna', NULL), ('4', 'shop', NULL, NULL), ('5', 'shop', 'bert', NULL), ('6', 'shop', 'anna', 'u2')`);
  await stage.query(`INSERT INTO analysis.visitors VALUES ('anna', 3), ('bert', 1)`);
  await stage.query(`INSERT INTO ops.load_files VALUES ('${HOUR_1}')`);
}

function request(lake: ErasureLake, more: Partial<ErasureRequest['subject']> = {}): ErasureRequest {
  return {
    target: lake.target,
    subject: { kind: 'visitor', id: 'anna', site: undefined, withVisitors: false, ...more },
    range: { fromMillis: undefined, toMillis: undefined },
    onProgress: () => {},
  };
}

const eventsOf = async () => (await stage.query('SELECT event_id FROM landing.events ORDER BY 1')).flat();

async function newLake(isVersioned = true): Promise<ErasureLake> {
  const lake = stage.newLake(isVersioned);
  await fill(lake);
  return lake;
}

/** What is true when `anna` is gone and nobody else is. */
async function expectErased(lake: ErasureLake, receipt: Receipt): Promise<void> {
  expect(await lake.eventIds(HOUR_1)).toEqual(['2', '4', '5']);
  expect(await lake.eventIds(HOUR_2)).toEqual(['7']);
  expect(await lake.eventIds(ASIDE)).toEqual(['2', '4', '5']);
  expect((await lake.get(UNTOUCHED)).bytes.equals(files.other)).toBe(true);
  const errors = (await lake.get(ERRORS)).bytes.toString().trim().split('\n');
  const records = errors.map((line) => Buffer.from(JSON.parse(line).rawData, 'base64'));
  expect(records.map((record, i) => (i === 0 ? gunzipSync(record) : record).toString())).toEqual([
    lines(event('bert')),
    lines(event('carl')),
  ]);
  expect(gunzipSync((await lake.get(REJECTED)).bytes).toString()).toBe(
    lines(rejectedLine('r2', '{"visitor_id":"bert"}')),
  );
  expect(await eventsOf()).toEqual(['2', '4', '5']);
  expect(await stage.query('SELECT visitor_id FROM analysis.visitors')).toEqual([['bert']]);
  expect(new Set(Object.values(await lake.versionCounts('events/')))).toEqual(new Set([1]));
  expect(await lake.versionCounts('erasures/')).toEqual({
    [`erasures/${receipt.erasureId}/receipt.json`]: 1,
  });
  expect(receipt.totals).toMatchObject({
    objectsRewritten: 4,
    erasedFromObjects: 11,
    erasedFromWarehouse: 4,
  });
  expect(receipt.changes.every(({ isDone }) => isDone)).toBe(true);
  expect(JSON.stringify(receipt)).not.toContain('anna');
  const again = await search(request(lake));
  expect([again.hits, again.warehouse.tables.map(({ found }) => found)]).toEqual([[], [0, 0]]);
}

describe('an erasure', () => {
  it('changes nothing as a dry run, and tells what it would change', async () => {
    const lake = await newLake();
    const before = await lake.versionCounts();
    const report = await search(request(lake));
    expect(report.hits.map(({ version, found }) => [version.key, version.isLatest, found])).toEqual([
      [HOUR_1, true, 3],
      [HOUR_2, false, 3],
      [ASIDE, true, 3],
      [ERRORS, true, 1],
      [REJECTED, true, 1],
    ]);
    expect(report.warehouse.tables).toEqual([
      { table: 'analysis.visitors', rowsBefore: 2, found: 1, rowsAfter: 2 },
      { table: 'landing.events', rowsBefore: 6, found: 3, rowsAfter: 6 },
    ]);
    expect(await lake.versionCounts()).toEqual(before);
    expect(await eventsOf()).toHaveLength(6);
  });

  it('leaves no trace, loses nothing else, and gives a receipt that does not name the person', async () => {
    const lake = await newLake();
    const receipt = await erase(request(lake), HORIZONS);
    await expectErased(lake, receipt);
    expect(receipt.wasResumed).toBe(false);
    for (const { before, after, erased, key } of receipt.changes) {
      if (after && key.endsWith('.parquet')) expect(before.rows).toBe(after.rows + erased);
    }
    expect((await lake.get(UNTOUCHED)).metadata).toEqual({ origin: 'test' });
    // So that the loader does not load again what the warehouse has loaded, and nothing else is kept from it.
    expect((await lake.get(HOUR_1)).metadata).toEqual({ 'loaded-into': 'the-cluster' });
    expect((await lake.get(ASIDE)).metadata).toEqual({});
    const stored = (await lake.get(`erasures/${receipt.erasureId}/receipt.json`)).bytes.toString();
    expect(JSON.parse(stored)).toEqual(JSON.parse(JSON.stringify(receipt)));
  });

  it('works on a bucket without versions, too', async () => {
    const lake = await newLake(false);
    const receipt = await erase(request(lake), HORIZONS);
    expect(receipt.totals).toMatchObject({ objectsRewritten: 4, versionsDeleted: 0, erasedFromObjects: 8 });
    expect(await lake.eventIds(HOUR_1)).toEqual(['2', '4', '5']);
    expect((await search(request(lake))).hits).toEqual([]);
  });

  it('is finished by the same command when it was killed, wherever that was', async () => {
    let requests = 0;
    let killAt = Number.POSITIVE_INFINITY;
    let isAfter = false;
    const kill = () => {
      throw new Error('killed');
    };
    stage.s3.middlewareStack.add(
      (next) => async (args) => {
        requests++;
        const isKilled = requests >= killAt;
        if (isKilled && !isAfter) kill();
        // Killed once, it sends nothing more.
        if (isKilled && requests > killAt) kill();
        const answer = await next(args);
        if (isKilled) kill();
        return answer;
      },
      { step: 'initialize', name: 'kill' },
    );
    try {
      const first = await newLake();
      requests = 0;
      await expectErased(first, await erase(request(first), HORIZONS));
      const total = requests;
      expect(total).toBeGreaterThan(40);
      // Before and after requests of every kind: state, rewriting, deleting versions, staging, cleaning up.
      for (const at of [3, 13, 24, 36, 52]) {
        killAt = Number.POSITIVE_INFINITY;
        const lake = await newLake();
        requests = 0;
        killAt = at;
        isAfter = at % 2 === 0;
        await expect(erase(request(lake), HORIZONS)).rejects.toThrow('killed');
        killAt = Number.POSITIVE_INFINITY;
        await expectErased(lake, await erase(request(lake), HORIZONS));
      }
    } finally {
      stage.s3.middlewareStack.remove('kill');
    }
  });

  it('knows what it deleted from the warehouse when it was killed right after the commit', async () => {
    const lake = await newLake();
    const killed = jest
      .spyOn(ErasureState.prototype, 'setWarehouse')
      .mockRejectedValueOnce(new Error('killed'));
    await expect(erase(request(lake), HORIZONS)).rejects.toThrow('killed');
    killed.mockRestore();
    expect(await eventsOf()).toEqual(['2', '4', '5']);
    const receipt = await erase(request(lake), HORIZONS);
    await expectErased(lake, receipt);
    expect(receipt.wasResumed).toBe(true);
    expect(receipt.warehouse.tables).toEqual([
      { table: 'analysis.visitors', rowsBefore: 2, found: 1, rowsAfter: 1 },
      { table: 'landing.events', rowsBefore: 6, found: 3, rowsAfter: 3 },
    ]);
  });

  it('does not write over an object that changes under its hands, says so, and gets it the next time', async () => {
    const lake = await newLake();
    let isChanged = false;
    stage.s3.middlewareStack.add(
      (next) => async (args) => {
        const input = args.input as { Key?: string; IfMatch?: string };
        if (!isChanged && input.Key === HOUR_1 && 'Body' in input && input.IfMatch !== undefined) {
          isChanged = true;
          await stage.s3.send(
            new PutObjectCommand({
              Bucket: lake.bucketName,
              Key: HOUR_1,
              Body: await fileOf('anna', 'dora'),
            }),
          );
        }
        return next(args);
      },
      { step: 'initialize', name: 'change' },
    );
    const receipt = await erase(request(lake), HORIZONS).finally(() =>
      stage.s3.middlewareStack.remove('change'),
    );
    expect(receipt.notSearched).toEqual([
      expect.objectContaining({ key: HOUR_1, reason: 'it changed while it was rewritten: run again' }),
    ]);
    await erase(request(lake), HORIZONS);
    expect(await lake.eventIds(HOUR_1)).toEqual(['dora']);
    expect((await search(request(lake))).hits).toEqual([]);
  });

  it('lists what it cannot read, and erases the rest', async () => {
    const lake = await newLake();
    await lake.put(`${ASIDE}.parquet`, 'no Parquet');
    await lake.put(`${REJECTED}x`, Buffer.from([0x1f, 0x8b, 8, 0]));
    const receipt = await erase(request(lake), HORIZONS);
    expect(receipt.notSearched.map(({ key, reason }) => [key, reason])).toEqual([
      [`${ASIDE}.parquet`, expect.stringContaining('it is no Parquet file')],
      [`${REJECTED}x`, 'its 4 bytes of gzip do not decompress'],
    ]);
    expect(await lake.eventIds(HOUR_1)).toEqual(['2', '4', '5']);
  });

  it('keeps to the arrival hours it is given, and to the one before, in the lake', async () => {
    const lake = await newLake();
    const range = {
      fromMillis: Date.parse('2026-03-01T03:00:00Z'),
      toMillis: Date.parse('2026-03-02T00:00:00Z'),
    };
    const report = await search({ ...request(lake), range });
    expect(report.partitions.map(({ prefix }) => prefix)).toEqual([
      'events/year=2026/month=03/day=01/hour=02/',
    ]);
  });
});

describe('whose events are erased', () => {
  it('are those of one site when it is named; a table that does not tell sites apart is left, and said so', async () => {
    const lake = await newLake();
    const receipt = await erase(request(lake, { site: 'blog' }), HORIZONS);
    expect(await lake.eventIds(HOUR_1)).toEqual(['1', '2', '4', '5', '6']);
    expect(await eventsOf()).toEqual(['1', '2', '4', '5', '6']);
    expect(receipt.warehouse.left).toEqual([
      { table: 'analysis.visitors', reason: 'it does not tell sites apart' },
    ]);
  });

  it('are a user’s, and those of their visitors without a user when asked for', async () => {
    const user = { kind: 'user', id: 'u1' } as const;
    const lake = await newLake();
    expect((await search(request(lake, user))).visitorsOfUser).toBe(1);
    await erase(request(lake, user), HORIZONS);
    expect(await lake.eventIds(HOUR_1)).toEqual(['1', '3', '4', '5', '6']);
    const other = await newLake();
    await erase(request(other, { ...user, withVisitors: true }), HORIZONS);
    expect(await other.eventIds(HOUR_1)).toEqual(['1', '3', '4', '6']);
    expect(await eventsOf()).toEqual(['1', '3', '4', '6']);
    expect(await stage.query('SELECT visitor_id FROM analysis.visitors')).toEqual([['anna']]);
  });

  it('are found by the stored form of an identifier that was too long to store', async () => {
    const id = 'v'.repeat(129);
    const lake = stage.newLake(true);
    // First 32 hex digits of its SHA-256, computed with sha256sum.
    await lake.put(
      HOUR_1,
      await eventParquet([eventRow('1', TIME, { visitor_id: LONG_HASH }), eventRow('2', TIME)]),
    );
    await erase(request(lake, { id }), HORIZONS);
    expect(await lake.eventIds(HOUR_1)).toEqual(['2']);
  });
});

/** `printf 'v%.0s' $(seq 129) | sha256sum | cut -c1-32` */
const LONG_HASH = '0ee6e32cf821a84424583c89314d9058';

async function fileOf(...visitors: string[]): Promise<Buffer> {
  return eventParquet(visitors.map((visitor_id) => eventRow(visitor_id, TIME, { visitor_id })));
}
