/** The SQL of a run: one transaction that follows some loads, from sql/models. Pure. */

import { createHash } from 'node:crypto';
import type { AnalysisSettings } from '../../lib/config/analysis';
import { DATA_API_BATCH_STATEMENTS } from '../../lib/contract/limits';
import { literal, timestampLiteral } from '../../lib/contract/sqlText';
import { DAY_MILLIS, MINUTE_MILLIS } from '../../lib/contract/units';
import { mergeOverlapping, type TimeWindow, windowPredicate } from '../shared/timeWindows';
import { localDate } from './localDate';
import { type Filling, fillTemplate, type ModelFile, type ModelTemplates } from './template';

/** One run, about to be submitted. All windows are disjoint, in order, and of whole hours. */
export interface ModelRun {
  readonly runId: string;
  readonly startedAtMillis: number;
  /** Rows `ops.model_runs` had when the run was planned. */
  readonly runCount: number;
  /** Loads to follow; at least one. */
  readonly batchIds: readonly string[];
  /** `received_at` of the new events. */
  readonly newReceived: readonly TimeWindow[];
  /** Times of the new events. */
  readonly newTimes: readonly TimeWindow[];
  /** `received_at` of the events of the chains they touch. */
  readonly chainReceived: readonly TimeWindow[];
  /** Times of those chains. */
  readonly chainTimes: readonly TimeWindow[];
  readonly settings: AnalysisSettings;
}

/** Statements of a run besides those that take events, one a window. */
const FIXED_STATEMENTS = 28;

/** Most windows of new events, and as many of old ones, in a run. */
export const MAX_RUN_WINDOWS = Math.floor((DATA_API_BATCH_STATEMENTS - FIXED_STATEMENTS) / 2);

/** Place in `runStatements` of what fails when another run has come in between. */
export const GUARD_STATEMENT = 2;

/** Statements of a run, in order; the last one gives its counts. */
export function runStatements(templates: ModelTemplates, run: ModelRun): string[] {
  const fillings = fillingsOf(run);
  const file = (name: ModelFile, more: Readonly<Record<string, Filling>> = {}) =>
    templates[name].map((template) => fillTemplate(template, { ...fillings, ...more }));
  const batchIds = fillTemplate('{batch_ids}', fillings);
  const taking = (windows: readonly TimeWindow[], places: Readonly<Record<string, string>>) =>
    windows.flatMap((window) =>
      file('20-take-events.sql', {
        received_windows: (column = '') => windowPredicate(column, [window]),
        ...Object.fromEntries(Object.entries(places).map(([name, text]) => [name, () => text])),
      }),
    );
  return [
    ...file('10-begin.sql'),
    ...taking(run.newReceived, { is_new: 'TRUE', batches: `IN (${batchIds})`, chains: '' }),
    ...file('30-touched-chains.sql'),
    ...taking(run.chainReceived, { is_new: 'FALSE', batches: `NOT IN (${batchIds})`, chains: JOIN_CHAINS }),
    ...file('40-sessionise.sql'),
    ...file('50-sessions.sql'),
    ...file('60-visitors.sql'),
    ...file('70-daily.sql'),
    ...file('80-traffic.sql'),
    ...file('90-ledger.sql'),
  ];
}

/** Empties the models, so that runs make them anew from all loads. One transaction, which counts as a run. */
export function resetStatements(
  runId: string,
  startedAtMillis: number,
  settings: AnalysisSettings,
): string[] {
  return [
    'LOCK ops.model_lock',
    ...['page_views', 'sessions', 'visitors', 'events_daily', 'site_traffic_hours'].map(
      (table) => `DELETE FROM models.${table}`,
    ),
    'DELETE FROM ops.model_batches',
    `INSERT INTO ops.model_runs (
  run_id, started_at, finished_at, batch_count, rows_new, rows_read, sessions_replaced, sessions_written, settings
) SELECT ${literal(runId)}, CAST(${timestampLiteral(startedAtMillis)} AS TIMESTAMP), GETDATE(), 0, 0, 0, 0, 0,
  ${literal(settingsChecksum(settings))}`,
  ];
}

/** Tells settings apart, whatever the order of their keys. */
export function settingsChecksum(settings: AnalysisSettings): string {
  const sorted = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, member]) => [key, sorted(member)])
      : value;
  return createHash('sha256')
    .update(JSON.stringify(sorted(settings)))
    .digest('hex');
}

/** An event belongs to the one chain of its visitor whose time it falls into. */
const JOIN_CHAINS = `JOIN model_chains c
  ON c.site_id = e.site_id AND c.visitor_id = e.visitor_id AND c.is_bot = e.is_bot
  AND e.model_time BETWEEN c.chain_started_at AND c.chain_ended_at`;

/** The time an event counts at: one that came later than the look-back allows counts when it was received. */
function modelTime(events: string, { lookBackDays }: AnalysisSettings): string {
  const delayMillis = `DATEDIFF(millisecond, ${events}.event_time, ${events}.received_at)`;
  return `CASE WHEN ${delayMillis} > ${lookBackDays * DAY_MILLIS} THEN ${events}.received_at ELSE ${events}.event_time END`;
}

/** What both the questions of a plan and the statements of its run are filled with. */
function commonFillings(
  run: Pick<ModelRun, 'settings' | 'batchIds' | 'newReceived' | 'newTimes'>,
): Record<string, Filling> {
  const timeoutMillis = run.settings.sessionTimeoutMinutes * MINUTE_MILLIS;
  return {
    batch_ids: () => run.batchIds.map(literal).join(', '),
    timeout_millis: () => String(timeoutMillis),
    model_time: (events = '') => modelTime(events, run.settings),
    received_windows: (column = '') => windowPredicate(column, run.newReceived),
    near_windows: (started = '', ended = '') => nearPredicate(started, ended, run.newTimes, timeoutMillis),
  };
}

/** Asks for the hours of the new events, which lie in `newReceived` for all that is known. */
export function newHoursQuery(
  templates: ModelTemplates,
  run: Pick<ModelRun, 'settings' | 'batchIds' | 'newReceived'>,
): string {
  return fillTemplate(sole(templates['01-new-hours.sql']), commonFillings({ ...run, newTimes: [] }));
}

/** Asks for the hours of the chains that the new events touch. */
export function chainHoursQuery(
  templates: ModelTemplates,
  run: Pick<ModelRun, 'settings' | 'batchIds' | 'newReceived' | 'newTimes'>,
): string {
  return fillTemplate(sole(templates['02-chain-hours.sql']), commonFillings(run));
}

function sole(statements: readonly string[]): string {
  const [statement] = statements;
  if (statement === undefined || statements.length > 1) {
    throw new RangeError(`${statements.length} statements where one is asked for`);
  }
  return statement;
}

function fillingsOf(run: ModelRun): Record<string, Filling> {
  const { settings } = run;
  const runTimes = mergeOverlapping([...run.newTimes, ...run.chainTimes]);
  return {
    ...commonFillings(run),
    run_id: () => literal(run.runId),
    run_count: () => String(run.runCount),
    started_at: () => timestampLiteral(run.startedAtMillis),
    batch_count: () => String(run.batchIds.length),
    settings: () => literal(settingsChecksum(settings)),
    engaged_seconds: () => String(settings.engagedSeconds),
    new_session_at_campaign: () => (settings.newSessionAtCampaign ? 'TRUE' : 'FALSE'),
    conversion_events: () => settings.conversionEvents.map(literal).join(', '),
    local_date: (site = '', time = '') => localDate(site, time, settings),
    chain_windows: (column = '') => windowPredicate(column, run.chainTimes),
    run_windows: (column = '') => windowPredicate(column, runTimes),
    days: (column = '') => daysPredicate(column, run.newTimes),
  };
}

/** Spans that overlap a window, or miss it by less than the time-out. */
function nearPredicate(
  started: string,
  ended: string,
  windows: readonly TimeWindow[],
  timeoutMillis: number,
): string {
  if (windows.length === 0) return 'FALSE';
  const terms = windows.map(
    ({ fromMillis, toMillis }) =>
      `(${ended} >= ${timestampLiteral(fromMillis - timeoutMillis)} AND ${started} < ${timestampLiteral(toMillis + timeoutMillis)})`,
  );
  return `(${terms.join(' OR ')})`;
}

function daysPredicate(column: string, windows: readonly TimeWindow[]): string {
  const [first] = windows;
  const last = windows.at(-1);
  if (first === undefined || last === undefined) return 'FALSE';
  const day = (millis: number) => literal(new Date(millis).toISOString().slice(0, 10));
  return `${column} BETWEEN ${day(first.fromMillis)} AND ${day(last.toMillis)}`;
}
