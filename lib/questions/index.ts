/** The ready questions. What they are is pure data; `questionSql` (./sql) reads their templates. */
import { attribution } from './attribution';
import { funnel } from './funnel';
import { pages } from './pages';
import { paths } from './paths';
import type { Question } from './question';
import { retention } from './retention';
import { revenue } from './revenue';
import { trend } from './trend';
import { campaigns, channels, referrers } from './visits';

export type { ParameterInfo, ParameterKind } from './parameters';
export type { ChartHint, ColumnKind, ParameterValues, Question, QuestionColumn } from './question';
export { QuestionError } from './questionError';

/** All questions, in the order people are shown them. */
export const QUESTIONS: readonly Question[] = [
  trend,
  channels,
  pages,
  referrers,
  campaigns,
  funnel,
  retention,
  paths,
  attribution,
  revenue,
];
