/** The Redshift Data API in memory, as strict as the real one about what it is asked; what a batch does is scripted. */
import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  type Field,
  GetStatementResultCommand,
  ListStatementsCommand,
  type RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';

/** How a batch ends. `polls` times it is still running when looked at. */
export interface BatchScript {
  readonly status?: 'FINISHED' | 'FAILED' | 'ABORTED';
  readonly polls?: number;
  readonly error?: string;
  /** Which statement failed, from 0. */
  readonly failedAt?: number;
  /** Those before the failed one are reported as aborted, because the transaction is rolled back whole. */
  readonly abortsEarlier?: boolean;
  /** Result of the last statement. */
  readonly rows?: readonly Record<string, string | number>[];
  /** Rows of a page of the result. @default all of them */
  readonly pageRows?: number;
}

interface Statement {
  readonly id: string;
  readonly name: string;
  readonly sqls: readonly string[];
  readonly isBatch: boolean;
  script: BatchScript;
  pollsLeft: number;
}

export class FakeDataApi {
  /** Every batch, and every statement by itself, that was submitted, in order. */
  readonly batches: { readonly name: string; readonly sqls: readonly string[]; readonly isBatch: boolean }[] =
    [];
  /** Seconds that answers about statements were to be held back for. */
  readonly waits: number[] = [];
  /** Pages of results that were fetched. */
  pagesFetched = 0;
  /** Thrown by the next calls, one each. */
  readonly troubles: Error[] = [];
  private readonly statements = new Map<string, Statement>();
  private readonly idsByToken = new Map<string, string>();

  /** @param run what a batch does, given its SQL */
  constructor(private readonly run: (sqls: readonly string[]) => BatchScript) {}

  /** The API as an SDK client. */
  get client(): RedshiftDataClient {
    return { send: async (command: unknown) => this.answer(command) } as unknown as RedshiftDataClient;
  }

  private answer(command: unknown): unknown {
    const trouble = this.troubles.shift();
    if (trouble !== undefined) throw trouble;
    if (command instanceof BatchExecuteStatementCommand) return this.submit(command.input);
    if (command instanceof ExecuteStatementCommand) {
      const { Sql, ...input } = command.input;
      return this.submit({ ...input, Sqls: Sql === undefined ? [] : [Sql] }, false);
    }
    if (command instanceof DescribeStatementCommand) return this.describe(command.input);
    if (command instanceof CancelStatementCommand) return this.cancel(command.input.Id);
    if (command instanceof GetStatementResultCommand) return this.result(command.input);
    if (command instanceof ListStatementsCommand) return this.list(command.input);
    throw new Error(`The Data API does not know ${command}`);
  }

  private submit(input: BatchExecuteStatementCommand['input'], isBatch = true): unknown {
    const { Sqls: sqls = [], StatementName: name = '', ClientToken: token = '' } = input;
    if (sqls.length < 1 || sqls.length > 40) throw validation(`${sqls.length} statements`);
    if (sqls.some((sql) => Buffer.byteLength(sql) > 100_000)) throw validation('a statement is too long');
    if (name.length > 500) throw validation('StatementName');
    if (token.length < 1 || token.length > 64) throw validation('ClientToken');
    if ((input.DbUser === undefined) === (input.SecretArn === undefined)) {
      throw validation('either DbUser or SecretArn');
    }
    const known = this.idsByToken.get(token);
    if (known !== undefined) return { Id: known };
    const id = `statement-${this.batches.length + 1}`;
    const script = this.run(sqls);
    this.batches.push({ name, sqls, isBatch });
    this.idsByToken.set(token, id);
    this.statements.set(id, { id, name, sqls, isBatch, script, pollsLeft: script.polls ?? 0 });
    return { Id: id };
  }

  private describe({ Id: id = '', WaitTimeSeconds = 0 }: DescribeStatementCommand['input']): unknown {
    if (!Number.isInteger(WaitTimeSeconds) || WaitTimeSeconds < 0 || WaitTimeSeconds > 30) {
      throw validation(`WaitTimeSeconds ${WaitTimeSeconds}`);
    }
    this.waits.push(WaitTimeSeconds);
    const statement = this.statement(id);
    if (statement.pollsLeft > 0) {
      statement.pollsLeft--;
      return { Id: id, Status: 'STARTED' };
    }
    const { status = 'FINISHED', error, failedAt, abortsEarlier } = statement.script;
    const { rows } = statement.script;
    const result = { HasResultSet: rows !== undefined, ResultRows: rows?.length ?? -1 };
    if (!statement.isBatch) return { Id: id, Status: status, Error: error, ...result };
    const before = abortsEarlier ? 'ABORTED' : 'FINISHED';
    const SubStatements = statement.sqls.map((_, index) => ({
      Id: `${id}:${index + 1}`,
      Status:
        failedAt === undefined
          ? 'FINISHED'
          : index < failedAt
            ? before
            : index === failedAt
              ? status
              : 'ABORTED',
      ...(index === failedAt ? { Error: error } : {}),
    }));
    return { Id: id, Status: status, Error: error, SubStatements };
  }

  private cancel(id = ''): unknown {
    const statement = this.statement(id);
    if (statement.pollsLeft === 0) throw validation('Could not cancel a query that has ended');
    statement.pollsLeft = 0;
    statement.script = { status: 'ABORTED', error: 'Query cancelled' };
    return { Status: true };
  }

  private result({ Id: id = '', NextToken }: GetStatementResultCommand['input']): unknown {
    const [batchId = '', index] = id.split(':');
    const { script, sqls, pollsLeft, isBatch } = this.statement(batchId);
    if (pollsLeft > 0 || (script.status ?? 'FINISHED') !== 'FINISHED') throw validation('not finished');
    if (isBatch && Number(index) !== sqls.length) throw validation(`Query ${id} has no result set`);
    this.pagesFetched++;
    const rows = script.rows ?? [];
    const names = Object.keys(rows[0] ?? {});
    const from = Number(NextToken ?? 0);
    const to = from + (script.pageRows ?? rows.length);
    const Records = rows.slice(from, to).map((row) =>
      names.map((name): Field => {
        const value = row[name];
        return typeof value === 'number' ? { longValue: value } : { stringValue: value ?? '' };
      }),
    );
    const next = to < rows.length ? { NextToken: String(to) } : {};
    return { ColumnMetadata: names.map((name) => ({ name })), Records, TotalNumRows: rows.length, ...next };
  }

  private list({ StatementName = '', Status }: ListStatementsCommand['input']): unknown {
    const found = [...this.statements.values()].filter(
      ({ name, pollsLeft }) => name.startsWith(StatementName) && pollsLeft > 0 && Status === 'STARTED',
    );
    return { Statements: found.map(({ id }) => ({ Id: id })) };
  }

  private statement(id: string): Statement {
    const statement = this.statements.get(id);
    if (statement === undefined) throw Object.assign(new Error(id), { name: 'ResourceNotFoundException' });
    return statement;
  }
}

function validation(message: string): Error {
  return Object.assign(new Error(message), { name: 'ValidationException' });
}
