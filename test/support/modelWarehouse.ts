/** A local warehouse with events in it, and the models that follow them. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  followLoads,
  type ModelSummary,
  type ModelTools,
  rebuild as rebuildModels,
} from '../../lambda/models/run';
import { readModelTemplates } from '../../lambda/models/template';
import { StatementFailedError, systemClock } from '../../lambda/shared/dataApi';
import type { AnalysisSettings } from '../../lib/config/analysis';
import { literal, timestampLiteral } from '../../lib/contract/sqlText';
import { BatchError, openWarehouse, type StatementResult, type Warehouse } from '../../local/redshift';
import type { ModelEvent, Models, Row } from '../models/reference';
import { schemaSteps } from './schemaSteps';

export const MODEL_TEMPLATES = readModelTemplates(path.resolve(__dirname, '..', '..', 'sql', 'models'));

/** Columns the reference knows, by model. */
const COMPARED: Readonly<Record<keyof Models, string>> = {
  page_views: `site_id, visitor_id, session_key, event_id, viewed_at, local_date, view_number, is_entry, is_exit, page_path,
    previous_page_path, next_page_path, engaged_seconds, scroll_percent, channel, device_class, country, user_id, is_bot`,
  sessions: `site_id, visitor_id, session_key, user_id, user_seen_at, started_at, ended_at, local_date, landing_page_path,
    exit_page_path, channel, source, medium, campaign, referrer_host, device_class, country, event_count, page_view_count,
    engaged_seconds, is_bounce, is_engaged, add_to_cart_count, purchase_count, conversion_count, revenue, currency, is_bot`,
  visitors: `site_id, visitor_id, user_id, user_seen_at, first_seen_at, last_seen_at, first_session_key,
    first_landing_page_path, first_channel, first_source, first_medium, first_campaign, first_referrer_host, session_count,
    page_view_count, conversion_count, purchase_count, revenue, is_bot`,
  events_daily: `site_id, event_date, event_name, is_bot, event_count, event_value, NVL(HLL_CARDINALITY(visitors), 0) AS visitors`,
  site_traffic: `site_id, local_date, channel, device_class, country, is_bot, session_count, page_view_count, bounce_count,
    engaged_count, engaged_seconds, conversion_count, purchase_count, revenue, HLL_CARDINALITY(visitors) AS visitors`,
};

/** `DataApi` over an open warehouse, as the user of the models. */
class DirectDataApi implements Pick<ModelTools['dataApi'], 'submit' | 'follow' | 'rows'> {
  private readonly outcomes = new Map<string, StatementResult[] | BatchError>();
  constructor(private readonly warehouse: Warehouse) {}

  async submit(statements: readonly string[]): Promise<string> {
    const id = randomUUID();
    try {
      this.outcomes.set(id, await this.warehouse.run(statements, { user: 'modeler' }));
    } catch (error) {
      if (!(error instanceof BatchError)) throw error;
      this.outcomes.set(id, error);
    }
    return id;
  }

  async follow(id: string) {
    const outcome = this.outcomes.get(id);
    if (outcome instanceof BatchError) {
      throw new StatementFailedError(id, 'FAILED', outcome.message, outcome.statementIndex);
    }
    return {};
  }

  async rows(id: string, sqlIndex: number) {
    const outcome = this.outcomes.get(id);
    return outcome === undefined || outcome instanceof BatchError ? [] : rowsOf(outcome[sqlIndex]);
  }
}

function rowsOf(result: StatementResult | undefined) {
  const names = (result?.columns ?? []).map(({ name }) => name);
  return (result?.rows ?? []).map((row) =>
    Object.fromEntries(names.map((name, index) => [name, row[index] ?? undefined])),
  );
}

export class ModelWarehouse {
  readonly dataApi: DirectDataApi;
  private loads = 0;

  private constructor(
    readonly warehouse: Warehouse,
    private readonly directory: string,
  ) {
    this.dataApi = new DirectDataApi(warehouse);
  }

  static async open(): Promise<ModelWarehouse> {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'models-'));
    const warehouse = await openWarehouse({
      file: path.join(directory, 'w.duckdb'),
      databaseName: 'clickstream',
    });
    for (const step of schemaSteps()) await warehouse.run(step);
    return new ModelWarehouse(warehouse, directory);
  }

  async close(): Promise<void> {
    await this.warehouse.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Forgets all events, loads and models. */
  async clear(): Promise<void> {
    const tables = [
      'landing.events',
      'ops.load_batches',
      'ops.load_files',
      'ops.model_batches',
      'ops.model_runs',
    ];
    const models = ['page_views', 'sessions', 'visitors', 'events_daily', 'site_traffic_hours'];
    await this.warehouse.run(
      [...tables, ...models.map((name) => `models.${name}`)].map((name) => `DELETE FROM ${name}`),
    );
  }

  /** Puts events into the warehouse as one load. */
  async load(events: readonly ModelEvent[]): Promise<void> {
    const batchId = randomUUID();
    const hours = events.map(({ receivedAt }) =>
      Number(new Date(receivedAt).toISOString().replace(/\D/g, '').slice(0, 10)),
    );
    const statements = [
      `INSERT INTO ops.load_batches SELECT ${literal(batchId)}, GETDATE(), ${timestampLiteral(1.8e12 + this.loads++)}, 1, 1,
        ${events.length}, ${events.length}, ${events.length}, 0, NULL, NULL, 'm'`,
    ];
    if (events.length > 0) {
      statements.push(
        `INSERT INTO ops.load_files VALUES (${literal(batchId)}, 'k', GETDATE(), 1, ${events.length}, ${Math.min(...hours)}, ${Math.max(...hours)})`,
        insertStatement(events, batchId),
      );
    }
    await this.warehouse.run(statements);
  }

  tools(settings: AnalysisSettings): ModelTools {
    return {
      dataApi: this.dataApi,
      templates: MODEL_TEMPLATES,
      settings,
      clock: systemClock,
      deadlineMillis: Date.now() + 600_000,
    };
  }

  follow(settings: AnalysisSettings): Promise<ModelSummary> {
    return followLoads(this.tools(settings));
  }

  rebuild(settings: AnalysisSettings): Promise<ModelSummary> {
    return rebuildModels(this.tools(settings));
  }

  /** What analysts see of the models, bots included, of the columns the reference knows. */
  async models(): Promise<Models> {
    const entries: [string, Row[]][] = [];
    for (const [name, columns] of Object.entries(COMPARED)) {
      const result = await this.warehouse.query(`SELECT ${columns} FROM analysis.${name}_with_bots`);
      const names = (result.columns ?? []).map((column) => column.name);
      entries.push([
        name,
        (result.rows ?? []).map((row) =>
          Object.fromEntries(names.map((column, index) => [column, withMillis(row[index] ?? null)])),
        ),
      ]);
    }
    return Object.fromEntries(entries) as unknown as Models;
  }

  /** Every column of every model's table, for comparisons of the warehouse with itself. */
  async tables(): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {};
    for (const name of ['page_views', 'sessions', 'visitors', 'events_daily', 'site_traffic_hours']) {
      const { rows = [] } = await this.warehouse.query(`SELECT * FROM models.${name}`);
      found[name] = rows.map((row) => JSON.stringify(row)).sort();
    }
    return found;
  }
}

/** Rows in an order that does not depend on the order they came in. */
export function sorted(models: Models): Models {
  const entries = Object.entries(models).map(([name, rows]: [string, Row[]]) => [
    name,
    rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort(),
  ]);
  return Object.fromEntries(entries);
}

/** Whole seconds are shown without a fraction. */
function withMillis(value: string | number | boolean | null): string | number | boolean | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d \d\d:/.test(value)) return value;
  return value.includes('.') ? value.padEnd(23, '0').slice(0, 23) : `${value}.000`;
}

/** All events in one literal: a statement of many rows is slow to parse. */
function insertStatement(events: readonly ModelEvent[], batchId: string): string {
  const rows = events.map((event) => ({
    ...event,
    eventTime: timestamp(event.eventTime),
    receivedAt: timestamp(event.receivedAt),
    amount: event.cents === null ? null : event.cents / 100,
  }));
  // Paths into SUPER are in lower case.
  const json = JSON.stringify(
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k.toLowerCase(), v]))),
  );
  return `INSERT INTO landing.events (${EVENT_COLUMNS.map(([name]) => name).join(', ')}, load_batch_id)
SELECT ${EVENT_COLUMNS.map(([, sql]) => sql).join(', ')}, ${literal(batchId)}
FROM (SELECT JSON_PARSE(${literal(json)}) AS list) given, given.list AS e`;
}

const timestamp = (millis: number) => new Date(millis).toISOString().replace('T', ' ').replace('Z', '');
const text = (member: keyof ModelEvent) => `CAST(e.${member.toLowerCase()} AS VARCHAR)`;
const time = (member: keyof ModelEvent) => `CAST(${text(member)} AS TIMESTAMP)`;

/** Columns of the events, and what fills them from an event `e`. */
const EVENT_COLUMNS: readonly (readonly [name: string, sql: string])[] = [
  ['event_id', text('eventId')],
  ['event_name', text('eventName')],
  ['site_id', text('siteId')],
  ['received_at', time('receivedAt')],
  ['arrived_at', time('receivedAt')],
  ['event_time', time('eventTime')],
  ['event_time_source', "'device'"],
  ['is_clock_suspect', 'FALSE'],
  ['received_hour', '0'],
  ['visitor_id', text('visitorId')],
  ['user_id', text('userId')],
  ['page_path', text('pagePath')],
  ['utm_source', text('utmSource')],
  ['utm_medium', text('utmMedium')],
  ['utm_campaign', text('utmCampaign')],
  ['click_network', text('clickNetwork')],
  ['referrer_medium', text('referrerMedium')],
  ['referrer_host', text('referrerHost')],
  ['device_class', text('deviceClass')],
  ['is_bot', 'CAST(e.isbot AS BOOLEAN)'],
  ['country', text('country')],
  ['event_value', 'CAST(e.amount AS FLOAT)'],
  ['currency', text('currency')],
  ['properties', "OBJECT('scroll_percent', e.scrollpercent)"],
  ['stream_shard_id', "'shardId-0'"],
  ['stream_sequence_number', "'1'"],
];
