/** What a ready question is. Pure. */
import type { Parameter, ParameterInfo } from './parameters';
import { QuestionError } from './questionError';
import type { Bindings } from './template';

/** What a column holds, for whoever shows it. */
export type ColumnKind =
  | 'text'
  | 'count'
  | 'number'
  | 'percent'
  | 'money'
  | 'day'
  | 'time'
  | 'boolean'
  | 'seconds';

/** A column of an answer. */
export interface QuestionColumn {
  readonly name: string;
  readonly title: string;
  readonly kind: ColumnKind;
  /** What exactly it says. */
  readonly help: string;
}

/** A picture that fits an answer; members name columns. */
export type ChartHint =
  | { readonly kind: 'line'; readonly x: string; readonly y: readonly string[]; readonly series?: string }
  | { readonly kind: 'bar'; readonly x: string; readonly y: readonly string[]; readonly series?: string }
  | { readonly kind: 'funnel'; readonly x: string; readonly y: string; readonly series: string }
  | { readonly kind: 'heatmap'; readonly x: string; readonly y: string; readonly value: string };

/** What a question is about, whatever its parameters. */
export interface QuestionText {
  /** Command on the command line. */
  readonly name: string;
  /** Template in `sql/questions`. @default the question's name */
  readonly template?: string;
  readonly title: string;
  /** What it answers, in a sentence. */
  readonly description: string;
  /** How exactly it counts: a sentence a rule. */
  readonly rules: readonly string[];
  /** Arguments of an example, as they are typed in a shell. */
  readonly example: string;
  readonly columns: readonly QuestionColumn[];
  readonly chart: ChartHint;
}

/** A ready question. */
export interface Question extends QuestionText {
  readonly parameters: readonly ParameterInfo[];
  /**
   * What stands for the names in the question's template.
   * @param values text by parameter; those left out, and empty ones, take their default
   * @throws QuestionError when a value is wrong, missing, or of no parameter of the question
   */
  bindings(values: ParameterValues): Bindings;
}

/** What somebody entered, by parameter. */
export type ParameterValues = Readonly<Record<string, string | undefined>>;

type Parameters = Readonly<Record<string, Parameter<unknown>>>;
type ValuesOf<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

/**
 * Defines a question.
 * @param parameters by name, in the order people are shown them
 * @param bind what stands for the names in the template, from the parameters' values
 */
export function defineQuestion<const P extends Parameters>(
  text: QuestionText,
  parameters: P,
  bind: (values: ValuesOf<P>) => Bindings,
): Question {
  return {
    ...text,
    parameters: Object.entries(parameters).map(([name, { read: _, ...info }]) => ({ name, ...info })),
    bindings(values) {
      const unknown = Object.keys(values).find((name) => !Object.hasOwn(parameters, name));
      if (unknown !== undefined) {
        const known = Object.keys(parameters).join(', ');
        throw new QuestionError(unknown, `${text.name} has no parameter "${unknown}"; it has ${known}`);
      }
      const read = Object.entries(parameters).map(([name, parameter]) => [
        name,
        parameter.read(values[name]?.trim() || parameter.default, name),
      ]);
      return bind(Object.fromEntries(read) as ValuesOf<P>);
    },
  };
}
