/** Runs statements of the page as the console's user, bounded in time and in rows. */

import { setTimeout as sleep } from 'node:timers/promises';
import {
  CancelStatementCommand,
  type ColumnMetadata,
  DescribeStatementCommand,
  type DescribeStatementCommandOutput,
  ExecuteStatementCommand,
  type Field,
  GetStatementResultCommand,
  type RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { messageOf } from '../../lib/contract/words';
import type { QuerySource } from '../../scripts/query/sources';
import type { Cell, CellKind, ResultColumn, StatementResult } from '../wire';

/** What a statement of the page may take. */
export interface StatementLimits {
  /** Rows that are read of a result; the rest stays where it is. */
  readonly rows: number;
  readonly seconds: number;
}

/** Enough to look at, little enough for a browser. */
export const STATEMENT_LIMITS: StatementLimits = { rows: 10_000, seconds: 60 };

/** The warehouse said no, in its own words. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
}

/** Runs one statement at a time, any number at once. */
export interface StatementRunner {
  readonly limits: StatementLimits;
  /** @throws StatementError when the statement fails or takes too long */
  run(sql: string): Promise<StatementResult>;
  close(): Promise<void>;
}

/** The cluster, and as whom. */
export interface DataApiSignIn {
  readonly clusterIdentifier: string;
  readonly databaseName: string;
  readonly user: string;
}

/** Most seconds the Data API holds an answer back for. */
const WAIT_SECONDS = 30;
/** Between two looks at a statement, should the API answer at once. */
const LEAST_PAUSE_MILLIS = 50;

/**
 * Runs statements through the Data API.
 * @param client closed by whoever made it
 */
export function dataApiRunner(
  client: RedshiftDataClient,
  { clusterIdentifier, databaseName, user }: DataApiSignIn,
  limits: StatementLimits = STATEMENT_LIMITS,
): StatementRunner {
  return {
    limits,
    async run(sql) {
      const startedAt = performance.now();
      const deadline = startedAt + limits.seconds * 1_000;
      const { Id } = await client.send(
        new ExecuteStatementCommand({
          ClusterIdentifier: clusterIdentifier,
          Database: databaseName,
          DbUser: user,
          Sql: sql,
          StatementName: 'console',
        }),
      );
      const statement = await follow(client, Id, deadline, limits.seconds);
      const millis = () => Math.round(performance.now() - startedAt);
      if (statement.HasResultSet !== true) return { columns: [], rows: [], rowCount: 0, millis: millis() };
      const result = await firstRows(client, Id, limits.rows);
      const rowCount = Math.max(statement.ResultRows ?? 0, result.rows.length);
      return { ...result, rowCount, millis: millis() };
    },
    close: async () => {},
  };
}

async function follow(
  client: RedshiftDataClient,
  Id: string | undefined,
  deadline: number,
  seconds: number,
): Promise<DescribeStatementCommandOutput> {
  for (;;) {
    const left = Math.ceil((deadline - performance.now()) / 1_000);
    const WaitTimeSeconds = Math.min(Math.max(left, 1), WAIT_SECONDS);
    const statement = await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds }));
    if (statement.Status === 'FINISHED') return statement;
    if (statement.Status === 'FAILED' || statement.Status === 'ABORTED') {
      throw new StatementError(statement.Error ?? `The statement ended as ${statement.Status}`);
    }
    if (performance.now() >= deadline) {
      await client.send(new CancelStatementCommand({ Id }));
      throw new StatementError(`Stopped: the statement ran longer than ${seconds} s`);
    }
    await sleep(LEAST_PAUSE_MILLIS);
  }
}

async function firstRows(client: RedshiftDataClient, Id: string | undefined, maxRows: number) {
  let columns: ResultColumn[] = [];
  const rows: Cell[][] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new GetStatementResultCommand({ Id, NextToken }));
    columns = (page.ColumnMetadata ?? []).map(resultColumn);
    const kinds = columns.map(({ kind }) => kind);
    for (const record of page.Records ?? []) {
      rows.push(record.map((field, index) => cell(fieldValue(field), kinds[index])));
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined && rows.length < maxRows);
  return { columns, rows: rows.slice(0, maxRows) };
}

function resultColumn({ name = '', typeName = '' }: ColumnMetadata): ResultColumn {
  return { name, typeName, kind: kindOf(typeName) };
}

function fieldValue(field: Field): Cell {
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null;
}

/** How values of a type are shown. */
export function kindOf(typeName: string): CellKind {
  if (/^(int\d|float\d|numeric|oid)$/.test(typeName)) return 'number';
  if (typeName === 'bool') return 'boolean';
  return /^(date|timestamp|timestamptz)$/.test(typeName) ? 'time' : 'text';
}

/** Longest integer text that a double holds exactly. */
const EXACT_DIGITS = 15;

/** NUMERIC travels as text; it is a number for people as long as nothing is lost by making it one. */
function cell(value: Cell, kind: CellKind | undefined): Cell {
  if (kind !== 'number' || typeof value !== 'string') return value;
  const digits = value.replaceAll(/\D/g, '').length;
  return value.trim() !== '' && digits <= EXACT_DIGITS && Number.isFinite(Number(value))
    ? Number(value)
    : value;
}

/** Runs statements on the warehouse a local run has left behind. */
export function fileRunner(source: QuerySource, limits: StatementLimits = STATEMENT_LIMITS): StatementRunner {
  return {
    limits,
    async run(sql) {
      const startedAt = performance.now();
      try {
        const { columns = [], rows = [], rowCount } = await source.run(sql);
        const described = columns.map((column) => ({ ...column, kind: kindOf(column.typeName) }));
        return {
          columns: described,
          rows: rows
            .slice(0, limits.rows)
            .map((row) => row.map((value, at) => cell(value, described[at]?.kind))),
          rowCount,
          millis: Math.round(performance.now() - startedAt),
        };
      } catch (error) {
        throw new StatementError(messageOf(error), { cause: error });
      }
    },
    close: () => source.close(),
  };
}
