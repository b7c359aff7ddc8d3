/**
 * What a run will touch. Zone maps only help with bounds that are literals in a statement's text, so a run first asks
 * which loads are due, and in which hours their events and the chains they touch lie.
 */
import { randomUUID } from 'node:crypto';
import type { AnalysisSettings } from '../../lib/config/analysis';
import { WAREHOUSE } from '../../lib/contract/names';
import { literal } from '../../lib/contract/sqlText';
import type { DataApi, ResultRow } from '../shared/dataApi';
import { duplicateWindows, type TimeWindow } from '../shared/timeWindows';
import {
  chainHoursQuery,
  MAX_RUN_WINDOWS,
  type ModelRun,
  newHoursQuery,
  settingsChecksum,
} from './statements';
import type { ModelTemplates } from './template';

/** Statements of the models carry this name. */
export const MODEL_STATEMENT_PREFIX = 'clickstream-models-';

/** Loads one transaction follows at most: their ids are listed in several statements. */
const MAX_BATCHES = 200;
/** A transaction takes no further load when it has this many new rows. */
const MAX_ROWS = 50_000_000;

/** A load that waits to be followed. */
interface WaitingLoad {
  readonly batchId: string;
  readonly rowsNew: number;
}

/** How far the models are behind. */
export interface Waiting {
  /** Rows of `ops.model_runs`. */
  readonly runCount: number;
  /** Loads that no run has followed, the oldest first; not all of them when there are very many. */
  readonly loads: readonly WaitingLoad[];
  /** Age of the oldest of them in seconds; 0 when there is none. */
  readonly lagSeconds: number;
  /** Checksum of the settings of the last run; undefined before the first. */
  readonly lastSettings: string | undefined;
}

/** What plans need to ask the warehouse. */
export interface PlanTools {
  readonly dataApi: Pick<DataApi, 'submit' | 'follow' | 'rows'>;
  readonly templates: ModelTemplates;
  readonly settings: AnalysisSettings;
  /** When to stop waiting for an answer, epoch milliseconds. */
  readonly deadlineMillis: number;
}

/** Asks which loads are due. */
export async function readWaiting({ dataApi, deadlineMillis }: PlanTools): Promise<Waiting> {
  const [runs, loads, last] = await ask(dataApi, deadlineMillis, [
    `SELECT COUNT(*) AS run_count FROM ${WAREHOUSE.modelRunsTable}`,
    `SELECT b.batch_id, b.rows_new, DATEDIFF(second, b.loaded_at, GETDATE()) AS age_seconds
FROM ${WAREHOUSE.loadBatchesTable} b
WHERE NOT EXISTS (SELECT 1 FROM ${WAREHOUSE.modelBatchesTable} m WHERE m.batch_id = b.batch_id)
ORDER BY b.loaded_at, b.batch_id LIMIT ${MAX_BATCHES}`,
    `SELECT settings FROM ${WAREHOUSE.modelRunsTable} ORDER BY finished_at DESC, started_at DESC LIMIT 1`,
  ]);
  const lastSettings = last?.[0]?.settings;
  return {
    runCount: Number(runs?.[0]?.run_count),
    loads: (loads ?? []).map((row) => ({ batchId: String(row.batch_id), rowsNew: Number(row.rows_new) })),
    lagSeconds: Math.max(0, Number(loads?.[0]?.age_seconds ?? 0)),
    lastSettings: lastSettings === undefined ? undefined : String(lastSettings),
  };
}

/**
 * Plans a run over the oldest loads that wait; undefined when none does.
 * @param startedAtMillis for the ledger, epoch milliseconds
 */
export async function planRun(
  tools: PlanTools,
  waiting: Waiting,
  startedAtMillis: number,
): Promise<ModelRun | undefined> {
  const loads = take(waiting.loads);
  if (loads.length === 0) return undefined;
  const { dataApi, deadlineMillis, settings, templates } = tools;
  const rows = async (sql: string) => (await ask(dataApi, deadlineMillis, [sql]))[0] ?? [];
  const run: ModelRun = {
    runId: randomUUID(),
    startedAtMillis,
    runCount: waiting.runCount,
    batchIds: loads.map(({ batchId }) => batchId),
    newReceived: [],
    newTimes: [],
    chainReceived: [],
    chainTimes: [],
    settings,
  };
  const batchIds = loads.filter(({ rowsNew }) => rowsNew > 0).map(({ batchId }) => batchId);
  if (batchIds.length === 0) return run;
  const files = windows(await rows(fileHoursQuery(batchIds)), 'received_from_hour', 'received_to_hour');
  const hours = await rows(newHoursQuery(templates, { settings, batchIds, newReceived: files }));
  const newReceived = windows(hours, 'received_hour', 'received_hour');
  const newTimes = windows(hours, 'model_hour', 'model_hour');
  const chains = await rows(chainHoursQuery(templates, { settings, batchIds, newReceived, newTimes }));
  return {
    ...run,
    newReceived,
    newTimes,
    chainReceived: windows(chains, 'received_from', 'received_to'),
    chainTimes: windows(chains, 'chain_from', 'chain_to'),
  };
}

/** True when the last run was made with other settings. */
export function isOtherThan({ lastSettings }: Waiting, settings: AnalysisSettings): boolean {
  return lastSettings !== undefined && lastSettings !== settingsChecksum(settings);
}

/** The first loads, up to `MAX_ROWS` new rows, but at least one. */
function take(loads: readonly WaitingLoad[]): WaitingLoad[] {
  let rows = 0;
  return loads.filter(({ rowsNew }, index) => {
    rows += rowsNew;
    return index === 0 || rows <= MAX_ROWS;
  });
}

function fileHoursQuery(batchIds: readonly string[]): string {
  return `SELECT DISTINCT received_from_hour, received_to_hour FROM ${WAREHOUSE.loadFilesTable}
WHERE batch_id IN (${batchIds.map(literal).join(', ')}) AND received_from_hour IS NOT NULL`;
}

/** Windows over the hours that two columns name. */
function windows(rows: readonly ResultRow[], from: string, to: string): TimeWindow[] {
  const spans = rows.map((row) => ({ fromHour: Number(row[from]), toHour: Number(row[to]) }));
  return duplicateWindows(spans, 0, MAX_RUN_WINDOWS);
}

/** Rows of each query. Every question needs its own token: the answer to an earlier one is out of date. */
async function ask(
  dataApi: PlanTools['dataApi'],
  deadlineMillis: number,
  queries: readonly string[],
): Promise<ResultRow[][]> {
  const id = await dataApi.submit(queries, `${MODEL_STATEMENT_PREFIX}plan`, randomUUID());
  await dataApi.follow(id, deadlineMillis);
  return Promise.all(queries.map((_, index) => dataApi.rows(id, index)));
}
