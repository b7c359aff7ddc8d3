/** The SQL of questions, from their templates in `sql/questions`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ParameterValues, Question } from './question';
import { fillTemplate } from './template';

const TEMPLATES = path.join(__dirname, '..', '..', 'sql', 'questions');

/**
 * The statement that answers a question, in Redshift SQL.
 * @param values text by parameter; those left out, and empty ones, take their default
 * @throws QuestionError when a value is wrong, missing, or of no parameter of the question
 */
export function questionSql(question: Question, values: ParameterValues): string {
  const bindings = question.bindings(values);
  const file = path.join(TEMPLATES, `${question.template ?? question.name}.sql`);
  return fillTemplate(readFileSync(file, 'utf8'), bindings);
}
