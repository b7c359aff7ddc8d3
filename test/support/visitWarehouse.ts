/** A warehouse that holds a history of visits as the models would. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { splitStatements } from '../../lambda/shared/splitStatements';
import { redshiftColumns } from '../../lib/event/tables';
import { openWarehouse } from '../../local/redshift';
import { type Click, dayOf, pageViews, type Visit, visitsOf } from './visits';

/** A warehouse with the tables questions read. */
export interface VisitWarehouse {
  /** Puts a history in the place of the one before. */
  store(clicks: readonly Click[]): Promise<void>;
  /** Rows by column name. */
  ask(sql: string): Promise<Record<string, string | number | boolean | null>[]>;
  close(): Promise<void>;
}

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;
const at = (millis: number) => quote(new Date(millis).toISOString().replace('T', ' ').replace('Z', ''));
const MODELS = path.resolve(__dirname, '..', '..', 'sql', 'migrations', '006-models.sql');

/** Opens an empty one. */
export async function visitWarehouse(): Promise<VisitWarehouse> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'visits-'));
  const warehouse = await openWarehouse({ file: path.join(directory, 'warehouse.duckdb') });
  await warehouse.run([
    'CREATE SCHEMA analysis',
    `CREATE TABLE analysis.events (${redshiftColumns('final')})`,
    ...splitStatements(readFileSync(MODELS, 'utf8')).filter((sql) =>
      /^CREATE (SCHEMA|TABLE|VIEW) (models|analysis)/.test(sql.replace(/^(\s*--.*\n)*\s*/, '')),
    ),
  ]);
  return {
    async store(clicks) {
      const visits = visitsOf(clicks);
      await warehouse.run([
        ...['analysis.events', 'models.sessions', 'models.page_views', 'models.visitors'].map(
          (table) => `DELETE FROM ${table}`,
        ),
        ...insert('analysis.events', clicks.map(eventOf)),
        ...insert('models.sessions', visits.map(sessionOf)),
        ...insert('models.page_views', visits.flatMap(viewsOf)),
        ...insert('models.visitors', visitorsOf(visits)),
      ]);
    },
    async ask(sql) {
      const { columns = [], rows = [] } = await warehouse.query(sql);
      return rows.map((row) =>
        Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])),
      );
    },
    async close() {
      await warehouse.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** SQL by column. */
type Row = Readonly<Record<string, string>>;

function insert(table: string, rows: readonly Row[]): string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const values = rows.map((row) => `(${Object.values(row).join(', ')})`);
  return [`INSERT INTO ${table} (${Object.keys(first).join(', ')}) VALUES ${values.join(', ')}`];
}

function eventOf(click: Click): Row {
  const { event_id, event_name, site_id, visitor_id, page_path, device_class, currency, coupon } = click;
  return {
    event_id: quote(event_id),
    event_name: quote(event_name),
    site_id: quote(site_id),
    visitor_id: quote(visitor_id),
    page_path: quote(page_path),
    device_class: quote(device_class),
    currency: quote(currency),
    is_bot: String(click.is_bot),
    event_time: at(click.millis),
    received_at: at(click.millis),
    arrived_at: at(click.millis),
    event_time_source: quote('device'),
    is_clock_suspect: 'FALSE',
    received_hour: '0',
    event_value: String(click.amount),
    properties: coupon === undefined ? 'NULL' : `JSON_PARSE(${quote(JSON.stringify({ coupon }))})`,
  };
}

function sessionOf(visit: Visit): Row {
  const count = (name: string) => String(visit.clicks.filter(({ event_name }) => event_name === name).length);
  const purchases = visit.clicks.filter(({ event_name }) => event_name === 'purchase');
  const currencies = [...new Set(purchases.map(({ currency }) => currency))];
  const [landing] = visit.clicks.filter(({ event_name }) => event_name === 'page_view');
  return {
    site_id: quote(visit.site_id),
    visitor_id: quote(visit.visitor_id),
    session_key: quote(visit.key),
    started_at: at(visit.startMillis),
    ended_at: at(visit.endMillis),
    local_date: quote(dayOf(visit.startMillis)),
    landing_page_path: landing === undefined ? 'NULL' : quote(landing.page_path),
    channel: quote(visit.channel),
    device_class: quote(visit.device_class),
    event_count: String(visit.clicks.length),
    page_view_count: count('page_view'),
    engaged_seconds: '0',
    is_bounce: String(visit.clicks.length === 1),
    is_engaged: 'FALSE',
    add_to_cart_count: count('add_to_cart'),
    purchase_count: count('purchase'),
    conversion_count: count('purchase'),
    revenue: String(purchases.reduce((sum, { amount }) => sum + amount, 0)),
    currency: currencies.length === 1 ? quote(String(currencies[0])) : 'NULL',
    is_bot: String(visit.is_bot),
    chain_started_at: at(visit.startMillis),
    chain_ended_at: at(visit.endMillis),
    chain_received_from: at(visit.startMillis),
    chain_received_to: at(visit.endMillis),
  };
}

function viewsOf(visit: Visit): Row[] {
  const views = pageViews(visit);
  return views.map((view, index) => ({
    site_id: quote(view.site_id),
    visitor_id: quote(view.visitor_id),
    session_key: quote(visit.key),
    event_id: quote(view.event_id),
    viewed_at: at(view.millis),
    local_date: quote(dayOf(view.millis)),
    view_number: String(index + 1),
    is_entry: String(index === 0),
    is_exit: String(index === views.length - 1),
    page_path: quote(view.page_path),
    engaged_seconds: '0',
    channel: quote(visit.channel),
    device_class: quote(visit.device_class),
    is_bot: String(view.is_bot),
  }));
}

function visitorsOf(visits: readonly Visit[]): Row[] {
  const byVisitor = new Map<string, Visit[]>();
  for (const visit of visits) {
    const who = JSON.stringify([visit.site_id, visit.visitor_id, visit.is_bot]);
    byVisitor.set(who, [...(byVisitor.get(who) ?? []), visit]);
  }
  return [...byVisitor.values()].flatMap((theirs) => {
    const [first] = theirs;
    if (first === undefined) return [];
    return [
      {
        site_id: quote(first.site_id),
        visitor_id: quote(first.visitor_id),
        first_seen_at: at(first.startMillis),
        last_seen_at: at(Math.max(...theirs.map(({ endMillis }) => endMillis))),
        first_session_key: quote(first.key),
        first_channel: quote(first.channel),
        session_count: String(theirs.length),
        page_view_count: '0',
        conversion_count: '0',
        purchase_count: '0',
        revenue: '0',
        is_bot: String(first.is_bot),
      },
    ];
  });
}
