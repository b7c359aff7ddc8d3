/** The environment `prod` on this machine: the history of the lake, queried from the warehouse. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { DataApi } from '../lambda/shared/dataApi';
import { localClientSettings } from '../local/endpoints';
import { type LocalPipeline, startLocalPipeline } from '../local/run/pipeline';
import { SAMPLE_SOURCE, sampleLines } from '../local/sample';
import { assembly } from './support/assembly';

const root = mkdtempSync(path.join(tmpdir(), 'lake-history-'));
const problems: string[] = [];
let pipeline: LocalPipeline;

beforeAll(async () => {
  const assemblyDirectory = await assembly('prod');
  pipeline = await startLocalPipeline({
    assemblyDirectory,
    directory: path.join(root, 'state'),
    environment: 'prod',
    speedUp: 60,
    onProblem: (problem) => problems.push(problem),
  });
  await pipeline.send({ inputs: [{ source: SAMPLE_SOURCE, lines: sampleLines() }] });
  await pipeline.drain();
});

afterAll(async () => {
  await pipeline?.abort();
  rmSync(root, { recursive: true });
});

const numberOf = async (sql: string) => Number(Object.values((await pipeline.query(sql))[0] ?? {})[0]);

it('shows every row of the lake, and each event of the warehouse', async () => {
  const { delivery, loads } = pipeline.counts();
  expect(delivery.rowsDelivered).toBeGreaterThan(3_000);
  expect(await numberOf('SELECT COUNT(*) FROM analysis.events_history')).toBe(delivery.rowsDelivered);
  expect(await numberOf('SELECT COUNT(DISTINCT event_id) FROM analysis.events_history')).toBe(loads.rowsNew);
  const missing = `SELECT COUNT(*) FROM analysis.events e
    WHERE NOT EXISTS (SELECT 1 FROM analysis.events_history h WHERE h.event_id = e.event_id AND h.event_time = e.event_time)`;
  expect(await numberOf(missing)).toBe(0);
  expect(problems).toEqual([]);
});

/** Runs a statement as the admin, or as somebody else; its first row. */
async function run(sql: string, user?: string) {
  const { redshiftData, clusterIdentifier, databaseName, adminSecretArn } = pipeline.endpoints;
  const client = new RedshiftDataClient(localClientSettings(redshiftData, pipeline.definition.region));
  const dataApi = new DataApi(client, {
    ClusterIdentifier: clusterIdentifier,
    Database: databaseName,
    ...(user === undefined ? { SecretArn: adminSecretArn } : { DbUser: user }),
  });
  const id = await dataApi.submit([sql], 'test', randomUUID());
  await dataApi.follow(id, Date.now() + 60_000);
  const [row] = sql.startsWith('SELECT') ? await dataApi.rows(id, 0) : [];
  client.destroy();
  return row;
}

it('is open to analysts, such as the console, and to no function of the pipeline', async () => {
  const count = 'SELECT COUNT(*) AS row_count FROM analysis.events_history';
  expect(Number((await run(count, 'console'))?.row_count)).toBe(pipeline.counts().delivery.rowsDelivered);
  await expect(run('SELECT COUNT(*) FROM lake.events', 'loader')).rejects.toThrow(
    'permission denied for schema lake',
  );
});

it('still has events that the warehouse no longer keeps', async () => {
  await run("DELETE FROM landing.events WHERE event_name = 'page_view'");
  expect(await numberOf("SELECT COUNT(*) FROM analysis.events WHERE event_name = 'page_view'")).toBe(0);
  expect(
    await numberOf(
      "SELECT COUNT(*) FROM analysis.events_history WHERE event_name = 'page_view' AND year >= '2026'",
    ),
  ).toBeGreaterThan(1_000);
});
