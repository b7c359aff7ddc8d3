/** Where questions are asked: the local run that is up, or an environment, through the Data API; else the run's file. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  type Field,
  GetStatementResultCommand,
  type GetStatementResultCommandOutput,
  type RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { WAREHOUSE } from '../../lib/contract/names';
import { readEndpoints } from '../../local/endpoints';
import { openWarehouse, type StatementResult } from '../../local/redshift';
import { openTarget, type Target } from '../target/target';

/** Thrown with a message for the person at the terminal. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

export interface QuerySource {
  /** How to name it in the footer. */
  readonly name: string;
  /** Runs one statement. @throws QueryError or BatchError with Redshift's message */
  run(sql: string): Promise<StatementResult>;
  close(): Promise<void>;
}

const WAIT_SECONDS = 20;

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
  const file = path.join(directory, 'warehouse.duckdb');
  if (!existsSync(file)) throw new QueryError('There is no local warehouse yet. Make one with: npm start');
  try {
    const warehouse = await openWarehouse({ file, databaseName: WAREHOUSE.database, readOnly: true });
    return {
      name: file,
      run: (sql) => warehouse.query(sql, user === undefined ? {} : { user }),
      close: () => warehouse.close(),
    };
  } catch (error) {
    if (!/Could not set lock|Conflicting lock/.test(String(error))) throw error;
    throw new QueryError(
      `The warehouse ${file} is in use by another process. Wait for its end, or keep it up: npm start -- --keep`,
    );
  }
}

function targetSource(target: Target, user: string | undefined): QuerySource {
  return {
    name: target.title,
    run: (sql) => runThroughDataApi(target, user, sql),
    close: async () => target.close(),
  };
}

async function runThroughDataApi(
  { redshiftData: client, clusterIdentifier, databaseName, adminSecretArn }: Target,
  user: string | undefined,
  sql: string,
): Promise<StatementResult> {
  const { Id } = await client.send(
    new ExecuteStatementCommand({
      ClusterIdentifier: clusterIdentifier,
      Database: databaseName,
      Sql: sql,
      ...(user === undefined ? { SecretArn: adminSecretArn } : { DbUser: user }),
    }),
  );
  for (;;) {
    const statement = await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: WAIT_SECONDS }));
    if (statement.Status === 'FAILED' || statement.Status === 'ABORTED')
      throw new QueryError(statement.Error ?? statement.Status);
    if (statement.Status !== 'FINISHED') continue;
    return statement.HasResultSet ? readResult(client, Id) : { rowCount: statement.ResultRows ?? -1 };
  }
}

async function readResult(client: RedshiftDataClient, id: string | undefined): Promise<StatementResult> {
  const pages: GetStatementResultCommandOutput[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(new GetStatementResultCommand({ Id: id, NextToken: nextToken }));
    pages.push(page);
    nextToken = page.NextToken;
  } while (nextToken !== undefined);
  const columns = (pages[0]?.ColumnMetadata ?? []).map(({ name = '', typeName = '' }) => ({
    name,
    typeName,
  }));
  const rows = pages.flatMap(({ Records = [] }) => Records.map((record) => record.map(valueOfField)));
  return { columns, rows, rowCount: rows.length };
}

function valueOfField(field: Field): string | number | boolean | null {
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null;
}
