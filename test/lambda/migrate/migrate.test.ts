import { applyPending, bootstrap } from '../../../lambda/migrate/migrate';
import { parseMigration } from '../../../lambda/migrate/migrations';
import { DataApi } from '../../../lambda/shared/dataApi';
import { EVENT_COLUMNS, type EventColumn } from '../../../lib/event/columns';
import { catalogRows } from '../../support/catalogRows';
import { FakeClock } from '../../support/fakeClock';
import { type BatchScript, FakeDataApi } from '../../support/fakeDataApi';

const MIGRATIONS = ['001-a.sql', '002-b.sql'].map((name) =>
  parseMigration(name, `CREATE TABLE ${name.slice(4, 5)} (i INT)`),
);
const EXTRA: EventColumn = {
  name: 'extra',
  type: 'int',
  nullable: true,
  origin: 'sent',
  meaning: 'One more.',
};

/** A warehouse that remembers its ledger and its table of events. `script` says how a migration ends. */
function start(script: (sql: string) => BatchScript = () => ({})) {
  const ledger: { version: number; name: string; checksum: string }[] = [];
  const table: { columns: readonly EventColumn[] } = { columns: [] };
  const clock = new FakeClock();
  const fake = new FakeDataApi((sqls) => {
    const [first = ''] = sqls;
    if (first.startsWith('SELECT version')) return { rows: ledger };
    if (first.includes('FROM svv_columns')) return { rows: catalogRows(table.columns) };
    if (first.includes('FROM svv_external_schemas')) return { rows: [] };
    if (first.startsWith('COMMENT')) return {};
    if (first.startsWith('CREATE SCHEMA')) {
      if (sqls.some((sql) => sql.startsWith('CREATE TABLE landing.events'))) table.columns = EVENT_COLUMNS;
      return {};
    }
    if (first.startsWith('ALTER TABLE landing.events ADD COLUMN extra')) {
      table.columns = [...table.columns, EXTRA];
      return {};
    }
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
  const steps = () =>
    fake.batches
      .map(({ name }) => name.replace('clickstream-migrate-', ''))
      .filter((name) => !['ledger', 'columns', 'lake'].includes(name));
  return { dataApi, fake, call, ledger, table, created, steps };
}

describe('bringing the schema up to date', () => {
  it('makes the events, applies what is due in order, each with its ledger row, and comments the columns', async () => {
    const { dataApi, fake, call, created, steps } = start();
    expect(await applyPending(dataApi, MIGRATIONS, call())).toBe(true);
    expect(steps()).toEqual(['landing.events', '001-a.sql', '002-b.sql', 'comments', 'comments']);
    expect(created()).toEqual(['CREATE TABLE a (i INT)', 'CREATE TABLE b (i INT)']);
    const comments = fake.batches.flatMap(({ sqls }) => sqls.filter((sql) => sql.startsWith('COMMENT')));
    expect(comments).toHaveLength(EVENT_COLUMNS.length);
  });

  it('shows the lake when the deployment says so, after everything else', async () => {
    const { dataApi, fake, call, steps } = start();
    const lake = { databaseName: 'clicks', roleArn: 'arn:aws:iam::111122223333:role/spectrum' };
    expect(await applyPending(dataApi, MIGRATIONS, { ...call(), lake })).toBe(true);
    expect(steps().slice(-3)).toEqual(Array(3).fill('analysis.events_history'));
    expect(fake.batches.slice(-3, -1).map(({ sqls, isBatch }) => [...sqls, isBatch])).toEqual([
      [`CREATE EXTERNAL SCHEMA lake FROM DATA CATALOG DATABASE 'clicks' IAM_ROLE '${lake.roleArn}'`, false],
      ['GRANT USAGE ON SCHEMA lake TO GROUP analysts', false],
    ]);
  });

  it('does nothing twice but the comments', async () => {
    const { dataApi, call, steps } = start();
    await applyPending(dataApi, MIGRATIONS, call(60, 'first deployment'));
    const before = steps().length;
    expect(await applyPending(dataApi, MIGRATIONS, call(60, 'second deployment'))).toBe(true);
    expect(steps().slice(before)).toEqual(['comments', 'comments']);
  });

  it('adds an appended column before the migrations, which may rely on it', async () => {
    const { dataApi, fake, call, steps } = start();
    await applyPending(dataApi, MIGRATIONS.slice(0, 1), call(60, 'first deployment'));
    const before = steps().length;
    const columns = [...EVENT_COLUMNS, EXTRA];
    expect(await applyPending(dataApi, MIGRATIONS, call(60, 'second deployment'), columns)).toBe(true);
    expect(steps().slice(before)).toEqual([
      'landing.events',
      'landing.events',
      '002-b.sql',
      'comments',
      'comments',
    ]);
    expect(fake.batches.flatMap(({ sqls }) => sqls)).toContain(
      'ALTER TABLE landing.events ADD COLUMN extra INTEGER',
    );
  });

  it('names a statement that fails by itself', async () => {
    const lake = { databaseName: 'clicks', roleArn: 'arn:aws:iam::111122223333:role/spectrum' };
    const { dataApi, call } = start((sql) =>
      sql.startsWith('GRANT') ? { status: 'FAILED', error: 'ERROR: no such group' } : {},
    );
    await expect(applyPending(dataApi, MIGRATIONS, { ...call(), lake })).rejects.toThrow(
      'analysis.events_history failed and was rolled back: ERROR: no such group in: GRANT USAGE ON SCHEMA lake TO GROUP',
    );
  });

  it('applies nothing when the table of events cannot follow the definition', async () => {
    const { dataApi, call, table, steps } = start();
    table.columns = [EXTRA, ...EVENT_COLUMNS];
    await expect(applyPending(dataApi, MIGRATIONS, call())).rejects.toThrow(
      'landing.events cannot follow the event definition: column 1 is extra INTEGER, the definition says event_id VARCHAR(64) NOT NULL',
    );
    expect(steps()).toEqual([]);
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
    const { dataApi, call, ledger, steps } = start();
    ledger.push({ version: 1, name: '001-a.sql', checksum: 'other' });
    await expect(applyPending(dataApi, MIGRATIONS, call())).rejects.toThrow(/001-a.sql has changed/);
    expect(steps()).toEqual([]);
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
