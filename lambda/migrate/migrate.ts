/**
 * Brings the warehouse's schema up to date through the Data API, in steps that may be cut off anywhere: the table of
 * events and its view from the event definition, then the migrations, which may rely on both, then the columns'
 * comments.
 *
 * Nothing is remembered between two calls but what the warehouse itself knows. Each step is one transaction, or one
 * statement by itself, and its client token is derived from the request and the step: a call that finds a step still
 * running submits the same token, is given the same statement, and goes on waiting for it.
 */
import { createHash, randomUUID } from 'node:crypto';
import { DATA_API_BATCH_STATEMENTS } from '../../lib/contract/limits';
import { WAREHOUSE } from '../../lib/contract/names';
import { EVENT_COLUMNS, type EventColumn } from '../../lib/event/columns';
import { type DataApi, type ResultRow, StatementFailedError, StatementTimeoutError } from '../shared/dataApi';
import { changeSlices, storedEvents, storedEventsQuery } from '../shared/eventSlices';
import { commentStatements, eventsTableSteps } from './eventsTable';
import { type LakeAccess, lakeSchemaSteps, storedLake, storedLakeQuery } from './lakeSchema';
import { MigrationError } from './migrationError';
import {
  type AppliedMigration,
  bootstrapStatements,
  ledgerQuery,
  type Migration,
  migrationStatements,
  pendingMigrations,
} from './migrations';

const STATEMENT_NAME = 'clickstream-migrate';

/** On whose behalf, and until when. */
export interface MigrateCall {
  /** Names the deployment; the same for every call of one deployment. */
  readonly requestId: string;
  /** For the ledger: the stack that asked. */
  readonly appliedBy: string;
  /** When to stop waiting, epoch milliseconds. */
  readonly deadlineMillis: number;
  /** Comments on the models; left out: none. */
  readonly modelComments?: readonly string[];
  /** The lake the warehouse shows; left out: none. */
  readonly lake?: LakeAccess;
}

/**
 * Makes the ledger when there is none.
 * @throws MigrationError when Redshift refuses
 * @throws StatementTimeoutError when it is not made by the deadline
 */
export async function bootstrap(dataApi: DataApi, call: MigrateCall): Promise<void> {
  await runStep(dataApi, call, 'bootstrap', bootstrapStatements());
}

/**
 * Does what is due, one step after another, for as long as the call may take.
 * @returns true when nothing is due any more; false when the deadline came first
 * @throws MigrationError when an applied file has changed, the table of events cannot follow the definition (in both
 * cases before anything was applied), or Redshift refuses a step
 */
export async function applyPending(
  dataApi: DataApi,
  migrations: readonly Migration[],
  call: MigrateCall,
  columns: readonly EventColumn[] = EVENT_COLUMNS,
): Promise<boolean> {
  try {
    const pending = pendingMigrations(migrations, await readLedger(dataApi, call));
    await changeSlices(() => growEventsTable(dataApi, columns, call));
    for (const migration of pending) {
      await runStep(dataApi, call, migration.name, migrationStatements(migration, call.appliedBy));
    }
    await comment(dataApi, columns, call);
    await showLake(dataApi, columns, call);
    return true;
  } catch (error) {
    if (error instanceof StatementTimeoutError) return false;
    throw error;
  }
}

async function readLedger(dataApi: DataApi, call: MigrateCall): Promise<AppliedMigration[]> {
  const rows = await query(dataApi, ledgerQuery(), 'ledger', call);
  return rows.map(({ version, name, checksum }) => ({
    version: Number(version),
    name: String(name),
    checksum: String(checksum),
  }));
}

async function growEventsTable(
  dataApi: DataApi,
  columns: readonly EventColumn[],
  call: MigrateCall,
): Promise<void> {
  const events = storedEvents(await query(dataApi, storedEventsQuery(), 'columns', call));
  for (const statements of eventsTableSteps(events, columns)) {
    await runStep(dataApi, call, WAREHOUSE.eventsTable, statements);
  }
}

async function showLake(dataApi: DataApi, columns: readonly EventColumn[], call: MigrateCall): Promise<void> {
  const stored = storedLake(await query(dataApi, storedLakeQuery(), 'lake', call));
  for (const statements of lakeSchemaSteps(stored, call.lake, columns)) {
    await runStep(dataApi, call, WAREHOUSE.historyView, statements);
  }
}

async function comment(dataApi: DataApi, columns: readonly EventColumn[], call: MigrateCall): Promise<void> {
  const statements = [...commentStatements(columns), ...(call.modelComments ?? [])];
  for (let start = 0; start < statements.length; start += DATA_API_BATCH_STATEMENTS) {
    await runStep(dataApi, call, 'comments', statements.slice(start, start + DATA_API_BATCH_STATEMENTS));
  }
}

/** Rows of a query. Every look needs its own token: the answer to an earlier one is out of date. */
async function query(dataApi: DataApi, sql: string, what: string, call: MigrateCall): Promise<ResultRow[]> {
  const id = await dataApi.submit([sql], `${STATEMENT_NAME}-${what}`, randomUUID());
  await dataApi.follow(id, call.deadlineMillis);
  return dataApi.rows(id, 0);
}

/**
 * Several statements are one transaction. One alone is in no transaction block, where Redshift refuses some commands.
 * @throws MigrationError when Redshift refuses it, with the statement at fault
 */
async function runStep(
  dataApi: DataApi,
  call: MigrateCall,
  name: string,
  statements: readonly string[],
): Promise<void> {
  const [first, ...rest] = statements;
  if (first === undefined) return;
  const alone = rest.length === 0 ? first : undefined;
  const labels = [`${STATEMENT_NAME}-${name}`, token(call, name, statements)] as const;
  const id = await (alone === undefined
    ? dataApi.submit(statements, ...labels)
    : dataApi.submitAlone(alone, ...labels));
  try {
    await dataApi.follow(id, call.deadlineMillis);
  } catch (error) {
    if (!(error instanceof StatementFailedError)) throw error;
    const statement = error.sqlIndex === undefined ? alone : statements[error.sqlIndex];
    const shown = statement === undefined ? '' : ` in: ${statement.slice(0, 200)}`;
    throw new MigrationError(`${name} failed and was rolled back: ${error.reason}${shown}`, { cause: error });
  }
}

/** Client tokens are at most 64 characters. */
function token(call: MigrateCall, name: string, statements: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([call.requestId, name, statements]))
    .digest('hex');
}
