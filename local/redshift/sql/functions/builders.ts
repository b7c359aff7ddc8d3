/** How translations of function calls are written down. */
import { NotSupportedLocallyError, type RedshiftError } from '../../redshiftError';
import { type Ast, expression, literalOf } from '../ast';

/** Makes the DuckDB expression of a call from its translated arguments. */
export type Builder = (args: readonly Ast[], name: string) => Ast;

/** A template per number of arguments; `{0}`, `{1}` are the arguments. */
export function templates(...forms: readonly string[]): Builder {
  return (args, name) => {
    const form = forms.find((template) => placeholders(template) === args.length);
    if (form === undefined) throw wrongArguments(name, args.length);
    return expression(form, args);
  };
}

function placeholders(template: string): number {
  return new Set(template.match(/\{\d+\}/g) ?? []).size;
}

export function wrongArguments(name: string, count: number): RedshiftError {
  return new NotSupportedLocallyError(`${name.toUpperCase()} with ${count} argument(s)`);
}

/** The same function under this name, with `least` to `most` arguments. */
export function same(duckDbName: string, least: number, most = least): Builder {
  return (args, name) => {
    if (args.length < least || args.length > most) throw wrongArguments(name, args.length);
    return expression(`${duckDbName}(${args.map((_, index) => `{${index}}`).join(', ')})`, args);
  };
}

/** The value of an argument that must be a literal string. */
export function literalText(argument: Ast | undefined, name: string): string {
  const literal = literalOf(argument);
  if (literal?.type !== 'string')
    throw new NotSupportedLocallyError(`${name} without a literal string there`);
  return literal.value;
}

/** Translations by Redshift's name in lower case. */
export type FunctionTable = Readonly<Record<string, Builder>>;

/** The same functions with their arguments prepared first. */
export function withOperands(table: FunctionTable, prepare: (operand: Ast) => Ast): FunctionTable {
  return Object.fromEntries(
    Object.entries(table).map(([name, build]) => [
      name,
      (args: readonly Ast[]) => build(args.map(prepare), name),
    ]),
  );
}
