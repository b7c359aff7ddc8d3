/** Asks a ready question of a warehouse in tests. */
import { type ParameterValues, QUESTIONS, type Question } from '../../lib/questions';
import { questionSql } from '../../lib/questions/sql';

/** @throws Error when there is no such question */
export function questionCalled(name: string): Question {
  const found = QUESTIONS.find((question) => question.name === name);
  if (found === undefined) throw new Error(`There is no question ${name}`);
  return found;
}

/** SQL of a question by name. */
export function sqlOf(name: string, values: ParameterValues = {}): string {
  return questionSql(questionCalled(name), values);
}
