/** Where questions are asked: the local run that is up, or an environment, through the Data API; else the run's file. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { StatementFailedError } from '../../lambda/shared/dataApi';
import { WAREHOUSE } from '../../lib/contract/names';
import { readEndpoints } from '../../local/endpoints';
import { BatchError, openWarehouse } from '../../local/redshift';
import { openTarget, type Target } from '../target/target';
import type { QueryResult } from './queryResult';
import { runStatement } from './runStatement';

/** Thrown with a message for the person at the terminal. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

export interface QuerySource {
  /** How to name it in the footer. */
  readonly name: string;
  /**
   * Runs one statement.
   * @param signal stops it in the warehouse
   * @throws QueryError with Redshift's message
   */
  run(sql: string, signal?: AbortSignal): Promise<QueryResult>;
  close(): Promise<void>;
}

/**
 * @param directory where the local run keeps its state
 * @param user database user; undefined is the admin
 * @param environment name of a deployed environment; undefined is the local run
 * @throws QueryError when there is no warehouse, or its file is in use by a run without endpoints
 * @throws TargetError when the environment is unknown or not deployed
 */
export async function openSource(
  directory: string,
  user: string | undefined,
  environment?: string,
): Promise<QuerySource> {
  if (environment !== undefined || readEndpoints(directory) !== undefined) {
    return targetSource(await openTarget({ environment, directory }), user);
  }
  return fileSource(path.join(directory, 'warehouse.duckdb'), user);
}

/**
 * The warehouse of a pipeline.
 * @param target closed with the source
 * @param statementName of all its statements, for whoever lists them
 */
export function targetSource(
  target: Pick<Target, 'title' | 'dataApi' | 'close'>,
  user: string | undefined,
  statementName = 'query',
): QuerySource {
  const dataApi = target.dataApi(user);
  return {
    name: target.title,
    run: (sql, signal) => inWords(runStatement(dataApi, sql, statementName, signal)),
    close: async () => target.close(),
  };
}

async function fileSource(file: string, user: string | undefined): Promise<QuerySource> {
  if (!existsSync(file)) throw new QueryError('There is no local warehouse yet. Make one with: npm start');
  try {
    const warehouse = await openWarehouse({ file, databaseName: WAREHOUSE.database, readOnly: true });
    return {
      name: file,
      async run(sql, signal) {
        const options = {
          ...(user === undefined ? {} : { user }),
          ...(signal === undefined ? {} : { signal }),
        };
        const { columns, rows, rowCount } = await inWords(warehouse.query(sql, options));
        return { columns, rowCount, pages: rows === undefined ? [] : [rows] };
      },
      close: () => warehouse.close(),
    };
  } catch (error) {
    if (!/Could not set lock|Conflicting lock/.test(String(error))) throw error;
    throw new QueryError(
      `The warehouse ${file} is in use by another process. Wait for its end, or keep it up: npm start -- --keep`,
    );
  }
}

/** What Redshift says of a statement, without whose statement it was. */
async function inWords<Result>(running: Promise<Result>): Promise<Result> {
  try {
    return await running;
  } catch (error) {
    if (error instanceof StatementFailedError) throw new QueryError(error.reason, { cause: error });
    if (error instanceof BatchError) throw new QueryError(error.message, { cause: error });
    throw error;
  }
}
