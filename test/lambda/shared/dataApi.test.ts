import { DataApi, StatementFailedError, StatementTimeoutError } from '../../../lambda/shared/dataApi';
import { FakeClock } from '../../support/fakeClock';
import { type BatchScript, FakeDataApi } from '../../support/fakeDataApi';

const TARGET = { ClusterIdentifier: 'cluster', Database: 'clickstream', DbUser: 'loader' };

function start(script: BatchScript) {
  const clock = new FakeClock();
  const fake = new FakeDataApi(() => script);
  return { clock, fake, dataApi: new DataApi(fake.client, TARGET, clock) };
}

describe('DataApi', () => {
  it('follows a statement until it has finished, looking less and less often', async () => {
    const { clock, dataApi } = start({ polls: 14 });
    const id = await dataApi.submit(['SELECT 1'], 'name', 'token');
    await dataApi.follow(id, clock.now() + 60_000);
    expect(clock.naps).toHaveLength(14);
    expect(clock.naps.slice(0, 3)).toEqual([100, 150, 225]);
    expect(clock.naps.at(-1)).toBe(3_000);
  });

  it.each(['FAILED', 'ABORTED'] as const)('says which statement %s, and why', async (status) => {
    const { clock, dataApi } = start({ status, error: 'ERROR: no such table', failedAt: 1 });
    const id = await dataApi.submit(['SELECT 1', 'SELECT 2', 'SELECT 3'], 'name', 'token');
    const error = await dataApi.follow(id, clock.now() + 1_000).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StatementFailedError);
    expect(error).toMatchObject({ sqlIndex: 1, reason: 'ERROR: no such table', isConflict: false });
    expect(`${error}`).toContain(`${status}, SQL 2 of the batch: ERROR: no such table`);
  });

  it('names the statement that failed, not those that were aborted with it', async () => {
    const { clock, dataApi } = start({
      status: 'FAILED',
      error: 'ERROR: x',
      failedAt: 2,
      abortsEarlier: true,
    });
    const id = await dataApi.submit(['SELECT 1', 'SELECT 2', 'SELECT 3'], 'name', 'token');
    await expect(dataApi.follow(id, clock.now() + 1_000)).rejects.toMatchObject({
      sqlIndex: 2,
      reason: 'ERROR: x',
    });
  });

  it.each([
    'ERROR: 1023 DETAIL: Serializable isolation violation on table',
    'ERROR: conflict with concurrent transaction',
    'ERROR: deadlock detected',
  ])('knows "%s" for something that passes', async (error) => {
    const { clock, dataApi } = start({ status: 'FAILED', error, failedAt: 0 });
    const id = await dataApi.submit(['SELECT 1'], 'name', 'token');
    await expect(dataApi.follow(id, clock.now())).rejects.toMatchObject({ isConflict: true });
  });

  it('stops at the deadline and says that the statement may yet commit', async () => {
    const { clock, dataApi } = start({ polls: 1_000 });
    const deadline = clock.now() + 10_000;
    const id = await dataApi.submit(['SELECT 1'], 'name', 'token');
    await expect(dataApi.follow(id, deadline)).rejects.toThrow(StatementTimeoutError);
    expect(clock.now()).toBeLessThanOrEqual(deadline);
  });

  it('lets the API hold its answer back for as long as it may, and never past the deadline', async () => {
    const { clock, fake, dataApi } = start({ polls: 1_000 });
    const id = await dataApi.submit(['SELECT 1'], 'name', 'token');
    const startedAt = clock.now();
    await expect(dataApi.follow(id, startedAt + 60_000)).rejects.toThrow(StatementTimeoutError);
    expect(fake.waits[0]).toBe(30);
    const askedAt = clock.naps.map((_, nap) =>
      clock.naps.slice(0, nap).reduce((sum, millis) => sum + millis, 0),
    );
    for (const [look, millis] of askedAt.entries()) {
      expect(millis + 1_000 * (fake.waits[look] ?? Number.NaN)).toBeLessThanOrEqual(60_000);
    }
  });

  it('stops waiting when it is told to; the statement goes on until it is stopped itself', async () => {
    const { clock, dataApi } = start({ polls: 1_000 });
    const id = await dataApi.submit(['SELECT 1'], 'name', 'token');
    const told = AbortSignal.abort(new Error('enough'));
    await expect(dataApi.follow(id, clock.now() + 60_000, told)).rejects.toThrow('enough');
    expect(await dataApi.unfinished('name')).toEqual([id]);
    await dataApi.cancel(id);
    await expect(dataApi.follow(id, clock.now() + 60_000)).rejects.toMatchObject({ status: 'ABORTED' });
  });

  it('leaves a statement as it is that ended before it could be stopped, and tells of other refusals', async () => {
    const { clock, fake, dataApi } = start({});
    const id = await dataApi.submit(['SELECT 1'], 'name', 'token');
    await dataApi.cancel(id);
    await expect(dataApi.follow(id, clock.now())).resolves.toMatchObject({ Status: 'FINISHED' });
    fake.troubles.push(Object.assign(new Error('not yours'), { name: 'AccessDeniedException' }));
    await expect(dataApi.cancel(id)).rejects.toThrow('not yours');
  });

  it('asks again when the API is busy, and gives up in the end', async () => {
    const busy = () => Object.assign(new Error('busy'), { name: 'ActiveStatementsExceededException' });
    const { fake, dataApi } = start({});
    fake.troubles.push(busy(), busy());
    await expect(dataApi.submit(['SELECT 1'], 'name', 'token')).resolves.toBe('statement-1');
    fake.troubles.push(busy(), busy(), busy(), busy(), busy());
    await expect(dataApi.submit(['SELECT 1'], 'name', 'other')).rejects.toThrow('busy');
  });

  it('does not ask again when the API says no', async () => {
    const { fake, dataApi } = start({});
    fake.troubles.push(Object.assign(new Error('no'), { name: 'ValidationException' }));
    await expect(dataApi.submit(['SELECT 1'], 'name', 'token')).rejects.toThrow('no');
  });

  it('reads rows by column name', async () => {
    const { dataApi } = start({
      rows: [
        { name: 'a', version: 1 },
        { name: 'b', version: 2 },
      ],
    });
    const id = await dataApi.submit(['SELECT 1', 'SELECT 2'], 'name', 'token');
    expect(await dataApi.rows(id, 1)).toEqual([
      { name: 'a', version: 1 },
      { name: 'b', version: 2 },
    ]);
  });

  it('finds what still runs by its name', async () => {
    const { dataApi } = start({ polls: 3 });
    await dataApi.submit(['SELECT 1'], 'load-1', 'token 1');
    await dataApi.submit(['SELECT 1'], 'other-2', 'token 2');
    expect(await dataApi.unfinished('load-')).toEqual(['statement-1']);
  });

  it('submits nothing that would pass a limit', async () => {
    const { fake, dataApi } = start({});
    const forty = Array.from({ length: 41 }, () => 'SELECT 1');
    await expect(dataApi.submit(forty, 'name', 'token')).rejects.toThrow(/41 statements.*at most 40/);
    const long = `SELECT '${'é'.repeat(50_000)}'`;
    await expect(dataApi.submit([long], 'name', 'token')).rejects.toThrow(/100009 bytes.*at most 100000/);
    expect(fake.batches).toEqual([]);
  });
});
