import { CopyObjectCommand, DeleteObjectCommand } from '@aws-sdk/client-s3';
import { type BrokenObject, moveToQuarantine } from '../../../lambda/loader/quarantine';
import { DataApi } from '../../../lambda/shared/dataApi';
import { FakeClock } from '../../support/fakeClock';
import { type BatchScript, FakeDataApi } from '../../support/fakeDataApi';
import { eTagOf, FakeLake } from '../../support/fakeLake';

const BYTES = Buffer.from('this is no Parquet');
const KEY = 'events/year=2026/a b.parquet';

const broken = (key = KEY, more: Partial<BrokenObject> = {}): BrokenObject => ({
  key,
  eTag: eTagOf(BYTES),
  bytes: BYTES.length,
  rows: undefined,
  reason: 'not_parquet',
  detail: "it is no Parquet file: it's text",
  ...more,
});

function start(script: (sqls: readonly string[]) => BatchScript = () => ({})) {
  const lake = new FakeLake('lake');
  const clock = new FakeClock();
  const dataApi = new FakeDataApi(script);
  const target = { ClusterIdentifier: 'cluster', Database: 'clickstream', DbUser: 'loader' };
  const tools = {
    s3: lake.client,
    dataApi: new DataApi(dataApi.client, target, clock),
    clock,
    bucketName: 'lake',
  };
  const move = async (objects: readonly BrokenObject[] = [broken()], seconds = 60) =>
    (await moveToQuarantine(tools, objects, clock.now() + seconds * 1_000)).map(({ fate }) => fate);
  lake.objects.set(KEY, BYTES);
  return { lake, dataApi, move };
}

const COPY = `quarantine/${KEY}`;

describe('moving an object to quarantine', () => {
  it('writes the ledger, copies, deletes, in this order', async () => {
    const steps: string[] = [];
    const { lake, move } = start((sqls) => {
      steps.push('ledger');
      expect(sqls).toHaveLength(4);
      expect(sqls.at(-1)).toContain("it''s text");
      return {};
    });
    lake.onCommand = (command) => {
      if (command instanceof CopyObjectCommand) steps.push('copy');
      if (command instanceof DeleteObjectCommand) steps.push('delete');
    };
    expect(await move()).toEqual(['moved']);
    expect(steps).toEqual(['ledger', 'copy', 'delete']);
    expect(lake.objects).toEqual(new Map([[COPY, BYTES]]));
    expect(lake.metadata.get(COPY)).toEqual({ reason: 'not_parquet' });
  });

  it('moves nothing when the ledger cannot be written', async () => {
    const { lake, move } = start(() => ({ status: 'FAILED', error: 'ERROR: Disk Full', failedAt: 1 }));
    expect(await move()).toEqual(['left']);
    expect(lake.objects).toEqual(new Map([[KEY, BYTES]]));
  });

  it.each([
    ['before the copy', CopyObjectCommand],
    ['before the deletion', DeleteObjectCommand],
  ])('is right to be run again when it was cut off %s', async (_, step) => {
    const { lake, move } = start();
    lake.onCommand = (command) => {
      if (command instanceof step) throw new Error('cut off');
    };
    expect(await move()).toEqual(['left']);
    expect(lake.objects.get(KEY)).toEqual(BYTES);
    lake.onCommand = () => undefined;
    expect(await move()).toEqual(['moved']);
    expect(lake.objects).toEqual(new Map([[COPY, BYTES]]));
  });

  it('never touches what somebody has put in its place, and takes the ledger’s row back', async () => {
    const better = Buffer.from('better');
    const { lake, move, dataApi } = start();
    lake.objects.set(KEY, better);
    expect(await move()).toEqual(['replaced']);
    expect(lake.objects).toEqual(new Map([[KEY, better]]));
    expect(dataApi.batches.at(-1)?.sqls).toEqual([
      expect.stringMatching(
        /^UPDATE ops.quarantined_objects SET released_at .* release = 'not_moved' WHERE object_key = 'events/,
      ),
    ]);
  });

  it('keeps what was broken when it is replaced after the copy', async () => {
    const better = Buffer.from('better');
    const { lake, move } = start();
    lake.onCommand = (command) => {
      if (command instanceof DeleteObjectCommand) lake.objects.set(KEY, better);
    };
    expect(await move()).toEqual(['moved']);
    expect(lake.objects).toEqual(
      new Map([
        [KEY, better],
        [COPY, BYTES],
      ]),
    );
  });

  it('says so when the object is gone, and leaves no open row', async () => {
    const { lake, move, dataApi } = start();
    lake.objects.clear();
    expect(await move()).toEqual(['gone']);
    expect(dataApi.batches.at(-1)?.sqls[0]).toContain("release = 'not_moved'");
  });

  it('leaves an object whose row cannot be taken back to a later run', async () => {
    let batches = 0;
    const { lake, move } = start(() =>
      ++batches === 2 ? { status: 'FAILED', error: 'ERROR: Disk Full', failedAt: 0 } : {},
    );
    lake.objects.clear();
    expect(await move()).toEqual(['left']);
    expect(await move()).toEqual(['gone']);
  });

  it('moves five hundred with a few transactions', async () => {
    const { lake, move, dataApi } = start();
    lake.objects.clear();
    const objects = Array.from({ length: 500 }, (_, index) => broken(`events/${index}.parquet`));
    for (const { key } of objects) lake.objects.set(key, BYTES);
    expect(new Set(await move(objects))).toEqual(new Set(['moved']));
    expect([...lake.objects.keys()].every((key) => key.startsWith('quarantine/events/'))).toBe(true);
    expect(lake.objects.size).toBe(500);
    expect(dataApi.batches.length).toBeLessThanOrEqual(30);
  });

  it('begins nothing when time is up', async () => {
    const { lake, move, dataApi } = start();
    expect(await move([broken()], 0)).toEqual(['left']);
    expect(dataApi.batches).toEqual([]);
    expect(lake.objects).toEqual(new Map([[KEY, BYTES]]));
  });

  it('keeps a detail within the ledger’s column, whole characters only', async () => {
    let detail = '';
    const { move } = start((sqls) => {
      detail = /'(ü+)'/.exec(sqls.at(-1) ?? '')?.[1] ?? '';
      return {};
    });
    await move([broken(KEY, { detail: `${'ü'.repeat(3_000)}` })]);
    expect(Buffer.byteLength(detail)).toBe(4_096);
  });
});
