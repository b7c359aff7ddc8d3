import fc from 'fast-check';
import type { Failure } from '../../../lambda/loader/failures';
import { divide, Isolation, MAX_FRUITLESS_LOADS } from '../../../lambda/loader/isolate';
import type { LakeObject } from '../../../lambda/loader/lakeObject';
import { StatementFailedError } from '../../../lambda/shared/dataApi';

const TOO_LONG = 'The length of the data column country is longer than the length defined in the table.';

const object = (key: string): LakeObject => ({
  key,
  eTag: '"1"',
  bytes: 1,
  rows: 1,
  columnCount: 60,
  createdAtMillis: 0,
  hours: undefined,
});
/** Keys that sort as their numbers do. */
const keyOf = (index: number) => `events/${String(index).padStart(6, '0')}.parquet`;
const objectsTo = (count: number) => Array.from({ length: count }, (_, index) => object(keyOf(index)));

interface World {
  readonly isBroken: (key: string) => boolean;
  readonly message?: (brokenKeys: readonly string[]) => string;
  readonly hasTime?: () => boolean;
}

/** A warehouse that refuses a load with a broken object in it. */
function world({ isBroken, message = () => TOO_LONG, hasTime = () => true }: World) {
  const loaded: string[] = [];
  const isolated: { key: string; failure: Failure }[] = [];
  const loads: { size: number; isRefused: boolean }[] = [];
  const isolation = new Isolation({
    hasTime,
    isolated: async ({ key }, failure) => {
      isolated.push({ key, failure });
    },
    load: async (objects) => {
      const broken = objects.filter(({ key }) => isBroken(key)).map(({ key }) => key);
      loads.push({ size: objects.length, isRefused: broken.length > 0 });
      if (broken.length > 0) {
        return { fate: 'failed', error: new StatementFailedError('1', 'FAILED', message(broken), 2) };
      }
      loaded.push(...objects.map(({ key }) => key));
      const count = objects.length;
      return {
        fate: 'loaded',
        batchId: 'b',
        rowsExpected: count,
        rowsStaged: count,
        rowsNew: count,
        rowsDuplicate: 0,
      };
    },
  });
  return {
    isolation,
    loaded,
    isolated,
    loads,
    refusals: () => loads.filter(({ isRefused }) => isRefused).length,
  };
}

describe('loading around broken objects', () => {
  it('loads every good object and isolates every broken one, each once, whichever they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }),
        fc.boolean(),
        async (brokenness, isNamed) => {
          const isBroken = (key: string) => brokenness[Number(/\d+/.exec(key)?.[0])] ?? false;
          const message = (keys: readonly string[]) =>
            isNamed ? `${TOO_LONG} File name: ${keys[0]}` : TOO_LONG;
          const { isolation, loaded, isolated } = world({ isBroken, message });
          const objects = objectsTo(brokenness.length);
          expect(await isolation.load(objects)).toEqual({ end: 'done' });
          const keys = objects.map(({ key }) => key);
          expect(loaded.toSorted()).toEqual(keys.filter((key) => !isBroken(key)));
          expect(isolated.map(({ key }) => key).toSorted()).toEqual(keys.filter(isBroken));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('finds one among a thousand within the refusals it puts up with', async () => {
    for (const index of [0, 1, 499, 998, 999]) {
      const { isolation, isolated, loads, refusals } = world({ isBroken: (key) => key === keyOf(index) });
      expect(await isolation.load(objectsTo(1_000))).toEqual({ end: 'done' });
      expect(isolated.map(({ key }) => key)).toEqual([keyOf(index)]);
      expect(refusals()).toBeLessThanOrEqual(6);
      expect(loads.length).toBeLessThanOrEqual(21);
    }
  });

  it('needs one refusal for one that Redshift names', async () => {
    const { isolation, refusals, loads } = world({
      isBroken: (key) => key === keyOf(7),
      message: ([key]) => `${TOO_LONG} File name: https://s3.us-east-1.amazonaws.com/lake/${key}`,
    });
    expect(await isolation.load(objectsTo(1_000))).toEqual({ end: 'done' });
    expect(refusals()).toBe(1);
    expect(loads).toHaveLength(5);
  });

  it('loads the good ones first when the broken ones lie together, and needs little more than a load for each', async () => {
    const isBroken = (key: string) => key >= keyOf(500);
    const { isolation, loads, loaded, isolated } = world({ isBroken });
    // As SQS hands them out: in no order.
    const shuffled = objectsTo(1_000).map((_, index, all) => all[(index * 617) % 1_000] ?? object('none'));
    expect(await isolation.load(shuffled)).toEqual({ end: 'done' });
    expect(loaded).toHaveLength(500);
    expect(isolated).toHaveLength(500);
    const last = loads.findLastIndex(({ isRefused }) => !isRefused);
    expect(last).toBeLessThanOrEqual(5);
    expect(loads.length).toBeLessThanOrEqual(1.4 * 500);
  });

  it('gets further in every run, when a run has no time for all of a flood', async () => {
    const brokenKeys = new Set(
      objectsTo(1_000)
        .filter((_, index) => index % 2 === 0)
        .map(({ key }) => key),
    );
    let waiting = objectsTo(1_000);
    let runs = 0;
    for (; waiting.length > 0; runs++) {
      let time = 150;
      const { isolation, loaded, isolated } = world({
        isBroken: (key) => brokenKeys.has(key),
        hasTime: () => --time > 0,
      });
      await isolation.load(waiting);
      const settled = new Set([...loaded, ...isolated.map(({ key }) => key)]);
      expect(settled.size).toBeGreaterThan(0);
      waiting = waiting.filter(({ key }) => !settled.has(key));
    }
    expect(runs).toBeLessThanOrEqual(12);
  });
});

describe('when nothing helps', () => {
  it('stops after some refusals in a row that found nothing', async () => {
    const { isolation, loads } = world({ isBroken: () => true, message: () => 'what is this?' });
    expect(await isolation.load(objectsTo(1_000))).toMatchObject({
      end: 'hopeless',
      message: expect.stringContaining('what is this?'),
    });
    expect(loads).toHaveLength(MAX_FRUITLESS_LOADS);
  });

  it('counts these over the batches of a run', async () => {
    const { isolation, loads } = world({ isBroken: () => true, message: () => 'what is this?' });
    for (let batch = 0; batch < 3; batch++) await isolation.load([object('a'), object('b')]);
    expect(loads.length).toBe(9);
    for (let batch = 0; batch < 5; batch++) await isolation.load([object('a'), object('b')]);
    expect(loads.length).toBe(MAX_FRUITLESS_LOADS);
  });

  it('stops at once when no object can be at fault', async () => {
    const { isolation, loads, isolated } = world({
      isBroken: () => true,
      message: () => 'ERROR: Disk Full',
    });
    expect(await isolation.load(objectsTo(8))).toMatchObject({ end: 'hopeless' });
    expect(loads).toHaveLength(1);
    expect(isolated).toEqual([]);
  });

  it('tries one load without time, and no further', async () => {
    const { isolation, loads } = world({ isBroken: () => true, hasTime: () => false });
    expect(await isolation.load(objectsTo(8))).toEqual({ end: 'no time' });
    expect(loads).toHaveLength(1);
  });
});

it('the parts hold the whole, none is empty, and objects of an hour stay together', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 1 }), (keys) => {
      const parts = divide(keys.map(object));
      expect(parts.flat().map(({ key }) => key)).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)));
      expect(parts.length).toBeLessThanOrEqual(4);
      if (keys.length > 1) expect(parts.length).toBeGreaterThan(1);
      for (const part of parts) expect(part).not.toHaveLength(0);
    }),
  );
});
