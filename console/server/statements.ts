/** Runs statements of the page, bounded in time and in rows. */
import { firstRows } from '../../scripts/query/queryResult';
import { QueryError, type QuerySource } from '../../scripts/query/sources';
import type { Cell, CellKind, StatementResult } from '../wire';

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

/** Runs statements, any number at once. */
export interface StatementRunner {
  readonly limits: StatementLimits;
  /** @throws StatementError when the statement fails or takes too long */
  run(sql: string): Promise<StatementResult>;
  close(): Promise<void>;
}

/**
 * Runs statements on a warehouse.
 * @param source closed with the runner
 */
export function statementRunner(
  source: QuerySource,
  limits: StatementLimits = STATEMENT_LIMITS,
): StatementRunner {
  return {
    limits,
    async run(sql) {
      const startedAt = performance.now();
      const signal = AbortSignal.timeout(limits.seconds * 1_000);
      try {
        const result = await source.run(sql, signal);
        const { columns, rows } = await firstRows(result, limits.rows);
        const described = columns.map((column) => ({ ...column, kind: kindOf(column.typeName) }));
        return {
          columns: described,
          rows: rows.map((row) => row.map((value, index) => cell(value, described[index]?.kind))),
          rowCount: Math.max(result.rowCount, 0),
          millis: Math.round(performance.now() - startedAt),
        };
      } catch (cause) {
        if (signal.aborted) {
          throw new StatementError(`Stopped: the statement ran longer than ${limits.seconds} s`, { cause });
        }
        throw cause instanceof QueryError ? new StatementError(cause.message, { cause }) : cause;
      }
    },
    close: () => source.close(),
  };
}

/** How values of a type are shown. */
function kindOf(typeName: string): CellKind {
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
