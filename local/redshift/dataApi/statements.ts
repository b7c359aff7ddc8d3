/** The statements the Data API has been given, with what became of them. */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../lib/contract/words';
import { RedshiftError } from '../redshiftError';
import { BatchError, type StatementResult, type Warehouse } from '../warehouse';

export type Status = 'SUBMITTED' | 'PICKED' | 'STARTED' | 'FINISHED' | 'FAILED' | 'ABORTED';

/** One SQL statement of a request. */
export interface SubStatement {
  readonly sql: string;
  status: Status;
  error?: string;
  startedAtMillis?: number;
  updatedAtMillis: number;
  durationMillis: number;
  /** Rows answered or changed; -1 while unknown. */
  resultRows: number;
  result?: StatementResult;
}

/** An accepted ExecuteStatement or BatchExecuteStatement. */
export interface Statement {
  readonly id: string;
  readonly isBatch: boolean;
  readonly name?: string;
  readonly secretArn?: string;
  readonly dbUser?: string;
  readonly database: string;
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  readonly createdAtMillis: number;
  readonly processId: number;
  readonly statements: readonly SubStatement[];
  status: Status;
  error?: string;
  updatedAtMillis: number;
  durationMillis: number;
  /** Settles, without error, when the statement has come to its end. */
  readonly ended: Promise<void>;
}

export interface Submission {
  readonly isBatch: boolean;
  /** As the caller wrote them. */
  readonly sqls: readonly string[];
  /** With parameters filled in. */
  readonly boundSqls: readonly string[];
  /** The warehouse's user. */
  readonly user: string;
  readonly name?: string;
  readonly secretArn?: string;
  readonly dbUser?: string;
  readonly database: string;
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

/** What goes wrong with a statement before any of it has an effect. A delay comes first. */
export interface StatementFault {
  readonly delayMillis?: number;
  /** It fails with these words at the SQL of this index. */
  readonly failure?: { readonly index: number; readonly message: string };
}

/** Decides about the fault of each statement; only tests and drills do. */
export interface StatementFaults {
  beforeRun(statement: Statement): StatementFault | undefined;
}

export interface StoreOptions {
  readonly faults?: StatementFaults;
  /** Statements are forgotten so long after they ended; AWS keeps results 24 hours. */
  readonly keepMillis: number;
  /** Results held at most, the oldest dropped first: this machine's memory is not AWS's. */
  readonly maxKept: number;
  readonly nowMillis: () => number;
}

export class StatementStore {
  /** In the order of submission. */
  private readonly statements = new Map<string, Statement>();
  private readonly aborts = new Map<string, AbortController>();
  private lastProcessId = 1_073_700_000;

  constructor(
    private readonly warehouse: Warehouse,
    private readonly options: StoreOptions,
  ) {}

  /** Accepts a request and lets it run; what fails in it shows in its status. */
  submit(submission: Submission): Statement {
    this.forgetOld();
    const now = this.options.nowMillis();
    const { sqls, boundSqls, user, ...described } = submission;
    let settle: () => void = () => undefined;
    const statement: Statement = {
      ...described,
      id: randomUUID(),
      createdAtMillis: now,
      processId: ++this.lastProcessId,
      statements: sqls.map((sql) => ({
        sql,
        status: 'SUBMITTED',
        updatedAtMillis: now,
        durationMillis: -1,
        resultRows: -1,
      })),
      status: 'SUBMITTED',
      updatedAtMillis: now,
      durationMillis: -1,
      ended: new Promise((resolve) => {
        settle = resolve;
      }),
    };
    this.statements.set(statement.id, statement);
    const abort = new AbortController();
    this.aborts.set(statement.id, abort);
    // The answer to the request goes out first, as it does on AWS.
    setImmediate(() => {
      this.run(statement, boundSqls, user, abort.signal).finally(() => {
        this.aborts.delete(statement.id);
        settle();
      });
    });
    return statement;
  }

  private async run(
    statement: Statement,
    sqls: readonly string[],
    user: string,
    signal: AbortSignal,
  ): Promise<void> {
    this.change(statement, 'PICKED');
    let startedAtMillis = this.options.nowMillis();
    try {
      await this.carryOutFault(statement, signal);
      await this.warehouse.run(sqls, {
        isTransactionBlock: statement.isBatch,
        user,
        signal,
        onStart: (index) => {
          if (index === 0) startedAtMillis = this.options.nowMillis();
          this.change(statement, 'STARTED');
          const sub = statement.statements[index];
          if (sub) Object.assign(sub, { startedAtMillis: this.options.nowMillis() });
          if (sub) this.change(sub, 'STARTED');
        },
        onFinish: (index, result) => {
          const sub = statement.statements[index];
          if (sub) Object.assign(sub, { result, resultRows: result.rowCount });
          if (sub) this.change(sub, 'FINISHED');
        },
      });
      this.change(statement, 'FINISHED');
    } catch (error) {
      this.fail(statement, error, signal.aborted);
    }
    statement.durationMillis = this.options.nowMillis() - startedAtMillis;
  }

  private async carryOutFault(statement: Statement, signal: AbortSignal): Promise<void> {
    const fault = this.options.faults?.beforeRun(statement);
    if (fault === undefined) return;
    this.change(statement, 'STARTED');
    // When it is cancelled meanwhile, the warehouse says so.
    if (fault.delayMillis) await sleep(fault.delayMillis, undefined, { signal }).catch(() => undefined);
    if (fault.failure === undefined || signal.aborted) return;
    for (const sub of statement.statements.slice(0, fault.failure.index)) this.change(sub, 'FINISHED');
    throw new BatchError(fault.failure.index, new RedshiftError(fault.failure.message));
  }

  /** What ran before the failure stays FINISHED, though it is rolled back: so does AWS. */
  private fail(statement: Statement, error: unknown, isAborted: boolean): void {
    const message = messageOf(error);
    const failedIndex = error instanceof BatchError ? error.statementIndex : undefined;
    for (const [index, sub] of statement.statements.entries()) {
      delete sub.result;
      if (index === failedIndex && !isAborted) {
        sub.error = message;
        this.change(sub, 'FAILED');
      } else if (sub.status !== 'FINISHED') this.change(sub, 'ABORTED');
    }
    const isOneOfMany = statement.isBatch && failedIndex !== undefined;
    statement.error = isOneOfMany ? `Query #${failedIndex + 1} failed with ${message}` : message;
    this.change(statement, isAborted ? 'ABORTED' : 'FAILED');
  }

  private change(what: Statement | SubStatement, status: Status): void {
    what.status = status;
    what.updatedAtMillis = this.options.nowMillis();
    if ('sql' in what && what.startedAtMillis !== undefined) {
      what.durationMillis = what.updatedAtMillis - what.startedAtMillis;
    }
  }

  find(id: string): Statement | undefined {
    return this.statements.get(id);
  }

  /** Newest first. */
  list(): Statement[] {
    return [...this.statements.values()].reverse();
  }

  /** Stops a statement that has not ended. @returns false when there is nothing to stop any more */
  cancel(id: string): boolean {
    const abort = this.aborts.get(id);
    abort?.abort();
    return abort !== undefined;
  }

  /** Stops everything and waits for it. */
  async close(): Promise<void> {
    for (const abort of this.aborts.values()) abort.abort();
    await Promise.all([...this.statements.values()].map(({ ended }) => ended));
  }

  private forgetOld(): void {
    const oldest = this.options.nowMillis() - this.options.keepMillis;
    for (const [id, statement] of this.statements) {
      if (this.aborts.has(id)) continue;
      if (statement.updatedAtMillis < oldest || this.statements.size > this.options.maxKept)
        this.statements.delete(id);
    }
  }
}
