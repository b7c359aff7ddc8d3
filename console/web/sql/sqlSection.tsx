/** A place for statements in the warehouse's SQL. */
import { useRef, useState } from 'preact/hooks';
import type { Catalog, StatementAnswer, Surroundings } from '../../wire';
import { api } from '../api';
import { count } from '../ui/format';
import { Notice } from '../ui/notice';
import { type Draft, Editor } from './editor';
import { ResultView } from './resultView';

export interface SqlSectionProps {
  readonly catalog: Catalog | undefined;
  readonly limits: Surroundings['limits'];
  /** A statement to look at, from elsewhere on the page. */
  readonly draft: Draft | undefined;
}

const FIRST_DRAFT: Draft = {
  text: `SELECT event_name, COUNT(*) AS events, COUNT(DISTINCT visitor_id) AS visitors
FROM analysis.events
WHERE NOT is_bot
GROUP BY event_name
ORDER BY events DESC`,
};

type Asked = { readonly kind: 'running' } | { readonly kind: 'done'; readonly answer: StatementAnswer };

export function SqlSection({ catalog, limits, draft = FIRST_DRAFT }: SqlSectionProps) {
  const text = useRef(draft.text);
  const [asked, setAsked] = useState<Asked>();
  const runs = useRef(0);
  const run = async () => {
    const mine = ++runs.current;
    setAsked({ kind: 'running' });
    const sql = text.current;
    const answer = await api
      .statement(sql)
      .catch((error: unknown): StatementAnswer => ({ ok: false, sql, message: String(error) }));
    // A slow statement's answer does not take the place of one that was asked for after it.
    if (mine === runs.current) setAsked({ kind: 'done', answer });
  };
  const answer = asked?.kind === 'done' ? asked.answer : undefined;
  const problem = answer?.ok === false ? answer : undefined;

  return (
    <section id="sql" aria-labelledby="sql-title">
      <div class="section-head">
        <h2 id="sql-title">SQL</h2>
        <p class="muted">
          Redshift’s dialect, reading the schema analysis only; at most {limits.seconds} s, and the first{' '}
          {count(limits.rows)} rows
        </p>
      </div>
      <div class="sql-columns">
        <div class="panel">
          <Editor
            draft={draft}
            catalog={catalog}
            problem={problem}
            onChange={(changed) => {
              text.current = changed;
            }}
            onRun={run}
          />
          <div class="run">
            <button type="button" class="primary" onClick={run} disabled={asked?.kind === 'running'}>
              Run
            </button>
            <span class="muted">
              <kbd>Ctrl</kbd> or <kbd>Cmd</kbd> + <kbd>Enter</kbd>
            </span>
          </div>
          {asked?.kind === 'running' && <Notice kind="loading">Asking the warehouse</Notice>}
          {problem && (
            <Notice kind="problem">
              <strong>{placeText(problem.sql, problem.from)}</strong> {problem.message}
            </Notice>
          )}
          {answer?.ok && <ResultView result={answer} limits={limits} />}
        </div>
        <Tables catalog={catalog} />
      </div>
    </section>
  );
}

/** Where a character stands, as people count. */
function placeText(sql: string, at: number | undefined): string {
  if (at === undefined) return '';
  const before = sql.slice(0, at).split('\n');
  return `Line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}:`;
}

/** What there is to query. */
function Tables({ catalog }: { catalog: Catalog | undefined }) {
  return (
    <aside class="panel tables" aria-label="Tables">
      <h3>Tables of the schema {[...new Set(catalog?.tables.map(({ schema }) => schema))].join(', ')}</h3>
      {catalog?.tables.map(({ schema, name, columns }) => (
        <details key={`${schema}.${name}`}>
          <summary>{name}</summary>
          <ul>
            {columns.map((column) => (
              <li key={column.name}>
                {column.name} <span class="muted">{column.type}</span>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </aside>
  );
}
