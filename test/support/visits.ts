/** Small made-up histories of visits, and a warehouse that holds them as the models would. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { splitStatements } from '../../lambda/migrate/statements';
import { redshiftColumns } from '../../lib/event/tables';
import { openWarehouse } from '../../local/redshift';

/** An event, in the words of its columns; `millis` is its time. */
export interface Click {
  readonly event_id: string;
  readonly event_name: string;
  readonly site_id: string;
  readonly visitor_id: string;
  readonly is_bot: boolean;
  readonly millis: number;
  readonly page_path: string;
  readonly device_class: string;
  readonly channel: string;
  readonly coupon: string | number | undefined;
  readonly amount: number;
  readonly currency: string;
}

/** A session: clicks of a visitor less than half an hour apart, in order. The channel is the first click's. */
export interface Visit {
  readonly key: string;
  readonly site_id: string;
  readonly visitor_id: string;
  readonly is_bot: boolean;
  readonly channel: string;
  readonly device_class: string;
  readonly startMillis: number;
  readonly endMillis: number;
  readonly clicks: readonly Click[];
}

const PAUSE_MILLIS = 30 * 60_000;

/** Which of two clicks comes first: ties go by event id. */
export function inOrder(one: Click, other: Click): number {
  return one.millis - other.millis || (one.event_id < other.event_id ? -1 : 1);
}

/** The sessions of the clicks. */
export function visitsOf(clicks: readonly Click[]): Visit[] {
  const visits: Click[][] = [];
  const open = new Map<string, Click[]>();
  for (const click of [...clicks].sort(inOrder)) {
    const who = JSON.stringify([click.site_id, click.visitor_id, click.is_bot]);
    const current = open.get(who);
    const last = current?.at(-1);
    if (current !== undefined && last !== undefined && click.millis - last.millis < PAUSE_MILLIS)
      current.push(click);
    else {
      const visit = [click];
      visits.push(visit);
      open.set(who, visit);
    }
  }
  return visits.flatMap((members) => {
    const [first] = members;
    const last = members.at(-1);
    if (first === undefined || last === undefined) return [];
    const { site_id, visitor_id, is_bot, channel, device_class } = first;
    const times = { startMillis: first.millis, endMillis: last.millis };
    return [
      { key: first.event_id, site_id, visitor_id, is_bot, channel, device_class, ...times, clicks: members },
    ];
  });
}

const HOUR_MILLIS = 3_600_000;
/** A Sunday, so that a few days lie in two weeks. */
const START = Date.UTC(2026, 9, 25, 22);

/**
 * Histories that hold what is hard: ties on the millisecond, several sessions a visitor, visits over midnight and over
 * Sunday, two sites with the same visitor ids, bots that share an id with people.
 */
export function histories(maxClicks = 40): fc.Arbitrary<readonly Click[]> {
  const click = fc.record({
    event_name: fc.constantFrom(
      'page_view',
      'page_view',
      'page_view',
      'add_to_cart',
      'purchase',
      'page_ping',
    ),
    site_id: fc.constantFrom('shop', 'shop', 'blog'),
    visitor_id: fc.constantFrom('v1', 'v1', 'v2', 'v3'),
    is_bot: fc.constantFrom(false, false, false, false, true),
    millis: fc
      .tuple(fc.integer({ min: 0, max: 12 }), fc.constantFrom(0, 0, 1, 60_000, 29 * 60_000))
      .map(([hours, rest]) => START + hours * hours * HOUR_MILLIS + rest),
    page_path: fc.constantFrom('/', '/product/a', '/product/b_1', '/product/b%1', '/cart'),
    device_class: fc.constantFrom('desktop', 'mobile'),
    channel: fc.constantFrom('Direct', 'Email', 'Organic Search'),
    coupon: fc.constantFrom(undefined, undefined, 'AUTUMN', 7),
    amount: fc.constantFrom(0, 1, 2.5, 10),
    currency: fc.constantFrom('EUR', 'EUR', 'USD'),
  });
  return fc
    .array(click, { minLength: 1, maxLength: maxClicks })
    .map((clicks) =>
      clicks.map((fields, index) => ({ ...fields, event_id: `e${(index * 7_919) % 10_007}` })),
    );
}

/** A warehouse with the tables questions read. */
export interface VisitWarehouse {
  /** Puts a history in the place of the one before. */
  store(clicks: readonly Click[]): Promise<void>;
  /** Rows by column name. */
  ask(sql: string): Promise<Record<string, string | number | boolean | null>[]>;
  close(): Promise<void>;
}

/** The day of a time, in UTC, which is the time zone of all sites here. */
export function dayOf(millis: number): string {
  return new Date(millis).toISOString().slice(0, 10);
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

/** The page views of a visit, in order. */
export function pageViews({ clicks }: Visit): Click[] {
  return clicks.filter(({ event_name }) => event_name === 'page_view');
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
