import { applyPending, bootstrap } from '../../../lambda/migrate/migrate';
import { parseMigration } from '../../../lambda/migrate/migrations';
import { DataApi } from '../../../lambda/shared/dataApi';
import { FakeClock } from '../../support/fakeClock';
import { type BatchScript, FakeDataApi } from '../../support/fakeDataApi';

const MIGRATIONS = ['001-a.sql', '002-b.sql'].map((name) =>
  parseMigration(name, `CREATE TABLE ${name.slice(4, 5)} (i INT)`),
);

/** A warehouse that remembers its ledger. `script` says how a migration ends. */
function start(script: (sql: string) => BatchScript = () => ({})) {
  const ledger: { version: number; name: string; checksum: string }[] = [];
  const clock = new FakeClock();
  const fake = new FakeDataApi((sqls) => {
    const [first = ''] = sqls;
    if (first.startsWith('SELECT version')) return { rows: ledger };
    if (first.startsWith('CREATE SCHEMA') || first.startsWith('COMMENT')) return {};
    const row = /VALUES \((\d+), '([^']+)', '([^']+)'/.exec(sqls.at(-1) ?? '');
    const answer = script(first);
    if (row !== null && answer.status !== 'FAILED') {
      ledger.push({ version: Number(row[1]), name: row[2] ?? '', checksum: row[3] ?? '' });
    }
    return answer;
  });
  const target = { ClusterIdentifier: 'cluster', Database: 'clickstream', SecretArn: 'arn:secret' };
  const dataApi = new DataApi(fake.client, target, clock);
  const call = (seconds = 60, requestId = 'request') => ({
    requestId,
    appliedBy: 'stack',
    deadlineMillis: clock.now() + seconds * 1_000,
  });
  const created = () =>
    fake.batches.map(({ sqls }) => sqls[0]).filter((sql) => sql?.startsWith('CREATE TABLE '));
  return { dataApi, fake, call, ledger, created };
}

describe('applying migrations', () => {
  it('applies what is due in order, each with its ledger row, and comments the columns', async () => {
    const { dataApi, fake, call, created } = start();
    expect(await applyPending(dataApi, MIGRATIONS, call())).toBe(true);
    expect(created()).toEqual(['CREATE TABLE a (i INT)', 'CREATE TABLE b (i INT)']);
    const comments = fake.batches.flatMap(({ sqls }) => sqls.filter((sql) => sql.startsWith('COMMENT')));
    expect(comments.length).toBeGreaterThan(50);
  });

  it('applies nothing twice', async () => {
    const { dataApi, call, created } = start();
    await applyPending(dataApi, MIGRATIONS, call(60, 'first deployment'));
    expect(await applyPending(dataApi, MIGRATIONS, call(60, 'second deployment'))).toBe(true);
    expect(created()).toHaveLength(2);
  });

  it('is called again while a migration runs, and waits for that one rather than submit it anew', async () => {
    const { dataApi, ledger, call, created } = start((sql) => (sql.includes(' a ') ? { polls: 30 } : {}));
    expect(await applyPending(dataApi, MIGRATIONS, call(5))).toBe(false);
    // The ledger shows the row only once the transaction has committed.
    const committed = ledger.splice(0);
    expect(await applyPending(dataApi, MIGRATIONS, call(5))).toBe(false);
    ledger.push(...committed);
    expect(await applyPending(dataApi, MIGRATIONS, call(600))).toBe(true);
    expect(created()).toEqual(['CREATE TABLE a (i INT)', 'CREATE TABLE b (i INT)']);
  });

  it('stops at a migration that fails, and says which statement and why', async () => {
    const { dataApi, call, created } = start((sql) =>
      sql.includes(' a ')
        ? { status: 'FAILED', error: 'ERROR: Relation "a" already exists', failedAt: 0 }
        : {},
    );
    await expect(applyPending(dataApi, MIGRATIONS, call())).rejects.toThrow(
      '001-a.sql failed and was rolled back: ERROR: Relation "a" already exists in: CREATE TABLE a (i INT)',
    );
    expect(created()).toEqual(['CREATE TABLE a (i INT)']);
  });

  it('applies nothing when an applied file has changed', async () => {
    const { dataApi, call, ledger, created } = start();
    ledger.push({ version: 1, name: '001-a.sql', checksum: 'other' });
    await expect(applyPending(dataApi, MIGRATIONS, call())).rejects.toThrow(/001-a.sql has changed/);
    expect(created()).toEqual([]);
  });

  it('makes the ledger when there is none', async () => {
    const { dataApi, fake, call } = start();
    await bootstrap(dataApi, call());
    expect(fake.batches[0]?.sqls).toEqual([
      'CREATE SCHEMA IF NOT EXISTS ops',
      expect.stringMatching(/^CREATE TABLE IF NOT EXISTS ops\.migrations/),
    ]);
  });
});
