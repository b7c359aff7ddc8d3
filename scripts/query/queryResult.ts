/** What a query answers, however much that is. */
import type { ResultColumn, ResultValue } from '../../local/redshift';

/** A row of a result. */
export type ResultRow = readonly ResultValue[];

/** An answer, a part at a time: only what somebody reads is fetched. */
export interface QueryResult {
  /** Undefined for statements that answer no rows. */
  readonly columns: readonly ResultColumn[] | undefined;
  /** Rows answered, or inserted, changed or deleted; -1 for statements that count none. */
  readonly rowCount: number;
  /** The rows, to be read once. */
  readonly pages: AsyncIterable<readonly ResultRow[]> | Iterable<readonly ResultRow[]>;
}

/** A result that is held in memory. */
export interface ResultTable {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly ResultRow[];
}

/** At most so many rows, page by page. Pages after the last of them are not fetched. */
export async function* firstPages(
  { pages }: Pick<QueryResult, 'pages'>,
  maxRows: number,
): AsyncGenerator<readonly ResultRow[], void> {
  let left = maxRows;
  for await (const page of pages) {
    yield page.slice(0, left);
    left -= page.length;
    if (left <= 0) return;
  }
}

/** The first rows of a result, held in memory. */
export async function firstRows(result: QueryResult, maxRows: number): Promise<ResultTable> {
  const rows: ResultRow[] = [];
  for await (const page of firstPages(result, maxRows)) for (const row of page) rows.push(row);
  return { columns: result.columns ?? [], rows };
}
