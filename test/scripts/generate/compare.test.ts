/** The statements of a comparison, run by the local warehouse over rows the transform made. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EVENT_COLUMNS } from '../../../lib/event/columns';
import { redshiftColumns } from '../../../lib/event/tables';
import { openWarehouse, type Warehouse } from '../../../local/redshift';
import { compare } from '../../../scripts/generate/compare';
import { eventParquet } from '../../support/eventParquet';
import { objectDirectory } from '../../support/redshift';
import { simulate, smallSettings, transformed, uniqueRows } from '../../support/simulations';

const settings = smallSettings({ events: 1_500, sites: 5, days: 1 });
const { lines, truth } = simulate(settings);
const expected = { format: 'clickstream-truth/1', settings, truth } as const;
let warehouse: Warehouse;
let removeObjects: () => void;

async function ask(sql: string) {
  const { columns = [], rows = [] } = await warehouse.query(sql);
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
}

beforeAll(async () => {
  const rows = uniqueRows(transformed(lines).rows);
  const stranger = { ...rows[0], event_id: 'stranger', source: 'another' };
  const objects = objectDirectory();
  removeObjects = objects.remove;
  const parquet = objects.resolve('lake', 'rows.parquet');
  mkdirSync(path.dirname(parquet), { recursive: true });
  writeFileSync(parquet, await eventParquet([...rows, stranger]));
  const manifest = objects.putManifest('lake', 'rows.manifest', ['s3://lake/rows.parquet']);
  warehouse = await openWarehouse({
    file: path.join(objects.root, 'w.duckdb'),
    resolveS3: objects.resolve,
  });
  const parsed = EVENT_COLUMNS.map(({ name, type }) => (type === 'json' ? `JSON_PARSE(${name})` : name));
  await warehouse.run([
    'CREATE SCHEMA analysis',
    `CREATE TABLE staged (${redshiftColumns('staging')})`,
    `CREATE TABLE analysis.events (${redshiftColumns('final')})`,
    `COPY staged FROM '${manifest}' IAM_ROLE 'arn:aws:iam::111122223333:role/copy' FORMAT AS PARQUET MANIFEST`,
    `INSERT INTO analysis.events SELECT ${parsed.join(', ')} FROM staged`,
  ]);
});

afterAll(async () => {
  await warehouse.close();
  removeObjects();
});

describe('a comparison with the truth', () => {
  test('finds no difference when the warehouse holds each event once, whatever lies beside them', async () => {
    const { compared, differences } = await compare(expected, ask);
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(100);
  });

  test('finds an event that is missing, and one that is there twice', async () => {
    const [purchase] = await ask(
      "SELECT event_id, site_id FROM analysis.events WHERE event_name = 'purchase' LIMIT 1",
    );
    await warehouse.run([`DELETE FROM analysis.events WHERE event_id = '${purchase?.event_id}'`]);
    const [view] = await ask('SELECT event_id FROM analysis.events WHERE is_bot LIMIT 1');
    await warehouse.run([
      `INSERT INTO analysis.events SELECT * FROM analysis.events WHERE event_id = '${view?.event_id}'`,
    ]);
    const { differences } = await compare(expected, ask);
    const changes = new Map(
      differences.map((difference) => [difference.what, difference.found - difference.expected]),
    );
    expect(changes.get('purchase events')).toBe(-1);
    expect(changes.get('page_view events')).toBe(1);
    expect(changes.get('distinct event ids')).toBe(-1);
    expect(changes.get('events of bots')).toBe(1);
    expect(changes.get('sessions with a purchase')).toBe(-1);
    expect([...changes.keys()].some((what) => what.startsWith(`events of ${purchase?.site_id} at `))).toBe(
      true,
    );
  });
});
