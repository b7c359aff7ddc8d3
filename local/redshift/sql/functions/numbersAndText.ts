/** Functions of numbers and of text. */
import { NotSupportedLocallyError } from '../../redshiftError';
import { expression, literalOf, textExpression } from '../ast';
import { type Builder, type FunctionTable, literalText, same, templates, wrongArguments } from './builders';

const regexpReplace: Builder = (args, name) => {
  const [source, pattern, replacement = textExpression('')] = args;
  if (!source || !pattern || args.length > 3) throw wrongArguments(name, args.length);
  // Redshift refers to groups by $1, RE2 by \1.
  const rewritten = literalText(replacement, name)
    .replaceAll('\\', '\\\\')
    .replaceAll(/\$(\d)/g, '\\$1');
  return expression(`regexp_replace({0}, {1}, {2}, 'g')`, [source, pattern, textExpression(rewritten)]);
};

const sha2: Builder = ([value, bits], name) => {
  if (!value || !['0', '256'].includes(literalOf(bits)?.value ?? '')) {
    throw new NotSupportedLocallyError(`${name.toUpperCase()} of other than 256 bits`);
  }
  return expression('sha256({0})', [value]);
};

export const NUMBER_FUNCTIONS: FunctionTable = {
  abs: same('abs', 1),
  ceil: same('ceil', 1),
  ceiling: same('ceil', 1),
  floor: same('floor', 1),
  round: same('round', 1, 2),
  trunc: templates('rs_trunc({0})', 'trunc({0}, {1})'),
  mod: templates('rs_modulo({0}, {1})'),
  power: same('power', 2),
  pow: same('power', 2),
  sqrt: same('sqrt', 1),
  exp: same('exp', 1),
  ln: same('ln', 1),
  log: same('log10', 1),
  sign: same('sign', 1),
  random: same('random', 0),
  pi: same('pi', 0),
  greatest: same('greatest', 2, 100),
  least: same('least', 2, 100),
};

export const TEXT_FUNCTIONS: FunctionTable = {
  len: same('length', 1),
  length: same('length', 1),
  octet_length: templates('strlen({0})'),
  lower: same('lower', 1),
  upper: same('upper', 1),
  left: same('left', 2),
  right: same('right', 2),
  substring: templates('rs_substring({0}, {1}, {2})', 'substring({0}, greatest({1}, 1))'),
  strpos: same('strpos', 2),
  charindex: templates('strpos({1}, {0})'),
  replace: same('replace', 3),
  reverse: same('reverse', 1),
  repeat: same('repeat', 2),
  replicate: same('repeat', 2),
  lpad: templates("lpad({0}, {1}, ' ')", 'lpad({0}, {1}, {2})'),
  rpad: templates("rpad({0}, {1}, ' ')", 'rpad({0}, {1}, {2})'),
  ltrim: same('ltrim', 1, 2),
  rtrim: same('rtrim', 1, 2),
  btrim: same('trim', 1, 2),
  trim: same('trim', 1, 2),
  translate: same('translate', 3),
  chr: same('chr', 1),
  ascii: same('ascii', 1),
  concat: templates('({0} || {1})'),
  split_part: same('split_part', 3),
  regexp_replace: regexpReplace,
  regexp_substr: templates('regexp_extract({0}, {1})'),
  regexp_count: templates('len(regexp_extract_all({0}, {1}))'),
  md5: same('md5', 1),
  sha1: same('sha1', 1),
  sha: same('sha1', 1),
  sha2,
};
