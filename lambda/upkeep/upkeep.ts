/**
 * Keeps the warehouse tidy: closes and drops slices of events, drops page views past their time, looks after tables.
 *
 * Right to be cut off anywhere and run again: each step is one transaction that starts from what the warehouse says.
 */
import { randomUUID } from 'node:crypto';
import { WAREHOUSE } from '../../lib/contract/names';
import { type DataApi, type ResultRow, StatementFailedError } from '../shared/dataApi';
import { changeSlices } from '../shared/eventSlices';
import { modelCutoffMillis, planSlices, type UpkeepSettings } from './plan';
import {
  MAINTENANCE_QUERY,
  maintenanceStatements,
  modelRetentionStatements,
  modelRowsBefore,
  STORED_SLICES_QUERY,
  sliceStatements,
  storedSlices,
} from './statements';

const STATEMENT_NAME = 'clickstream-upkeep';

/** One run. */
export interface UpkeepCall {
  readonly settings: UpkeepSettings;
  readonly nowMillis: number;
  /** When to stop waiting, epoch milliseconds. */
  readonly deadlineMillis: number;
  /** Only say what would be done. */
  readonly isDryRun: boolean;
}

/** What a run did, or would do. */
export interface UpkeepSummary {
  slices: number;
  slicesClosed: number;
  slicesDropped: readonly string[];
  pageViewsDeleted: number;
  /** Statements that looked after tables. */
  maintenance: readonly string[];
}

/**
 * Does what is due.
 * @throws StatementFailedError when Redshift refuses a step: what came before stands
 * @throws Error when something is bound to the views of events, which upkeep makes anew
 * @throws StatementTimeoutError when a step still runs at the deadline: it goes on, and the next run finds its result
 */
export async function keepUp(dataApi: DataApi, call: UpkeepCall): Promise<UpkeepSummary> {
  const { settings, nowMillis, isDryRun } = call;
  const slices = await changeSlices(() => keepSlices(dataApi, call));
  const cutoffMillis = modelCutoffMillis(settings, nowMillis);
  const [row] = await query(dataApi, modelRowsBefore(cutoffMillis), call);
  const pageViewsDeleted = Number(row?.row_count ?? 0);
  if (pageViewsDeleted > 0 && !isDryRun) {
    await run(dataApi, modelRetentionStatements(cutoffMillis), call);
  }
  const maintenance = maintenanceStatements(await query(dataApi, MAINTENANCE_QUERY, call), pageViewsDeleted);
  if (!isDryRun) {
    for (const sql of maintenance) {
      const id = await dataApi.submitAlone(sql, STATEMENT_NAME, randomUUID());
      await dataApi.follow(id, call.deadlineMillis);
    }
  }
  return { ...slices, pageViewsDeleted, maintenance };
}

/** Closes and drops slices. */
async function keepSlices(
  dataApi: DataApi,
  call: UpkeepCall,
): Promise<Pick<UpkeepSummary, 'slices' | 'slicesClosed' | 'slicesDropped'>> {
  const { settings, nowMillis, isDryRun } = call;
  const slices = storedSlices(await query(dataApi, STORED_SLICES_QUERY, call));
  const plan = planSlices(slices, settings, nowMillis);
  const statements = sliceStatements(slices, plan, nowMillis);
  if (statements.length > 0 && !isDryRun) {
    try {
      await run(dataApi, statements, call);
    } catch (error) {
      throw isBound(error) ? new Error(`${error.message}\n${BOUND}`, { cause: error }) : error;
    }
  }
  return {
    slices: slices.length - plan.drop.length + (plan.closeCurrent ? 1 : 0),
    slicesClosed: plan.closeCurrent ? 1 : 0,
    slicesDropped: plan.drop,
  };
}

const BOUND =
  `Something is bound to ${WAREHOUSE.eventsView}, ${WAREHOUSE.allEventsView} or a slice of events, so slices can be ` +
  'neither closed nor dropped: make it anew WITH NO SCHEMA BINDING (docs/runbook.md, upkeep-failed)';

/** Redshift: "cannot drop view x because other objects depend on it". */
function isBound(error: unknown): error is StatementFailedError {
  return error instanceof StatementFailedError && /because other objects depend on it/.test(error.reason);
}

async function query(dataApi: DataApi, sql: string, { deadlineMillis }: UpkeepCall): Promise<ResultRow[]> {
  const id = await dataApi.submit([sql], STATEMENT_NAME, randomUUID());
  await dataApi.follow(id, deadlineMillis);
  return dataApi.rows(id, 0);
}

async function run(dataApi: DataApi, statements: readonly string[], call: UpkeepCall): Promise<void> {
  const id = await dataApi.submit(statements, STATEMENT_NAME, randomUUID());
  await dataApi.follow(id, call.deadlineMillis);
}
