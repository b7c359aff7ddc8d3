/** Where `npm run query` asks: the local run that is up, through the Data API, or else its file. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  type Field,
  GetStatementResultCommand,
  type GetStatementResultCommandOutput,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { WAREHOUSE } from '../../lib/contract/names';
import { type LocalEndpoints, localClientSettings, readEndpoints } from '../../local/endpoints';
import { openWarehouse, type StatementResult } from '../../local/redshift';

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

/** The local Data API takes any secret for the admin's. */
const ADMIN_SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:local-admin';
const WAIT_SECONDS = 20;

/**
 * @param directory where the local run keeps its state
 * @param user database user; undefined is the admin
 * @throws QueryError when there is no warehouse, or its file is in use by a run without endpoints
 */
export async function openSource(directory: string, user: string | undefined): Promise<QuerySource> {
  const endpoints = readEndpoints(directory);
  if (endpoints) return dataApiSource(endpoints, user);
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

function dataApiSource(endpoints: LocalEndpoints, user: string | undefined): QuerySource {
  const client = new RedshiftDataClient(localClientSettings(endpoints.redshiftData));
  return {
    name: `${endpoints.redshiftData} (local run, process ${endpoints.pid})`,
    run: (sql) => runThroughDataApi(client, endpoints, user, sql),
    close: async () => client.destroy(),
  };
}

async function runThroughDataApi(
  client: RedshiftDataClient,
  { clusterIdentifier, databaseName }: LocalEndpoints,
  user: string | undefined,
  sql: string,
): Promise<StatementResult> {
  const { Id } = await client.send(
    new ExecuteStatementCommand({
      ClusterIdentifier: clusterIdentifier,
      Database: databaseName,
      Sql: sql,
      ...(user === undefined ? { SecretArn: ADMIN_SECRET_ARN } : { DbUser: user }),
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
