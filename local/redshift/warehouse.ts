/**
 * The local warehouse: Redshift SQL over a DuckDB file.
 *
 * Batches that write run one after another, so a LOCK is never waited for and no transaction conflicts; batches that
 * only read run at the same time as them and see what was committed when they began.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { principalExists } from './access';
import type { StatementResult } from './commands/command';
import { type Prepared, prepare } from './commands/dispatch';
import { Engine } from './engine';
import { toRedshiftError } from './engineErrors';
import { type ExternalCatalog, remakeExternalTables } from './externalTables';
import { RedshiftError } from './redshiftError';
import { type ResolveS3, Session } from './session';
import { initializeParser } from './sql/ast';

export type { ResultColumn, ResultValue, StatementResult } from './commands/command';

export interface WarehouseOptions {
  /** DuckDB file; made when missing, unless `readOnly`. */
  readonly file: string;
  /** @default 'dev' */
  readonly databaseName?: string;
  /** The only superuser. @default 'admin' */
  readonly adminUser?: string;
  /** Opens an existing file and changes nothing. @default false */
  readonly readOnly?: boolean;
  /** Where an S3 object lies, for COPY; undefined when there is none. @default no object exists */
  readonly resolveS3?: ResolveS3;
  /** Tables of the data catalog, for external schemas. @default there is no database in it */
  readonly externalCatalog?: ExternalCatalog;
  /** DuckDB's memory limit; beyond it, work spills to disk. A load of a million events needs 160. @default 192 */
  readonly memoryLimitMebibytes?: number;
  /**
   * Each thread has buffers that cannot spill: two need twice the memory, and gain little beside the servers and
   * functions of a local run.
   * @default 1
   */
  readonly threads?: number;
}

/** What a caller may want to know while a batch runs. */
export interface BatchObserver {
  /** The statement of that index begins. */
  onStart?(index: number): void;
  onFinish?(index: number, result: StatementResult): void;
}

/** Thrown when a batch failed; nothing of it remains. */
export class BatchError extends Error {
  override readonly name = 'BatchError';
  constructor(
    /** Index of the statement that failed; undefined when none had begun. */
    readonly statementIndex: number | undefined,
    override readonly cause: RedshiftError,
  ) {
    super(cause.describe());
  }
}

export interface RunOptions extends BatchObserver {
  /** Whether the statements are a transaction block. A batch of one is, too. @default when there are several */
  readonly isTransactionBlock?: boolean;
  /** Database user. @default the admin */
  readonly user?: string;
  /** Stops the batch, which then fails and leaves nothing. */
  readonly signal?: AbortSignal;
}

const INTERRUPT_MILLIS = 100;

export class Warehouse {
  private writers: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly engine: Engine,
    readonly databaseName: string,
    readonly adminUser: string,
    private readonly resolveS3: ResolveS3,
    private readonly externalCatalog: ExternalCatalog,
  ) {}

  static async open(options: WarehouseOptions): Promise<Warehouse> {
    await initializeParser();
    const databaseName = options.databaseName ?? 'dev';
    const engine = await Engine.open({
      file: options.file,
      databaseName,
      readOnly: options.readOnly ?? false,
      memoryLimitMebibytes: options.memoryLimitMebibytes ?? 192,
      threads: options.threads ?? 1,
    });
    return new Warehouse(
      engine,
      databaseName,
      options.adminUser ?? 'admin',
      options.resolveS3 ?? (() => undefined),
      options.externalCatalog ?? (() => undefined),
    );
  }

  /**
   * Runs statements in one transaction, with temporary tables of their own.
   * @throws BatchError when one fails
   */
  async run(statements: readonly string[], options: RunOptions = {}): Promise<StatementResult[]> {
    const prepared = statements.map((sql, index) => prepareAt(sql, index));
    const run = () => this.runTransaction(prepared, options);
    if (prepared.every(({ isReadOnly }) => isReadOnly)) return run();
    const turn = this.writers.then(run, run);
    this.writers = turn.catch(() => undefined);
    return turn;
  }

  /** Runs one statement in a transaction of its own. @throws BatchError when it fails */
  async query(sql: string, options: RunOptions = {}): Promise<StatementResult> {
    const [result = { rowCount: -1 }] = await this.run([sql], options);
    return result;
  }

  private async runTransaction(
    prepared: readonly Prepared[],
    options: RunOptions,
  ): Promise<StatementResult[]> {
    const { user = this.adminUser, signal, isTransactionBlock = prepared.length > 1 } = options;
    const connection = await this.engine.connect();
    // DuckDB interrupts what runs at this moment: between two steps of a statement that is nothing, so again and again.
    let interrupting: NodeJS.Timeout | undefined;
    const interrupt = () => {
      connection.interrupt();
      interrupting = setInterval(() => connection.interrupt(), INTERRUPT_MILLIS);
    };
    signal?.addEventListener('abort', interrupt, { once: true });
    const session = this.session(connection, user, isTransactionBlock);
    let index: number | undefined;
    try {
      await connection.run('BEGIN');
      if (!session.isSuperuser && !(await principalExists(session, { kind: 'user', name: user }))) {
        throw new RedshiftError(
          `FATAL: password authentication failed for user "${user}": it does not exist`,
        );
      }
      const results: StatementResult[] = [];
      for (const [position, statement] of prepared.entries()) {
        index = position;
        if (signal?.aborted) throw new RedshiftError("Query cancelled on user's request");
        options.onStart?.(position);
        const result = await statement.run(session);
        options.onFinish?.(position, result);
        results.push(result);
      }
      await connection.run('COMMIT');
      return results;
    } catch (error) {
      throw new BatchError(index, toRedshiftError(error));
    } finally {
      signal?.removeEventListener('abort', interrupt);
      clearInterval(interrupting);
      // A transaction still open is rolled back with its connection.
      connection.closeSync();
    }
  }

  /** Makes the tables of external schemas anew, after the data catalog has changed. */
  refreshExternalTables(): Promise<void> {
    const refresh = async () => {
      const connection = await this.engine.connect();
      try {
        await connection.run('BEGIN');
        await remakeExternalTables(this.session(connection, this.adminUser, true));
        await connection.run('COMMIT');
      } finally {
        connection.closeSync();
      }
    };
    const turn = this.writers.then(refresh, refresh);
    this.writers = turn.catch(() => undefined);
    return turn;
  }

  private session(connection: DuckDBConnection, user: string, isTransactionBlock: boolean): Session {
    const { adminUser, databaseName, resolveS3, externalCatalog } = this;
    return new Session(
      connection,
      user,
      user === adminUser,
      databaseName,
      resolveS3,
      externalCatalog,
      isTransactionBlock,
    );
  }

  /** Waits for what is running, then closes the file. */
  async close(): Promise<void> {
    await this.writers;
    this.engine.close();
  }
}

function prepareAt(sql: string, index: number): Prepared {
  try {
    return prepare(sql);
  } catch (error) {
    throw new BatchError(index, toRedshiftError(error));
  }
}

/** Opens the warehouse. @throws Error when the file is in use by another process, or missing and `readOnly` */
export function openWarehouse(options: WarehouseOptions): Promise<Warehouse> {
  return Warehouse.open(options);
}
