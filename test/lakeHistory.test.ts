/** The environment `prod` on this machine: the history of the lake, queried from the warehouse. */
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

it('still has events that the warehouse no longer keeps', async () => {
  const { redshiftData, clusterIdentifier, databaseName, adminSecretArn } = pipeline.endpoints;
  const client = new RedshiftDataClient(localClientSettings(redshiftData, pipeline.definition.region));
  const dataApi = new DataApi(client, {
    ClusterIdentifier: clusterIdentifier,
    Database: databaseName,
    SecretArn: adminSecretArn,
  });
  const id = await dataApi.submit(
    ["DELETE FROM landing.events WHERE event_name = 'page_view'"],
    'test',
    'test',
  );
  await dataApi.follow(id, Date.now() + 60_000);
  client.destroy();
  expect(await numberOf("SELECT COUNT(*) FROM analysis.events WHERE event_name = 'page_view'")).toBe(0);
  expect(
    await numberOf(
      "SELECT COUNT(*) FROM analysis.events_history WHERE event_name = 'page_view' AND year >= '2026'",
    ),
  ).toBeGreaterThan(1_000);
});
