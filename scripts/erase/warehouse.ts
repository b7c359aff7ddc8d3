/** Erases from the warehouse: every table with a column that identifies visitors or users, in one transaction. */

import { randomUUID } from 'node:crypto';
import { type DataApi, jitter, type ResultRow, StatementFailedError } from '../../lambda/shared/dataApi';
import { ERASURE_IDS_PREFIX } from '../../lib/contract/lakeLayout';
import { HOUR_MILLIS } from '../../lib/contract/units';
import { textTable } from '../../lib/erasure/parquet/table';
import type { Lake } from './lake';
import { ID_COLUMNS, type Subject, storedIdentifier } from './subject';
import {
  countStatement,
  deleteStatement,
  LOCK_STATEMENTS,
  loadedKeysStatement,
  noteAfterStatement,
  noteStatement,
  notesStatement,
  PERSONAL_COLUMNS_SQL,
  type PersonalTable,
  rowsOf,
  stageStatements,
  visitorsStatement,
} from './warehouseSql';

/** What a table held, and holds. */
export interface TableCount {
  readonly table: string;
  readonly rowsBefore: number;
  readonly found: number;
  readonly rowsAfter: number;
}

/** What became of the tables. */
export interface WarehouseResult {
  readonly tables: readonly TableCount[];
  /** Tables that tell of visitors or users and were left as they are. */
  readonly left: readonly { readonly table: string; readonly reason: string }[];
}

/** A transaction of an erasure scans whole tables. */
const PATIENCE_MILLIS = 6 * HOUR_MILLIS;
const CONFLICT_ATTEMPTS = 4;
const CONFLICT_PAUSE_MILLIS = 5_000;
/** Keys asked for in one statement: with the longest keys it still fits. */
const KEYS_PER_STATEMENT = 90;

/** The warehouse of a pipeline, as its admin. */
export class Warehouse {
  constructor(
    private readonly dataApi: DataApi,
    private readonly lake: Lake,
    private readonly copyRoleArn: string,
    /** Name of the staged identifiers: the same when an erasure is resumed, so that none are left behind. */
    private readonly stageName: string = randomUUID(),
  ) {}

  /** Counts the subject's rows and deletes none. */
  async count(subject: Subject): Promise<WarehouseResult> {
    const { concerned, left } = await this.tablesOf(subject);
    const counts = concerned.map(({ table, condition }) => countStatement(table, condition));
    const results = await this.withStagedIds(subject, [], counts);
    const tables = concerned.map(({ table }, index) => {
      const [row] = results[index] ?? [];
      const rows = Number(row?.row_count);
      return { table, rowsBefore: rows, found: Number(row?.found), rowsAfter: rows };
    });
    return { tables, left };
  }

  /**
   * Deletes the subject's rows. The counts are noted in the transaction that deletes: called again, because a run was
   * killed between the commit and whatever it was to do with the result, it deletes nothing and gives the same counts.
   * @throws Error when a table lost more or fewer rows than were found in it
   */
  async erase(subject: Subject, erasureId: string): Promise<WarehouseResult> {
    const { concerned, left } = await this.tablesOf(subject);
    let tables = await this.notes(erasureId);
    if (tables.length === 0) {
      await this.withStagedIds(subject, LOCK_STATEMENTS, [
        ...concerned.map(({ table, condition }) => noteStatement(erasureId, table, condition)),
        ...concerned.map(({ table, condition }) => deleteStatement(table, condition)),
        ...concerned.map(({ table }) => noteAfterStatement(erasureId, table)),
      ]);
      tables = await this.notes(erasureId);
    }
    for (const { table, rowsBefore, rowsAfter, found } of tables) {
      if (rowsBefore - rowsAfter !== found) {
        throw new Error(
          `${table} had ${rowsBefore} rows, ${found} of them to erase, and has ${rowsAfter} now`,
        );
      }
    }
    return { tables, left };
  }

  /** Tables that hold rows of the subject, and those that tell of people and are left. */
  private async tablesOf(subject: Subject) {
    const left: { table: string; reason: string }[] = [];
    const concerned: { table: string; condition: string }[] = [];
    for (const table of await this.personalTables()) {
      const rows = rowsOf(table, subject);
      if (rows === undefined) continue;
      if ('left' in rows) left.push({ table: table.name, reason: rows.left });
      else concerned.push({ table: table.name, condition: rows.condition });
    }
    return { concerned, left };
  }

  private async notes(erasureId: string): Promise<TableCount[]> {
    const [rows = []] = await this.run([notesStatement(erasureId)]);
    return rows.map((row) => ({
      table: String(row.table_name),
      rowsBefore: Number(row.rows_before),
      found: Number(row.found),
      rowsAfter: Number(row.rows_after),
    }));
  }

  /** Visitors a user was seen as, as they are stored. */
  async visitorsOf(subject: Subject): Promise<Set<string>> {
    const statement = visitorsStatement(await this.personalTables(), subject.site);
    if (statement === undefined) return new Set();
    const [rows = []] = await this.withStagedIds(subject, [], [statement]);
    return new Set(rows.map(({ visitor_id }) => String(visitor_id)));
  }

  /** Which of the objects a load has taken. */
  async loadedKeys(keys: readonly string[]): Promise<Set<string>> {
    const loaded = new Set<string>();
    for (let at = 0; at < keys.length; at += KEYS_PER_STATEMENT) {
      const [rows = []] = await this.run([loadedKeysStatement(keys.slice(at, at + KEYS_PER_STATEMENT))]);
      for (const { object_key } of rows) loaded.add(String(object_key));
    }
    return loaded;
  }

  private async personalTables(): Promise<PersonalTable[]> {
    const [rows = []] = await this.run([PERSONAL_COLUMNS_SQL]);
    const columns = new Map<string, Set<string>>();
    for (const { table_schema, table_name, column_name } of rows) {
      const name = `${table_schema}.${table_name}`;
      columns.set(name, (columns.get(name) ?? new Set()).add(String(column_name)));
    }
    return [...columns].map(([name, names]) => ({ name, columns: names }));
  }

  /** Runs statements in one transaction with the identifiers in a temporary table; the rows of each `statements`. */
  private async withStagedIds(
    subject: Subject,
    first: readonly string[],
    statements: readonly string[],
  ): Promise<ResultRow[][]> {
    const prefix = `${ERASURE_IDS_PREFIX}${this.stageName}`;
    try {
      const manifestUrl = await this.stageIds(prefix, subject);
      const before = [...first, ...stageStatements(manifestUrl, this.copyRoleArn)];
      const results = await this.run([...before, ...statements]);
      return results.slice(before.length);
    } finally {
      await this.lake.deleteAll(prefix);
    }
  }

  private async stageIds(prefix: string, { kind, id, linkedVisitors }: Subject): Promise<string> {
    const column = ID_COLUMNS[kind];
    const ids = [
      [column, storedIdentifier(column, id)],
      ...[...linkedVisitors].map((visitor) => [ID_COLUMNS.visitor, visitor]),
    ];
    const file = textTable({ id_column: ids.map(([name]) => name), id: ids.map(([, value]) => value) });
    const url = (key: string) => `s3://${this.lake.bucketName}/${key}`;
    await this.lake.write(`${prefix}.parquet`, file, 'application/vnd.apache.parquet');
    const entry = { url: url(`${prefix}.parquet`), mandatory: true, meta: { content_length: file.length } };
    await this.lake.write(`${prefix}.manifest`, JSON.stringify({ entries: [entry] }));
    return url(`${prefix}.manifest`);
  }

  /** Rows of each statement of a transaction; a transaction that met another is tried again. */
  private async run(statements: readonly string[]): Promise<ResultRow[][]> {
    for (let attempt = 1; ; attempt++) {
      const token = randomUUID();
      const id = await this.dataApi.submit(statements, `erase-${token}`, token);
      try {
        await this.dataApi.follow(id, Date.now() + PATIENCE_MILLIS);
        const results: ResultRow[][] = [];
        for (const [index, statement] of statements.entries()) {
          results.push(statement.startsWith('SELECT') ? await this.dataApi.rows(id, index) : []);
        }
        return results;
      } catch (error) {
        const isConflict = error instanceof StatementFailedError && error.isConflict;
        if (!isConflict || attempt === CONFLICT_ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, jitter(CONFLICT_PAUSE_MILLIS)));
      }
    }
  }
}
