/** A result: page by page as a table, as a chart, and to take away. */
import { useEffect, useState } from 'preact/hooks';
import { safeCsv } from '../../csv';
import type { StatementResult, Surroundings } from '../../wire';
import { DataTable } from '../ui/dataTable';
import { count } from '../ui/format';
import { Notice } from '../ui/notice';
import { ResultChart } from './resultChart';

const ROWS_PER_PAGE = 50;

export interface ResultViewProps {
  readonly result: StatementResult;
  readonly limits: Surroundings['limits'];
}

export function ResultView({ result, limits }: ResultViewProps) {
  const { columns, rows, rowCount, millis } = result;
  const [page, setPage] = useState(0);
  const [isChart, setIsChart] = useState(false);
  useEffect(() => setPage(0), [result]);
  if (columns.length === 0) return <Notice kind="empty">Done; the statement has no result.</Notice>;
  const from = page * ROWS_PER_PAGE;
  const shown = rows.slice(from, from + ROWS_PER_PAGE);
  const canDraw = columns.some(({ kind }) => kind === 'number') && rows.length > 1;
  return (
    <section class="result" aria-label="Result">
      <div class="panel-head">
        <p role="status">
          {count(rowCount)} {rowCount === 1 ? 'row' : 'rows'} in {(millis / 1000).toFixed(2)} s
          {rowCount > rows.length && `; the first ${count(limits.rows)} are here`}
        </p>
        <div class="tools">
          {canDraw && (
            <button type="button" aria-pressed={isChart} onClick={() => setIsChart(!isChart)}>
              Chart
            </button>
          )}
          <button type="button" onClick={() => download(result)}>
            Download CSV
          </button>
        </div>
      </div>
      {isChart && canDraw && <ResultChart result={result} />}
      {rows.length === 0 ? (
        <Notice kind="empty">The statement found no rows.</Notice>
      ) : (
        <DataTable
          caption="Rows of the result"
          columns={columns.map(({ name, kind }) => ({ title: name, kind }))}
          rows={shown}
          firstNumber={from + 1}
        />
      )}
      {rows.length > ROWS_PER_PAGE && (
        <nav class="pages" aria-label="Pages of the result">
          <button type="button" disabled={page === 0} onClick={() => setPage(page - 1)}>
            Previous
          </button>
          <span>
            {count(from + 1)} to {count(from + shown.length)} of {count(rows.length)}
          </span>
          <button
            type="button"
            disabled={from + ROWS_PER_PAGE >= rows.length}
            onClick={() => setPage(page + 1)}
          >
            Next
          </button>
        </nav>
      )}
    </section>
  );
}

function download(result: StatementResult): void {
  const url = URL.createObjectURL(new Blob([safeCsv(result)], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'result.csv';
  link.click();
  URL.revokeObjectURL(url);
}
