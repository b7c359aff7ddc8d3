/** Functions of dates and times. */
import { NotSupportedLocallyError, RedshiftError } from '../../redshiftError';
import { type Ast, expression, textExpression } from '../ast';
import { addTemplate, type DatePart, datePart, isLengthOfTime } from '../dateParts';
import { readingFormat, toCharTemplate } from '../dateTimeFormat';
import { type Builder, type FunctionTable, literalText, templates, wrongArguments } from './builders';

const DIFFERENCE_PARTS: readonly DatePart[] = [
  'year',
  'quarter',
  'month',
  'day',
  'hour',
  'minute',
  'second',
  'millisecond',
  'microsecond',
];

const dateAdd: Builder = ([part, count, when], name) => {
  if (!part || !count || !when) throw wrongArguments(name, 2);
  return expression(addTemplate(datePart(part)), [when, count]);
};

const dateDiff: Builder = ([part, from, to], name) => {
  if (!part || !from || !to) throw wrongArguments(name, 2);
  const known = datePart(part);
  // Where Redshift lets a week begin for DATEDIFF is not documented: days are.
  if (!DIFFERENCE_PARTS.includes(known)) {
    throw new NotSupportedLocallyError(`DATEDIFF by ${known}`, `of: ${DIFFERENCE_PARTS.join(', ')}`);
  }
  return expression(`date_diff('${known}', CAST({0} AS TIMESTAMP), CAST({1} AS TIMESTAMP))`, [from, to]);
};

const dateTrunc: Builder = ([part, when], name) => {
  if (!part || !when) throw wrongArguments(name, 1);
  const known = datePart(part);
  if (!isLengthOfTime(known)) throw new RedshiftError(`timestamp units "${known}" not supported`);
  return expression(`date_trunc('${known}', CAST({0} AS TIMESTAMP))`, [when]);
};

/** EXTRACT and DATE_PART. */
export function extract(part: DatePart, when: Ast): Ast {
  const duckDbPart = { dayofweek: 'dow', dayofyear: 'doy' }[part as string] ?? part;
  return expression(`CAST(floor(date_part('${duckDbPart}', CAST({0} AS TIMESTAMP))) AS BIGINT)`, [when]);
}

/** TO_DATE and TO_TIMESTAMP: reads text by a literal format. */
function reading(template: string): Builder {
  return ([value, format, ...others], name) => {
    if (!value || others.length > 0) throw wrongArguments(name, others.length + 2);
    return expression(template, [value, textExpression(readingFormat(literalText(format, name)))]);
  };
}

export const TIME_FUNCTIONS: FunctionTable = {
  getdate: templates("date_trunc('second', CAST(now() AS TIMESTAMP))"),
  sysdate: templates('CAST(now() AS TIMESTAMP)'),
  current_date: templates('CAST(CAST(now() AS TIMESTAMP) AS DATE)'),
  current_timestamp: templates('now()'),
  dateadd: dateAdd,
  date_add: dateAdd,
  datediff: dateDiff,
  date_diff: dateDiff,
  date_trunc: dateTrunc,
  date_part: ([part, when], name) => {
    if (!when) throw wrongArguments(name, 1);
    return extract(datePart(part), when);
  },
  convert_timezone: templates(
    "timezone({0}, timezone('UTC', CAST({1} AS TIMESTAMP)))",
    'timezone({1}, timezone({0}, CAST({2} AS TIMESTAMP)))',
  ),
  last_day: templates('last_day(CAST({0} AS TIMESTAMP))'),
  add_months: templates('rs_add_months(CAST({0} AS TIMESTAMP), CAST({1} AS INTEGER))'),
  to_char: ([value, format], name) =>
    expression(toCharTemplate(literalText(format, name)).replaceAll('{0}', 'CAST({0} AS TIMESTAMP)'), [
      value ?? null,
    ]),
  to_date: reading('CAST(strptime({0}, {1}) AS DATE)'),
  to_timestamp: reading("timezone('UTC', strptime({0}, {1}))"),
};
