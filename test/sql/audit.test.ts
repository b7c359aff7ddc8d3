/** The audit's SQL on the local warehouse, with the auditor's own rights, after loads as the loader makes them. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { wholeHoursStatement } from '../../lambda/audit/due';
import { ledgerStatements } from '../../lambda/audit/ledger';
import type { AuditRow } from '../../lambda/audit/reconcile';
import { resultBatches } from '../../lambda/audit/results';
import { inspectObjects } from '../../lambda/loader/inspect';
import { manifestText } from '../../lambda/loader/manifest';
import { loadStatements } from '../../lambda/loader/sql';
import { HOUR_MILLIS } from '../../lib/contract/units';
import { openWarehouse, type Warehouse } from '../../local/redshift/warehouse';
import { eventParquet, eventRow } from '../support/eventParquet';
import { FakeLake } from '../support/fakeLake';
import { schemaSteps } from '../support/schemaSteps';

const HOUR = Date.parse('2026-03-01T12:00:00.000Z');
const FIRST = 'events/year=2026/month=03/day=01/hour=12/a.parquet';
const SECOND = 'events/year=2026/month=03/day=01/hour=12/b.parquet';
const directory = mkdtempSync(path.join(tmpdir(), 'audit-sql-'));
const lake = new FakeLake('lake', new Date(HOUR + 1_800_000));
let warehouse: Warehouse;

beforeAll(async () => {
  warehouse = await openWarehouse({
    file: path.join(directory, 'warehouse.duckdb'),
    databaseName: 'clickstream',
    resolveS3: (bucket, key) => (bucket === 'lake' ? path.join(directory, key) : undefined),
  });
  for (const statements of schemaSteps()) await warehouse.run(statements);
  const at = (time: string, site_id: string) => ({ arrived_at: `2026-03-01 ${time}`, site_id });
  await store(FIRST, [
    eventRow('a', '2026-03-01 12:30:00.000', at('12:59:59.999', 'shop')),
    eventRow('b', '2026-03-01 12:30:00.000', at('13:00:00.000', 'shop')),
    eventRow('c', '2026-03-01 12:30:00.000', at('12:00:00.000', 'blog')),
  ]);
  await store(SECOND, [
    eventRow('a', '2026-03-01 12:30:00.000', at('12:10:00.000', 'shop')),
    eventRow('d', '2019-07-01 00:30:00.000', at('12:10:00.000', 'shop')),
  ]);
  await load('1', FIRST);
  await load('2', FIRST, SECOND);
});

afterAll(async () => {
  await warehouse.close();
  rmSync(directory, { recursive: true, force: true });
});

async function store(key: string, rows: Parameters<typeof eventParquet>[0]): Promise<void> {
  const bytes = await eventParquet(rows);
  lake.objects.set(key, bytes);
  write(key, bytes);
}

function write(key: string, content: Buffer | string): void {
  const file = path.join(directory, key);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

async function load(batchId: string, ...keys: string[]): Promise<void> {
  const fates = await inspectObjects(lake.client, 'lake', keys);
  const objects = fates.flatMap((fate) => (fate.fate === 'loadable' ? fate.object : []));
  const manifestKey = `manifests/${batchId}.manifest`;
  write(manifestKey, manifestText('lake', objects));
  const copyRoleArn = 'arn:aws:iam::111122223333:role/copy';
  const load = { batchId, startedAtMillis: HOUR, bucketName: 'lake', copyRoleArn, manifestKey, objects };
  await warehouse.run(loadStatements({ ...load, lookBackHours: 24 }), { user: 'loader' });
}

const asAuditor = { user: 'auditor' };

async function ledger(index: number, hours: readonly number[] = [HOUR]): Promise<unknown[][]> {
  const results = await warehouse.run(ledgerStatements(hours, hours), asAuditor);
  return (results[index]?.rows ?? []).map((row) =>
    row.map((value) => (value === null ? null : String(value))),
  );
}

describe('the ledgers, as the auditor reads them', () => {
  it('count the rows of a load by arrival hour and site, staged and new', async () => {
    const hour = '2026-03-01 12:00:00';
    expect((await ledger(0)).sort()).toEqual([
      ['1', hour, 'blog', '1', '1'],
      ['1', hour, 'shop', '1', '1'],
      ['2', hour, 'blog', '1', '0'],
      // Staged: both objects' copies of "a", and "d"; new: only "d".
      ['2', hour, 'shop', '3', '1'],
    ]);
    expect((await ledger(0, [HOUR + HOUR_MILLIS])).sort()).toEqual([
      ['1', '2026-03-01 13:00:00', 'shop', '1', '1'],
      ['2', '2026-03-01 13:00:00', 'shop', '1', '0'],
    ]);
  });

  it('number the loads of an object, and leave out other partitions', async () => {
    const files = (await ledger(1)).map(([batch, key, , number]) => [batch, key, number]);
    expect(files.sort()).toEqual([
      ['1', FIRST, '1'],
      ['2', FIRST, '2'],
      ['2', SECOND, '1'],
    ]);
    expect(await ledger(1, [HOUR - HOUR_MILLIS])).toEqual([]);
  });

  it('name what is in quarantine and what was given up there, and not what was retried', async () => {
    const insert = (key: string, rows: string, released: string) =>
      warehouse.query(`INSERT INTO ops.quarantined_objects VALUES
        ('${key}', 'quarantine/${key}', GETDATE(), 'wrong_columns', '', 1, ${rows}, ${released}, '"e"')`);
    await insert(`${FIRST}1`, '5', 'NULL, NULL');
    await insert(`${FIRST}2`, 'NULL', "GETDATE(), 'dropped'");
    await insert(`${FIRST}3`, '5', "GETDATE(), 'retried'");
    await insert(`${FIRST}4`, '6', "GETDATE(), 'replaced'");
    await insert('events/year=2026/month=03/day=01/hour=11/a', '5', 'NULL, NULL');
    expect((await ledger(2)).sort()).toEqual([
      [`${FIRST}1`, `quarantine/${FIRST}1`, '5', null],
      [`${FIRST}2`, `quarantine/${FIRST}2`, null, 'dropped'],
      [`${FIRST}4`, `quarantine/${FIRST}4`, '6', 'replaced'],
    ]);
  });

  it('tell when the youngest object that was loaded was created', async () => {
    expect(await ledger(4)).toEqual([['2026-03-01 12:30:00']]);
  });
});

describe('the result, as the auditor writes it', () => {
  const row = (hour: number, more: Partial<AuditRow> = {}): AuditRow => ({
    hour,
    siteId: 'shop',
    accepted: 4,
    rejected: 0,
    loaded: 4,
    rowsNew: 4,
    duplicates: 0,
    notLoaded: 0,
    quarantined: 0,
    difference: 0,
    explanation: undefined,
    ...more,
  });
  const write = async (rows: AuditRow[], hours: number[], atMillis: number) => {
    for (const statements of resultBatches(hours, rows, atMillis)) await warehouse.run(statements, asAuditor);
  };
  const whole = async () => {
    const [result] = await warehouse.run([wholeHoursStatement(HOUR, 600_000)], asAuditor);
    return (result?.rows ?? []).flat();
  };

  it('replaces what an earlier audit found of the hour, and nothing of others', async () => {
    await write(
      [row(HOUR, { difference: 4, loaded: 0, rowsNew: 0 }), row(HOUR - HOUR_MILLIS)],
      [HOUR - HOUR_MILLIS, HOUR],
      HOUR,
    );
    await write([row(HOUR, { siteId: 'blog' })], [HOUR], HOUR);
    const { rows } = await warehouse.query(
      'SELECT site_id, difference FROM analysis.completeness ORDER BY arrived_hour',
    );
    expect(rows?.map((values) => values.map(String))).toEqual([
      ['shop', '0'],
      ['blog', '0'],
    ]);
  });

  it('closes an hour that was whole when nothing could be on its way any more', async () => {
    const end = HOUR + HOUR_MILLIS;
    await write([row(HOUR)], [HOUR], end + 599_000);
    expect(await whole()).toEqual([]);
    await write([row(HOUR)], [HOUR], end + 600_000);
    expect(await whole()).toEqual(['2026-03-01 12:00:00']);
    await write([row(HOUR), row(HOUR, { siteId: 'blog', notLoaded: 1, loaded: 3 })], [HOUR], end + 600_000);
    expect(await whole()).toEqual([]);
  });

  it('is all the auditor may write', async () => {
    await expect(warehouse.run(['DELETE FROM ops.load_counts'], asAuditor)).rejects.toThrow(
      /permission denied/,
    );
    await expect(warehouse.run(['SELECT 1 FROM landing.events'], asAuditor)).rejects.toThrow(
      /permission denied/,
    );
  });
});
