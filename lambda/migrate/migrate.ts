/**
 * Applies migrations through the Data API in steps that may be cut off anywhere.
 *
 * Nothing is remembered between two calls but what the warehouse itself knows. Each migration is one transaction
 * with its ledger row, and its client token is derived from the request and the file: a call that finds a migration
 * still running submits the same token, is given the same statement, and goes on waiting for it.
 */
import { createHash, randomUUID } from 'node:crypto';
import { DATA_API_BATCH_STATEMENTS } from '../../lib/contract/limits';
import { type DataApi, StatementFailedError, StatementTimeoutError } from '../shared/dataApi';
import {
  type AppliedMigration,
  bootstrapStatements,
  commentStatements,
  ledgerQuery,
  type Migration,
  MigrationError,
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
}

/**
 * Makes the ledger when there is none.
 * @throws StatementFailedError when Redshift refuses
 */
export async function bootstrap(dataApi: DataApi, call: MigrateCall): Promise<void> {
  const id = await dataApi.submit(
    bootstrapStatements(),
    `${STATEMENT_NAME}-bootstrap`,
    token(call, 'bootstrap'),
  );
  await dataApi.follow(id, call.deadlineMillis);
}

/**
 * Applies what is due, one migration after another, and then the columns' comments, for as long as the call may take.
 * @returns true when nothing is due any more; false when the deadline came first
 * @throws MigrationError when an applied file has changed, or Redshift refuses a migration
 */
export async function applyPending(
  dataApi: DataApi,
  migrations: readonly Migration[],
  call: MigrateCall,
): Promise<boolean> {
  try {
    for (const migration of pendingMigrations(migrations, await readLedger(dataApi, call))) {
      await apply(dataApi, migration, call);
    }
    await comment(dataApi, call);
    return true;
  } catch (error) {
    if (error instanceof StatementTimeoutError) return false;
    throw error;
  }
}

async function readLedger(dataApi: DataApi, call: MigrateCall): Promise<AppliedMigration[]> {
  // Every look needs its own token: the answer to an earlier one is out of date.
  const id = await dataApi.submit([ledgerQuery()], `${STATEMENT_NAME}-ledger`, randomUUID());
  await dataApi.follow(id, call.deadlineMillis);
  const rows = await dataApi.rows(id, 0);
  return rows.map(({ version, name, checksum }) => ({
    version: Number(version),
    name: String(name),
    checksum: String(checksum),
  }));
}

async function comment(dataApi: DataApi, call: MigrateCall): Promise<void> {
  const statements = commentStatements();
  for (let start = 0; start < statements.length; start += DATA_API_BATCH_STATEMENTS) {
    const batch = statements.slice(start, start + DATA_API_BATCH_STATEMENTS);
    const id = await dataApi.submit(batch, `${STATEMENT_NAME}-comments`, token(call, `comments ${start}`));
    await dataApi.follow(id, call.deadlineMillis);
  }
}

async function apply(dataApi: DataApi, migration: Migration, call: MigrateCall): Promise<void> {
  const { name, checksum, statements } = migration;
  const id = await dataApi.submit(
    migrationStatements(migration, call.appliedBy),
    `${STATEMENT_NAME}-${name}`,
    token(call, checksum),
  );
  try {
    await dataApi.follow(id, call.deadlineMillis);
  } catch (error) {
    if (!(error instanceof StatementFailedError)) throw error;
    const statement = error.sqlIndex === undefined ? undefined : statements[error.sqlIndex];
    const shown = statement === undefined ? '' : ` in: ${statement.slice(0, 200)}`;
    throw new MigrationError(`${name} failed and was rolled back: ${error.reason}${shown}`, { cause: error });
  }
}

/** Client tokens are at most 64 characters. */
function token(call: MigrateCall, what: string): string {
  return createHash('sha256').update(`${call.requestId} ${what}`).digest('hex');
}
