/** What following one per cent of new events costs, as a share of a full rebuild; on the local warehouse. */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { eventsTableSteps } from '../../lambda/migrate/eventsTable';
import { bootstrapStatements, migrationStatements, readMigrations } from '../../lambda/migrate/migrations';
import { followLoads, type ModelTools, rebuild } from '../../lambda/models/run';
import { readModelTemplates } from '../../lambda/models/template';
import { clientSettings } from '../../lambda/shared/clients';
import { type Clock, DataApi } from '../../lambda/shared/dataApi';
import { storedEvents } from '../../lambda/shared/eventSlices';
import { USUAL_ANALYSIS } from '../../lib/config/analysis';
import { WAREHOUSE } from '../../lib/contract/names';
import { HOUR_MILLIS } from '../../lib/contract/units';
import { LOCAL_CREDENTIALS } from '../../local/endpoints';
import { startRedshiftDataServer } from '../../local/redshift/dataApi/server';
import { median } from './measure';

const SQL = path.resolve(__dirname, '..', '..', 'sql');
const CLUSTER = { ClusterIdentifier: 'bench', Database: WAREHOUSE.database };

/** Events before the first new ones, over a month. */
const EVENTS = 1_000_000;
const NEW_EVENTS = EVENTS / 100;
const SECONDS_A_MONTH = 30 * 24 * 3_600;
const STARTED = '2026-09-01 00:00:00';
const ROUNDS = 5;

/** Looks at statements again at once: the pauses between two looks are not what is measured. */
const IMPATIENT: Clock = {
  now: Date.now,
  sleep: (millis) => new Promise((resolve) => setTimeout(resolve, Math.min(millis, 5))),
};

/** Medians. */
export interface ModelsBench {
  readonly events: number;
  readonly newEvents: number;
  readonly rebuildSeconds: number;
  readonly rebuildRowsRead: number;
  /** A run over a load of a single event: what a run costs whatever it follows. */
  readonly leastSeconds: number;
  readonly followSeconds: number;
  readonly followRowsRead: number;
  /** Events of the hours a run reads, whoever's they are: what zone maps do not leave out. */
  readonly followRowsScanned: number;
}

/** Fills a warehouse with a month of visits, then follows loads of one per cent more, one after another. */
export async function benchModels(): Promise<ModelsBench> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'models-bench-'));
  const server = await startRedshiftDataServer({
    databaseFile: path.join(directory, 'warehouse.duckdb'),
    clusterIdentifier: CLUSTER.ClusterIdentifier,
    databaseName: CLUSTER.Database,
    resolveS3: () => undefined,
  });
  const client = new RedshiftDataClient({
    ...clientSettings(),
    endpoint: server.url,
    region: 'us-east-1',
    credentials: LOCAL_CREDENTIALS,
  });
  const tools: ModelTools = {
    dataApi: new DataApi(client, { ...CLUSTER, DbUser: WAREHOUSE.modelerUser }, IMPATIENT),
    templates: readModelTemplates(path.join(SQL, 'models')),
    settings: USUAL_ANALYSIS,
    clock: IMPATIENT,
    deadlineMillis: Date.now() + HOUR_MILLIS,
  };
  try {
    const steps = [
      bootstrapStatements(),
      ...eventsTableSteps(storedEvents([])),
      ...readMigrations(path.join(SQL, 'migrations')).map((migration) =>
        migrationStatements(migration, 'bench'),
      ),
      loadStatements(0, EVENTS, SECONDS_A_MONTH / EVENTS),
    ];
    for (const step of steps) await server.warehouse.run(step);
    const full = await timed(() => rebuild(tools));
    const follows: { seconds: number; rowsRead: number; scanned: number }[] = [];
    const least: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const first = EVENTS + round * (NEW_EVENTS + 1);
      await server.warehouse.run(loadStatements(first, NEW_EVENTS, SECONDS_A_MONTH / EVENTS));
      const { result, seconds } = await timed(() => followLoads(tools));
      const { rows = [] } = await server.warehouse.query(
        `SELECT COUNT(*) FROM ${WAREHOUSE.allEventsView} WHERE received_at >= DATE_TRUNC('hour', DATEADD(minute, -30,
          DATEADD(second, ${Math.floor((first * SECONDS_A_MONTH) / EVENTS)}, CAST('${STARTED}' AS TIMESTAMP))))`,
      );
      await server.warehouse.run(loadStatements(first + NEW_EVENTS, 1, SECONDS_A_MONTH / EVENTS));
      least.push((await timed(() => followLoads(tools))).seconds);
      follows.push({ seconds, rowsRead: result.rowsRead, scanned: Number(rows[0]?.[0]) });
    }
    return {
      events: EVENTS,
      newEvents: NEW_EVENTS,
      rebuildSeconds: full.seconds,
      rebuildRowsRead: full.result.rowsRead,
      leastSeconds: median(least),
      followSeconds: median(follows.map(({ seconds }) => seconds)),
      followRowsRead: median(follows.map(({ rowsRead }) => rowsRead)),
      followRowsScanned: median(follows.map(({ scanned }) => scanned)),
    };
  } finally {
    client.destroy();
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const started = process.hrtime.bigint();
  const result = await work();
  return { result, seconds: Number(process.hrtime.bigint() - started) / 1e9 };
}

/** One load of events that are evenly spread over time; ten in a row within half an hour are a visit. */
function loadStatements(first: number, count: number, secondsBetween: number): string[] {
  const batchId = randomUUID();
  const at = (number: string) =>
    `DATEADD(second, CAST(FLOOR(${number} * ${secondsBetween}) AS INTEGER), CAST('${STARTED}' AS TIMESTAMP))`;
  const hour = (number: number) => `CAST(TO_CHAR(${at(String(number))}, 'YYYYMMDDHH24') AS INTEGER)`;
  return [
    `INSERT INTO ${WAREHOUSE.loadBatchesTable} SELECT '${batchId}', GETDATE(), ${at(String(first))}, 1, 1, ${count}, ${count}, ${count}, 0, NULL, NULL, 'm'`,
    `INSERT INTO ${WAREHOUSE.loadFilesTable} SELECT '${batchId}', 'k', GETDATE(), 1, ${count}, ${hour(first)}, ${hour(first + count - 1)}`,
    `INSERT INTO ${WAREHOUSE.eventsTable} (event_id, event_name, site_id, received_at, arrived_at, event_time,
  event_time_source, is_clock_suspect, received_hour, visitor_id, page_path, device_class, is_bot, country,
  stream_shard_id, stream_sequence_number, load_batch_id)
SELECT CAST(n AS VARCHAR), CASE WHEN MOD(n, 3) = 0 THEN 'page_ping' ELSE 'page_view' END, 'site-' || MOD(n, 7),
  ${at('n')}, ${at('n')}, ${at('n')}, 'device', FALSE, 0, 'v' || (FLOOR(n / 700) * 70 + MOD(n, 70)), '/p/' || MOD(n, 97),
  CASE WHEN MOD(n, 2) = 0 THEN 'mobile' ELSE 'desktop' END, FALSE, 'DE', 's', '1', '${batchId}'
FROM (${numbers(first, count)}) numbered`,
  ];
}

/** Whole numbers from `first`, as a query: digits side by side. */
function numbers(first: number, count: number): string {
  const digits = `(${Array.from({ length: 10 }, (_, digit) => `SELECT ${digit} AS d`).join(' UNION ALL ')})`;
  const places = String(count - 1).length;
  const from = Array.from({ length: places }, (_, place) => `${digits} d${place}`).join(' CROSS JOIN ');
  const value = Array.from({ length: places }, (_, place) => `d${place}.d * ${10 ** place}`).join(' + ');
  return `SELECT ${first} + ${value} AS n FROM ${from} WHERE ${value} < ${count}`;
}

/** The result as text. */
export function describeModelsBench(bench: ModelsBench): string {
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(2)} % of a rebuild`;
  const beyond = Math.max(0, bench.followSeconds - bench.leastSeconds);
  const number = (value: number) => value.toLocaleString('en-US');
  return [
    `Models, ${number(bench.newEvents)} new events after ${number(bench.events)} of a month (1 %), local warehouse, ${ROUNDS} runs`,
    `  rebuild      ${bench.rebuildSeconds.toFixed(2)} s, ${number(bench.rebuildRowsRead)} events read`,
    `  a single one ${bench.leastSeconds.toFixed(2)} s: what a run costs whatever it follows`,
    `  one per cent ${bench.followSeconds.toFixed(2)} s, ${beyond.toFixed(2)} s beyond that (${percent(beyond, bench.rebuildSeconds)})`,
    `  events read  ${number(bench.followRowsRead)} (${percent(bench.followRowsRead, bench.rebuildRowsRead)})`,
    `  in the hours ${number(bench.followRowsScanned)} (${percent(bench.followRowsScanned, bench.rebuildRowsRead)})`,
  ].join('\n');
}
