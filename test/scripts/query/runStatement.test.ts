/** One statement through the Data API, for somebody who waits for the answer. */
import { DataApi } from '../../../lambda/shared/dataApi';
import { firstRows } from '../../../scripts/query/queryResult';
import { runStatement } from '../../../scripts/query/runStatement';
import { FakeClock } from '../../support/fakeClock';
import { type BatchScript, FakeDataApi } from '../../support/fakeDataApi';

const TARGET = { ClusterIdentifier: 'cluster', Database: 'clickstream', DbUser: 'ann' };

function start(script: BatchScript) {
  const fake = new FakeDataApi(() => script);
  return { fake, dataApi: new DataApi(fake.client, TARGET, new FakeClock()) };
}

const TEN = Array.from({ length: 10 }, (_, index) => ({ a: index }));

test.each([
  [0, 1],
  [3, 1],
  [4, 2],
  [6, 2],
  [10, 4],
  [Number.POSITIVE_INFINITY, 4],
])('of ten rows in pages of three, the first %d take %d pages', async (most, pages) => {
  const { fake, dataApi } = start({ rows: TEN, pageRows: 3 });
  const result = await runStatement(dataApi, 'SELECT a FROM t', 'query');
  expect(result.rowCount).toBe(10);
  const { columns, rows } = await firstRows(result, most);
  expect(columns).toMatchObject([{ name: 'a' }]);
  expect(rows).toEqual(TEN.slice(0, most).map(({ a }) => [a]));
  expect(fake.pagesFetched).toBe(pages);
});

test('several statements at once that are too many for the cluster are offered again', async () => {
  const { fake, dataApi } = start({ rows: TEN });
  const busy = () => Object.assign(new Error('busy'), { name: 'ActiveStatementsExceededException' });
  fake.troubles.push(busy(), busy(), busy());
  expect((await runStatement(dataApi, 'SELECT a FROM t', 'console')).rowCount).toBe(10);
  expect(fake.batches).toEqual([{ name: 'console', sqls: ['SELECT a FROM t'], isBatch: false }]);
});

test('a statement without rows has no columns', async () => {
  const { dataApi } = start({});
  expect(await runStatement(dataApi, 'CREATE TABLE t (a INT)', 'query')).toMatchObject({
    columns: undefined,
    rowCount: -1,
  });
});

test('nothing is submitted for somebody who is gone already', async () => {
  const { fake, dataApi } = start({});
  const gone = AbortSignal.abort(new Error('gone'));
  await expect(runStatement(dataApi, 'SELECT 1', 'query', gone)).rejects.toThrow('gone');
  expect(fake.batches).toEqual([]);
});

test('who goes while it is read gets no more of it', async () => {
  const { fake, dataApi } = start({ rows: TEN, pageRows: 3 });
  const going = new AbortController();
  const { pages } = await runStatement(dataApi, 'SELECT a FROM t', 'query', going.signal);
  const read = async () => {
    for await (const _ of pages) going.abort(new Error('gone'));
  };
  await expect(read()).rejects.toThrow('gone');
  expect(fake.pagesFetched).toBe(1);
});
