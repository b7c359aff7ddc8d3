/** The ready questions, as the page shows and asks them. */
import { QUESTIONS, QuestionError } from '../../lib/questions';
import { questionSql } from '../../lib/questions/sql';
import type { QuestionInfo, StatementProblem } from '../wire';

/** What the page has to know about each question. */
export const QUESTION_INFOS: readonly QuestionInfo[] = QUESTIONS.map(({ bindings: _, ...info }) => info);

/** The SQL of a question, or what is wrong with the values. */
export type BuiltQuestion =
  | { readonly ok: true; readonly sql: string }
  | ({ readonly ok: false; readonly sql: string } & StatementProblem);

/**
 * The statement that answers a question.
 * @param name one of the ready questions
 * @param values text by parameter
 */
export function buildQuestion(name: string, values: Readonly<Record<string, string>>): BuiltQuestion {
  const question = QUESTIONS.find((one) => one.name === name);
  if (question === undefined) {
    const known = QUESTIONS.map((one) => one.name).join(', ');
    return { ok: false, sql: '', message: `There is no question "${name}"; there are ${known}` };
  }
  try {
    return { ok: true, sql: questionSql(question, values) };
  } catch (error) {
    if (error instanceof QuestionError) return { ok: false, sql: '', message: error.message };
    throw error;
  }
}
