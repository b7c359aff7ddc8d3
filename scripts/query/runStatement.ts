/** Runs one statement through the Data API for somebody who waits for the answer. */
import { randomUUID } from 'node:crypto';
import type { GetStatementResultCommandOutput } from '@aws-sdk/client-redshift-data';
import { type DataApi, fieldValue, StatementFailedError } from '../../lambda/shared/dataApi';
import type { QueryResult, ResultRow } from './queryResult';

/**
 * Runs the statement.
 * @param name of the statement, for whoever lists them
 * @param signal stops the statement in the warehouse, too
 * @throws StatementFailedError when it fails, or somebody else stops it
 */
export async function runStatement(
  dataApi: DataApi,
  sql: string,
  name: string,
  signal?: AbortSignal,
): Promise<QueryResult> {
  signal?.throwIfAborted();
  // Not stopped itself by the signal: a statement whose id is not known cannot be stopped.
  const id = await dataApi.submitAlone(sql, name, randomUUID());
  const { HasResultSet, ResultRows = -1 } = await followOrCancel(dataApi, id, signal);
  if (HasResultSet !== true) return { columns: undefined, rowCount: ResultRows, pages: [] };
  const pages = dataApi.pages(id);
  const { value: first } = await pages.next();
  const columns = (first?.ColumnMetadata ?? []).map(({ name = '', typeName = '' }) => ({ name, typeName }));
  return {
    columns,
    rowCount: first?.TotalNumRows ?? ResultRows,
    pages: rowsOf(first, pages, signal),
  };
}

async function followOrCancel(dataApi: DataApi, id: string, signal: AbortSignal | undefined) {
  try {
    return await dataApi.follow(id, Number.POSITIVE_INFINITY, signal);
  } catch (error) {
    if (error instanceof StatementFailedError || !signal?.aborted) throw error;
    await dataApi.cancel(id);
    throw signal.reason;
  }
}

type Page = GetStatementResultCommandOutput;

async function* rowsOf(
  first: Page | undefined,
  others: AsyncIterable<Page>,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly ResultRow[], void> {
  if (first !== undefined) yield recordsOf(first);
  signal?.throwIfAborted();
  for await (const page of others) {
    yield recordsOf(page);
    signal?.throwIfAborted();
  }
}

function recordsOf({ Records = [] }: Page): ResultRow[] {
  return Records.map((record) => record.map((field) => fieldValue(field) ?? null));
}
