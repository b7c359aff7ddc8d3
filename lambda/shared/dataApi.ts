/**
 * Redshift's Data API: submit SQL, follow it to its end, read its rows.
 *
 * A statement runs on after whoever submitted it is gone, so submitting and following are apart: the one is quick,
 * the other knows a deadline and says so by name when it passes.
 */
import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  DescribeStatementCommand,
  type DescribeStatementResponse,
  ExecuteStatementCommand,
  type Field,
  GetStatementResultCommand,
  type GetStatementResultCommandOutput,
  ListStatementsCommand,
  type RedshiftDataClient,
  type StatusString,
} from '@aws-sdk/client-redshift-data';
import { DATA_API_BATCH_STATEMENTS, DATA_API_STATEMENT_BYTES } from '../../lib/contract/limits';
import { failureOf, StatementTimeoutError } from './statementErrors';

export { StatementFailedError, StatementTimeoutError } from './statementErrors';

/** Where statements run and as whom: a database user with temporary credentials, or a secret's user. */
export type DataApiTarget = { readonly ClusterIdentifier: string; readonly Database: string } & (
  | { readonly DbUser: string }
  | { readonly SecretArn: string }
);

/** How time passes; tests bring their own. */
export interface Clock {
  now(): number;
  sleep(millis: number): Promise<void>;
}

/** The real clock. */
export const systemClock: Clock = {
  now: Date.now,
  sleep: (millis) => new Promise((resolve) => setTimeout(resolve, millis)),
};

/** What is known of a statement that has finished. */
export type StatementEnd = Pick<DescribeStatementResponse, 'HasResultSet' | 'ResultRows'>;

/** Value of a result's field; undefined for null. */
export type FieldValue = string | number | boolean | undefined;
/** A result's row by column name. */
export type ResultRow = Readonly<Record<string, FieldValue>>;

/** Most seconds the Data API holds an answer back for, in which a statement may end. */
const LONGEST_WAIT_SECONDS = 30;
/** Between two looks at a statement, should the API answer at once: quick at first for short statements, then easy on the API. */
const FIRST_POLL_MILLIS = 100;
const LONGEST_POLL_MILLIS = 3_000;
const POLL_FACTOR = 1.5;

/** Errors of a busy Data API that the SDK does not take for throttling. */
const BUSY_ERRORS = new Set([
  'ActiveStatementsExceededException',
  'ActiveSessionsExceededException',
  'DatabaseConnectionException',
  'InternalServerException',
  'ThrottlingException',
]);
const BUSY_ATTEMPTS = 5;

const UNFINISHED: readonly StatusString[] = ['SUBMITTED', 'PICKED', 'STARTED'];

/** Redshift's Data API for one database and one user. A busy API is asked again, some times, before it is an error. */
export class DataApi {
  constructor(
    private readonly client: RedshiftDataClient,
    private readonly target: DataApiTarget,
    private readonly clock: Clock = systemClock,
  ) {}

  /** Cluster the statements run on. */
  get clusterIdentifier(): string {
    return this.target.ClusterIdentifier;
  }

  /**
   * Submits statements that run in one transaction; returns the batch's statement id at once.
   * @param clientToken the same token within some hours gives the same statement, not a second one
   * @throws RangeError when a limit of the Data API would be passed: nothing was submitted
   */
  async submit(statements: readonly string[], name: string, clientToken: string): Promise<string> {
    checkLimits(statements);
    const input = { ...this.target, Sqls: [...statements], StatementName: name, ClientToken: clientToken };
    return idOf(
      name,
      await this.whenBusyTryAgain(() => this.client.send(new BatchExecuteStatementCommand(input))),
    );
  }

  /**
   * Submits a statement that runs outside a transaction, as VACUUM must; returns its id at once.
   * @param clientToken the same token within some hours gives the same statement, not a second one
   * @throws RangeError when it is too long: nothing was submitted
   */
  async submitAlone(sql: string, name: string, clientToken: string): Promise<string> {
    checkLimits([sql]);
    const input = { ...this.target, Sql: sql, StatementName: name, ClientToken: clientToken };
    return idOf(
      name,
      await this.whenBusyTryAgain(() => this.client.send(new ExecuteStatementCommand(input))),
    );
  }

  /**
   * Waits until a statement has finished.
   * @param deadlineMillis epoch milliseconds
   * @param signal ends the waiting, not the statement
   * @throws StatementFailedError when it failed or was aborted
   * @throws StatementTimeoutError when it still runs at the deadline
   */
  async follow(id: string, deadlineMillis: number, signal?: AbortSignal): Promise<StatementEnd> {
    for (let pause = FIRST_POLL_MILLIS; ; pause = Math.min(pause * POLL_FACTOR, LONGEST_POLL_MILLIS)) {
      signal?.throwIfAborted();
      const statement = await this.whenBusyTryAgain(() => {
        const leftSeconds = Math.floor((deadlineMillis - this.clock.now()) / 1_000);
        const WaitTimeSeconds = Math.min(Math.max(leftSeconds, 0), LONGEST_WAIT_SECONDS);
        return this.client.send(new DescribeStatementCommand({ Id: id, WaitTimeSeconds }), {
          abortSignal: signal,
        });
      });
      const status = statement.Status ?? 'SUBMITTED';
      if (status === 'FINISHED') return statement;
      if (status === 'FAILED' || status === 'ABORTED') throw failureOf(id, status, statement);
      if (this.clock.now() + pause > deadlineMillis) throw new StatementTimeoutError(id, status);
      await this.clock.sleep(pause);
    }
  }

  /** Stops a statement; one that has ended by itself stays as it is. */
  async cancel(id: string): Promise<void> {
    try {
      await this.whenBusyTryAgain(() => this.client.send(new CancelStatementCommand({ Id: id })));
    } catch (error) {
      // The API's answer when there is nothing left to stop.
      if (!(error instanceof Error && error.name === 'ValidationException')) throw error;
    }
  }

  /**
   * Rows of a finished statement of a batch.
   * @param sqlIndex which statement of the batch, from 0
   */
  async rows(id: string, sqlIndex: number): Promise<ResultRow[]> {
    const rows: ResultRow[] = [];
    for await (const page of this.pages(`${id}:${sqlIndex + 1}`)) {
      const names = (page.ColumnMetadata ?? []).map((column, index) => column.name ?? `column_${index + 1}`);
      for (const record of page.Records ?? []) {
        rows.push(Object.fromEntries(names.map((name, index) => [name, fieldValue(record[index])])));
      }
    }
    return rows;
  }

  /**
   * The result of a finished statement, a page of the API at a time; each is fetched when it is asked for.
   * @param id of a statement by itself, or of one of a batch
   */
  async *pages(id: string): AsyncGenerator<GetStatementResultCommandOutput, undefined> {
    let NextToken: string | undefined;
    do {
      const page = await this.whenBusyTryAgain(() =>
        this.client.send(new GetStatementResultCommand({ Id: id, NextToken })),
      );
      yield page;
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  }

  /** Ids of statements with this name prefix, submitted by the caller's role, that have not ended. */
  async unfinished(namePrefix: string): Promise<string[]> {
    const ids: string[] = [];
    for (const Status of UNFINISHED) {
      let NextToken: string | undefined;
      do {
        const page = await this.whenBusyTryAgain(() =>
          this.client.send(
            new ListStatementsCommand({
              ClusterIdentifier: this.target.ClusterIdentifier,
              Database: this.target.Database,
              StatementName: namePrefix,
              Status,
              NextToken,
            }),
          ),
        );
        for (const { Id } of page.Statements ?? []) if (Id !== undefined) ids.push(Id);
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
    }
    return ids;
  }

  private async whenBusyTryAgain<T>(send: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await send();
      } catch (error) {
        const isBusy = error instanceof Error && BUSY_ERRORS.has(error.name);
        if (!isBusy || attempt === BUSY_ATTEMPTS) throw error;
        await this.clock.sleep(jitter(200 * 2 ** attempt));
      }
    }
  }
}

/** Between half of `millis` and all of it, so that callers that collided do not collide again. */
export function jitter(millis: number): number {
  return millis * (0.5 + Math.random() / 2);
}

function idOf(name: string, { Id }: { readonly Id?: string | undefined }): string {
  if (Id === undefined) throw new Error(`The Data API gave no id for statement ${name}`);
  return Id;
}

function checkLimits(statements: readonly string[]): void {
  if (statements.length > DATA_API_BATCH_STATEMENTS) {
    throw new RangeError(
      `A batch of ${statements.length} statements: the Data API takes at most ${DATA_API_BATCH_STATEMENTS}`,
    );
  }
  for (const [index, statement] of statements.entries()) {
    const bytes = Buffer.byteLength(statement);
    if (bytes > DATA_API_STATEMENT_BYTES) {
      throw new RangeError(
        `SQL ${index + 1} of the batch has ${bytes} bytes: the Data API takes at most ${DATA_API_STATEMENT_BYTES}`,
      );
    }
  }
}

/** Value of a field; undefined for null. */
export function fieldValue(field: Field | undefined): FieldValue {
  if (field === undefined || field.isNull === true) return undefined;
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue;
}
