/** Functions of JSON text and of SUPER. */
import { bodyOf, expression, textExpression } from '../ast';
import { type Builder, type FunctionTable, literalText, templates, wrongArguments } from './builders';

const jsonPath: Builder = ([json, ...path], name) => {
  const nullIfInvalid = bodyOf(path.at(-1), 'boolean')?.value;
  const keys = nullIfInvalid === undefined ? path : path.slice(0, -1);
  if (!json || keys.length === 0) throw wrongArguments(name, 1);
  const pointer = keys
    .map((key) => `/${literalText(key, name).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
  const macro = nullIfInvalid === true ? 'rs_json_path_or_null' : 'rs_json_path';
  return expression(`${macro}({0}, {1})`, [json, textExpression(pointer)]);
};

const object: Builder = (args, name) => {
  if (args.length === 0 || args.length % 2 === 1) throw wrongArguments(name, args.length);
  const pairs = args.map((_, index) => (index % 2 === 0 ? `{${index}}` : `rs_to_json({${index}})`));
  return expression(`CAST(json_object(${pairs.join(', ')}) AS VARIANT)`, args);
};

const variantIs = (condition: string): Builder =>
  templates(`coalesce(variant_typeof({0}) ${condition}, FALSE)`);

export const JSON_FUNCTIONS: FunctionTable = {
  json_parse: templates('rs_json_parse({0})'),
  can_json_parse: templates('json_valid({0})'),
  is_valid_json: templates('json_valid({0})'),
  json_serialize: templates('CASE WHEN {0} IS NOT NULL THEN CAST(CAST({0} AS JSON) AS VARCHAR) END'),
  json_extract_path_text: jsonPath,
  json_extract_array_element_text: templates('json_extract_string({0}, CAST({1} AS BIGINT))'),
  json_array_length: templates('CAST(json_array_length({0}) AS INTEGER)'),
  get_array_length: templates('rs_array_length({0})'),
  is_object: variantIs("LIKE 'OBJECT%'"),
  is_array: variantIs("LIKE 'ARRAY%'"),
  is_varchar: variantIs("= 'VARCHAR'"),
  is_boolean: variantIs("LIKE 'BOOL%'"),
  object,
  array: (args) =>
    expression(`CAST([${args.map((_, i) => `CAST({${i}} AS VARIANT)`).join(', ')}] AS VARIANT)`, args),
};
