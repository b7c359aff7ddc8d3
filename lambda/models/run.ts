/** Follows the loads with the models, one transaction after another, until nothing waits or the time is up. */
import { randomUUID } from 'node:crypto';
import type { AnalysisSettings } from '../../lib/config/analysis';
import { type Clock, type DataApi, jitter, type ResultRow, StatementFailedError } from '../shared/dataApi';
import { isOtherThan, MODEL_STATEMENT_PREFIX, planRun, readWaiting, type Waiting } from './plan';
import { GUARD_STATEMENT, resetStatements, runStatements } from './statements';
import type { ModelTemplates } from './template';

/** What was done. */
export interface ModelSummary {
  /** Transactions. */
  runs: number;
  /** Loads that were followed. */
  batches: number;
  /** Events those loads had brought. */
  rowsNew: number;
  /** Events the models were made of: the new ones, and those of the chains they touched. */
  rowsRead: number;
  sessionsReplaced: number;
  sessionsWritten: number;
  /** Age in seconds of the oldest load that still waits; 0 when none does. */
  lagSeconds: number;
  /** True when earlier runs had other settings, so that what they made differs: rebuild to have it alike. */
  settingsChanged: boolean;
}

/** What following needs. */
export interface ModelTools {
  readonly dataApi: Pick<DataApi, 'submit' | 'follow' | 'rows'>;
  readonly templates: ModelTemplates;
  readonly settings: AnalysisSettings;
  readonly clock: Clock;
  /** When to begin nothing more and to stop waiting, epoch milliseconds. */
  readonly deadlineMillis: number;
  /** Told of each transaction that has been committed. */
  readonly onRun?: (summary: ModelSummary) => void;
}

/** Times a run is planned anew because another one, or a conflict, was in its way. */
const ATTEMPTS = 4;
const PAUSE_MILLIS = 2_000;

/** Left for a transaction: none is begun with less time before the deadline. */
const SHORTEST_RUN_MILLIS = 5_000;

/**
 * Follows every load that waits. Safe to stop anywhere and to repeat: a transaction that commits unseen has written
 * down what it followed.
 * @throws StatementTimeoutError when the deadline passes while a statement runs; it may yet commit
 * @throws StatementFailedError when Redshift refuses a statement; that run left nothing
 */
export async function followLoads(tools: ModelTools): Promise<ModelSummary> {
  const summary: ModelSummary = {
    runs: 0,
    batches: 0,
    rowsNew: 0,
    rowsRead: 0,
    sessionsReplaced: 0,
    sessionsWritten: 0,
    lagSeconds: 0,
    settingsChanged: false,
  };
  for (;;) {
    const waiting = await readWaiting(tools);
    summary.lagSeconds = waiting.lagSeconds;
    summary.settingsChanged ||= isOtherThan(waiting, tools.settings);
    const isTimeUp = tools.clock.now() + SHORTEST_RUN_MILLIS > tools.deadlineMillis;
    if (waiting.loads.length === 0 || isTimeUp) return summary;
    await followSome(tools, waiting, summary);
    tools.onRun?.(summary);
  }
}

/**
 * Empties the models and follows all loads again, the oldest first. Whoever reads meanwhile sees what is there so far.
 * @throws as `followLoads`
 */
export async function rebuild(tools: ModelTools): Promise<ModelSummary> {
  const { dataApi, settings, clock, deadlineMillis } = tools;
  const runId = randomUUID();
  const statements = resetStatements(runId, clock.now(), settings);
  const id = await dataApi.submit(statements, `${MODEL_STATEMENT_PREFIX}reset`, runId);
  await dataApi.follow(id, deadlineMillis);
  return followLoads(tools);
}

/** One transaction, planned anew when something was in its way. */
async function followSome(tools: ModelTools, firstLook: Waiting, summary: ModelSummary): Promise<void> {
  const { dataApi, templates, clock, deadlineMillis } = tools;
  for (let attempt = 1, waiting = firstLook; ; attempt++) {
    const run = await planRun(tools, waiting, clock.now());
    if (run === undefined) return;
    const statements = runStatements(templates, run);
    const id = await dataApi.submit(statements, `${MODEL_STATEMENT_PREFIX}${run.runId}`, run.runId);
    try {
      await dataApi.follow(id, deadlineMillis);
      const [counts] = await dataApi.rows(id, statements.length - 1);
      summary.runs += 1;
      summary.batches += run.batchIds.length;
      summary.rowsNew += count(counts, 'rows_new');
      summary.rowsRead += count(counts, 'rows_read');
      summary.sessionsReplaced += count(counts, 'sessions_replaced');
      summary.sessionsWritten += count(counts, 'sessions_written');
      return;
    } catch (error) {
      if (!isInTheWay(error) || attempt === ATTEMPTS) throw error;
      await clock.sleep(jitter(PAUSE_MILLIS * attempt));
      waiting = await readWaiting(tools);
    }
  }
}

/** True when the run failed because of another that came in between. */
function isInTheWay(error: unknown): boolean {
  return error instanceof StatementFailedError && (error.isConflict || error.sqlIndex === GUARD_STATEMENT);
}

function count(row: ResultRow | undefined, name: string): number {
  const value = Number(row?.[name]);
  if (!Number.isSafeInteger(value))
    throw new Error(`The run's row gives no number for ${name}: ${row?.[name]}`);
  return value;
}
