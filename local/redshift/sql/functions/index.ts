/**
 * The scalar functions the local warehouse knows. What is not here is refused: a function that DuckDB happens to
 * have under the same name may do something else.
 */
import { NotSupportedLocallyError } from '../../redshiftError';
import { type Ast, expression } from '../ast';
import { numberOperand, textOperand } from '../operators';
import { type Builder, type FunctionTable, same, templates, withOperands, wrongArguments } from './builders';
import { JSON_FUNCTIONS } from './json';
import { NUMBER_FUNCTIONS, TEXT_FUNCTIONS } from './numbersAndText';
import { TIME_FUNCTIONS } from './time';

export { extract } from './time';

/** Null equals null in DECODE. */
const decode: Builder = ([value, ...rest], name) => {
  if (!value || rest.length < 2) throw wrongArguments(name, rest.length + 1);
  const branches: string[] = [];
  for (let index = 0; index + 1 < rest.length; index += 2) {
    branches.push(`WHEN {0} IS NOT DISTINCT FROM {${index + 1}} THEN {${index + 2}}`);
  }
  const otherwise = rest.length % 2 === 1 ? ` ELSE {${rest.length}}` : '';
  return expression(`CASE ${branches.join(' ')}${otherwise} END`, [value, ...rest]);
};

const OTHER_FUNCTIONS: FunctionTable = {
  nvl: same('coalesce', 1, 100),
  coalesce: same('coalesce', 1, 100),
  nvl2: templates('CASE WHEN {0} IS NOT NULL THEN {1} ELSE {2} END'),
  nullif: same('nullif', 2),
  decode,
  version: templates("'PostgreSQL 8.0.2 compatible local warehouse on DuckDB'"),
};

/** HyperLogLog; the parser takes its aggregates for plain functions, too. */
const SKETCH_FUNCTIONS: FunctionTable = {
  hll: templates('count(DISTINCT {0})'),
  hll_create_sketch: templates('rs_hll_create({0})'),
  hll_combine: templates('rs_hll_combine({0})'),
  hll_combine_sketches: templates('rs_hll_combine_sketches({0}, {1})'),
  hll_cardinality: templates('CAST(len({0}) AS BIGINT)'),
};

/** By Redshift's name in lower case. */
export const SCALAR_FUNCTIONS: FunctionTable = {
  ...withOperands(NUMBER_FUNCTIONS, numberOperand),
  ...withOperands(TEXT_FUNCTIONS, textOperand),
  ...TIME_FUNCTIONS,
  ...JSON_FUNCTIONS,
  ...SKETCH_FUNCTIONS,
  ...OTHER_FUNCTIONS,
};

/** Translates a call. @throws NotSupportedLocallyError when the function is not known here */
export function scalarCall(name: string, args: readonly Ast[]): Ast {
  const builder = SCALAR_FUNCTIONS[name];
  if (!builder || !Object.hasOwn(SCALAR_FUNCTIONS, name)) {
    throw new NotSupportedLocallyError(`The function ${name}(${args.map(() => '...').join(', ')})`);
  }
  return builder(args, name);
}
