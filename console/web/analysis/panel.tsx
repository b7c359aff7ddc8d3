/** The frame of a panel: its question, its answer as a picture or as a table, and its SQL. */
import type { ComponentChildren, VNode } from 'preact';
import { useId, useMemo, useState } from 'preact/hooks';
import type { Cell, QuestionInfo, StatementAnswer, StatementResult } from '../../wire';
import { api } from '../api';
import { Notice } from '../ui/notice';
import { useAnswer } from '../ui/useAnswer';
import type { PanelProps } from './analysisSection';
import { QuestionTable } from './questionTable';

/** Rows by column name, with what is known of the columns. */
export interface Answer {
  readonly info: QuestionInfo;
  readonly rows: readonly AnswerRow[];
}

/** A row by column name. */
export type AnswerRow = Readonly<Record<string, Cell>>;

export interface QuestionPanelProps extends PanelProps {
  /** Which of the ready questions. */
  readonly question: string;
  /** Values of its parameters, beside the filters. */
  readonly values?: Readonly<Record<string, string>>;
  /** @default the question's title */
  readonly title?: string;
  /** Inputs of its parameters. */
  readonly controls?: ComponentChildren;
  /** What to say when there are no rows. */
  readonly emptyText: string;
  readonly wide?: boolean;
  /** The answer as a picture; undefined shows the table only. */
  readonly picture?: (answer: Answer) => VNode;
}

export function QuestionPanel(props: QuestionPanelProps) {
  const { question, questions, filters, values = {}, dataVersion, controls, picture, onOpenSql } = props;
  const id = useId();
  const [isTable, setIsTable] = useState(false);
  const info = questions.find(({ name }) => name === question);
  const asked = info && valuesOf(info, { ...filters, ...values });
  const key = asked && `${dataVersion} ${JSON.stringify(asked)}`;
  const { answer, problem, isLoading } = useAnswer(key, () => api.question(question, asked ?? {}));
  if (info === undefined) return null;
  return (
    <section class={`panel${props.wide ? ' wide' : ''}`} aria-labelledby={id} aria-busy={isLoading}>
      <div class="panel-head">
        <div>
          <h3 id={id}>{props.title ?? info.title}</h3>
          <p class="muted">{info.description}</p>
        </div>
        <div class="tools">
          {picture && (
            <button type="button" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
              Table
            </button>
          )}
          <button type="button" disabled={!answer} onClick={() => answer && onOpenSql(answer.sql)}>
            SQL
          </button>
        </div>
      </div>
      {controls}
      {problem !== undefined && <Notice kind="problem">{problem}</Notice>}
      {answer === undefined && problem === undefined && <Notice kind="loading">Asking the warehouse</Notice>}
      {answer && <Body {...props} info={info} answer={answer} isTable={isTable || picture === undefined} />}
    </section>
  );
}

interface BodyProps extends QuestionPanelProps {
  readonly info: QuestionInfo;
  readonly answer: StatementAnswer;
  readonly isTable: boolean;
}

function Body({ info, answer, isTable, picture, emptyText }: BodyProps) {
  // The same rows as long as the answer is the same: charts are drawn anew when theirs change.
  const rows = useMemo(() => (answer.ok ? rowsOf(answer) : []), [answer]);
  if (!answer.ok) return <Notice kind="problem">{answer.message}</Notice>;
  if (rows.length === 0) return <Notice kind="empty">{emptyText}</Notice>;
  return isTable || picture === undefined ? (
    <QuestionTable info={info} rows={rows} />
  ) : (
    picture({ info, rows })
  );
}

function rowsOf({ columns, rows }: StatementResult): AnswerRow[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
}

/** The values the question has a parameter for. */
function valuesOf({ parameters }: QuestionInfo, values: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) => value !== '' && parameters.some((parameter) => parameter.name === name),
    ),
  );
}

/** A number of a row; 0 when there is none. */
export function numberOf(row: AnswerRow, column: string): number {
  return Number(row[column] ?? 0);
}
