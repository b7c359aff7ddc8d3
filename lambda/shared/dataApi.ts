/**
 * Redshift's Data API for functions: submit SQL, follow it to its end, read its rows.
 *
 * A statement runs on after whoever submitted it is gone, so submitting and following are apart: the one is quick,
 * the other knows a deadline and says so by name when it passes.
 */
import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  type DescribeStatementCommandOutput,
  ExecuteStatementCommand,
  type Field,
  GetStatementResultCommand,
  ListStatementsCommand,
  type RedshiftDataClient,
  type StatusString,
} from '@aws-sdk/client-redshift-data';
import { DATA_API_BATCH_STATEMENTS, DATA_API_STATEMENT_BYTES } from '../../lib/contract/limits';

/** Redshift said no: nothing of the batch was kept. */
export class StatementFailedError extends Error {
  override readonly name = 'StatementFailedError';

  /**
   * @param status FAILED, or ABORTED when somebody stopped it
   * @param sqlIndex which statement of the batch failed, from 0; undefined when none is named
   */
  constructor(
    readonly statementId: string,
    readonly status: string,
    readonly reason: string,
    readonly sqlIndex: number | undefined,
  ) {
    const which = sqlIndex === undefined ? '' : `, SQL ${sqlIndex + 1} of the batch`;
    super(`Statement ${statementId} ${status}${which}: ${reason}`);
  }

  /** True when the same statement may well succeed a moment later: another transaction was in the way. */
  get isConflict(): boolean {
    return /ERROR:?\s*1023\b|conflict with concurrent transaction|serializable isolation|deadlock detected/i.test(
      this.reason,
    );
  }
}

/** The deadline passed and the statement still runs. It may yet commit. */
export class StatementTimeoutError extends Error {
  override readonly name = 'StatementTimeoutError';

  constructor(
    readonly statementId: string,
    readonly status: string,
  ) {
    super(`Statement ${statementId} is still ${status} at the deadline; it may yet commit`);
  }
}

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

/** Value of a result's field. */
export type FieldValue = string | number | boolean | undefined;
/** A result's row by column name. */
export type ResultRow = Readonly<Record<string, FieldValue>>;

/** Between two looks at a statement: quick at first for short statements, then easy on the API. */
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
    const { Id } = await this.whenBusyTryAgain(() =>
      this.client.send(
        new BatchExecuteStatementCommand({
          ...this.target,
          Sqls: [...statements],
          StatementName: name,
          ClientToken: clientToken,
        }),
      ),
    );
    if (Id === undefined) throw new Error(`The Data API gave no id for statement ${name}`);
    return Id;
  }

  /**
   * Submits a statement that runs outside a transaction, as VACUUM must; returns its id at once.
   * @param clientToken the same token within some hours gives the same statement, not a second one
   * @throws RangeError when it is too long: nothing was submitted
   */
  async submitAlone(sql: string, name: string, clientToken: string): Promise<string> {
    checkLimits([sql]);
    const { Id } = await this.whenBusyTryAgain(() =>
      this.client.send(
        new ExecuteStatementCommand({
          ...this.target,
          Sql: sql,
          StatementName: name,
          ClientToken: clientToken,
        }),
      ),
    );
    if (Id === undefined) throw new Error(`The Data API gave no id for statement ${name}`);
    return Id;
  }

  /**
   * Waits until a statement has finished.
   * @param deadlineMillis epoch milliseconds
   * @throws StatementFailedError when it failed or was aborted
   * @throws StatementTimeoutError when it still runs at the deadline
   */
  async follow(id: string, deadlineMillis: number): Promise<void> {
    for (let pause = FIRST_POLL_MILLIS; ; pause = Math.min(pause * POLL_FACTOR, LONGEST_POLL_MILLIS)) {
      const statement = await this.whenBusyTryAgain(() =>
        this.client.send(new DescribeStatementCommand({ Id: id })),
      );
      const status = statement.Status ?? 'SUBMITTED';
      if (status === 'FINISHED') return;
      if (status === 'FAILED' || status === 'ABORTED') throw failure(id, status, statement);
      if (this.clock.now() + pause > deadlineMillis) throw new StatementTimeoutError(id, status);
      await this.clock.sleep(pause);
    }
  }

  /**
   * Rows of a finished statement of a batch.
   * @param sqlIndex which statement of the batch, from 0
   */
  async rows(id: string, sqlIndex: number): Promise<ResultRow[]> {
    const rows: ResultRow[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.whenBusyTryAgain(() =>
        this.client.send(new GetStatementResultCommand({ Id: `${id}:${sqlIndex + 1}`, NextToken })),
      );
      const names = (page.ColumnMetadata ?? []).map((column, index) => column.name ?? `column_${index + 1}`);
      for (const record of page.Records ?? []) {
        rows.push(Object.fromEntries(names.map((name, index) => [name, fieldValue(record[index])])));
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return rows;
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

function failure(
  id: string,
  status: string,
  statement: DescribeStatementCommandOutput,
): StatementFailedError {
  const parts = statement.SubStatements ?? [];
  // The statement that failed is the reason; those before it may be reported as aborted with it.
  const failed = parts.findIndex((part) => part.Status === 'FAILED');
  const index = failed >= 0 ? failed : parts.findIndex((part) => part.Status === 'ABORTED');
  const reason = parts[index]?.Error ?? statement.Error ?? 'no reason given';
  return new StatementFailedError(id, status, reason, index < 0 ? undefined : index);
}

function fieldValue(field: Field | undefined): FieldValue {
  if (field === undefined || field.isNull === true) return undefined;
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue;
}
