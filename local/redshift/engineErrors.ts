/** Says what went wrong in Redshift's words where an analyst would know them. */
import { RedshiftError } from './redshiftError';

const TYPE_NAMES: Readonly<Record<string, string>> = {
  INT16: 'smallint',
  INT32: 'integer',
  INT64: 'bigint',
  DOUBLE: 'double precision',
  FLOAT: 'real',
  BOOL: 'boolean',
};

type Rule = readonly [pattern: RegExp, words: (...groups: string[]) => string];

/** The first that fits decides. */
const RULES: readonly Rule[] = [
  [/INTERRUPT|Interrupted/, () => "Query cancelled on user's request"],
  [/strlen\(.*\) <= (\d+)/, (bytes) => `value too long for type character varying(${bytes})`],
  [/NOT NULL constraint failed: \S+?\.(\S+)/, (column) => `Cannot insert a NULL value into column ${column}`],
  [/Referenced table "([^"]+)" not found/, (table) => `relation "${table}" does not exist`],
  [
    // The second: an output has the name of the column that is missing, as in `SELECT missing::INT`.
    /(?:Referenced column "([^"]+)" (?:was )?not found|Column "([^"]+)" referenced that exists in the SELECT clause)/,
    (column, output) => `column "${column ?? output}" does not exist`,
  ],
  [
    /(?:Values list|Table) "([^"]+)" does not have a column (?:named|with name) "([^"]+)"/,
    (table, column) => `column ${table}.${column} does not exist`,
  ],
  [/does not have a column (?:named|with name) "([^"]+)"/, (column) => `column "${column}" does not exist`],
  [/Ambiguous reference to column name "([^"]+)"/, (column) => `column reference "${column}" is ambiguous`],
  [
    /column "([^"]+)" must appear in the GROUP BY clause/,
    (column) => `column "${column}" must appear in the GROUP BY clause or be used in an aggregate function`,
  ],
  [
    /Could not convert string '([^']*)' to (\w+)/,
    (value, type) =>
      `invalid input syntax for type ${TYPE_NAMES[type ?? ''] ?? type?.toLowerCase()}: "${value}"`,
  ],
  [
    /Invalid Input Error: (division by zero|negative substring length not allowed|JSON parsing error)/,
    (words) => words ?? '',
  ],
  [
    /Macro rs_array_length\(\) does not support the supplied arguments/,
    () => 'function get_array_length takes a value of type super',
  ],
  [/Malformed JSON/, () => 'JSON parsing error'],
  [
    /expected (\d+) columns? but (\d+) values? (?:were|was) supplied/,
    (columns, values) =>
      Number(values) > Number(columns)
        ? 'INSERT has more expressions than target columns'
        : 'INSERT has more target columns than expressions',
  ],
  [
    /Out of Memory/i,
    () => 'the local warehouse is out of memory (memoryLimitMebibytes); ask for fewer rows or columns',
  ],
];

/** Whatever a statement failed with, as an error of Redshift. */
export function toRedshiftError(error: unknown): RedshiftError {
  if (error instanceof RedshiftError) return error;
  // DuckDB's binding throws plain errors: `Error: ` before their message says nothing.
  const message = String(error).replace(/^Error: /, '');
  for (const [pattern, words] of RULES) {
    const match = pattern.exec(message);
    if (match) return new RedshiftError(words(...match.slice(1)));
  }
  const [first = message] = message.split(/\n\s*(?:LINE|Candidate)/);
  return new RedshiftError(`${first.trim()} (in the words of DuckDB, which stands in for Redshift here)`);
}
