/**
 * What Redshift computes differently from DuckDB, as DuckDB macros. They live in an in-memory database beside the
 * warehouse's, so the file holds tables and views only. DuckDB picks among overloads by type. Of a macro only one has
 * a type: a column that does not exist fits all that have, and DuckDB would complain of that instead of the column.
 */
export const MACROS: readonly string[] = [
  // A SUPER value meeting a number, a text or a boolean: dynamic typing, null when it is of another type. TRY_CAST,
  // because DuckDB may cast values that the condition has ruled out.
  `rs_number(x VARIANT) AS CASE WHEN variant_typeof(x) IN ('DOUBLE', 'INT64', 'UINT64', 'INT32')
     OR variant_typeof(x) LIKE 'DECIMAL%' THEN TRY_CAST(x AS DOUBLE) END, (x) AS x`,
  `rs_text(x VARIANT) AS CASE WHEN variant_typeof(x) = 'VARCHAR' THEN TRY_CAST(x AS VARCHAR) END, (x) AS x`,
  `rs_boolean(x VARIANT) AS CASE WHEN variant_typeof(x) IN ('BOOL_TRUE', 'BOOL_FALSE') THEN TRY_CAST(x AS BOOLEAN) END,
     (x) AS x`,
  // Text of anything, SUPER included: a SUPER string loses its quotes, an object or array becomes null.
  `rs_as_text(x VARIANT) AS CASE WHEN variant_typeof(x) NOT LIKE 'OBJECT%' AND variant_typeof(x) NOT LIKE 'ARRAY%'
     THEN TRY_CAST(x AS VARCHAR) END, (x) AS CAST(x AS VARCHAR)`,
  `rs_truncate_bytes(x, n) AS CASE WHEN strlen(x) <= n THEN x WHEN strlen(x) = length(x) THEN left(x, n)
     ELSE left(x, len(list_filter(range(1, n + 1), lambda i: strlen(left(x, CAST(i AS BIGINT))) <= n))) END`,

  `rs_divide(a, b) AS CASE WHEN b = 0 THEN error('division by zero') ELSE a / b END`,
  `rs_modulo(a, b) AS CASE WHEN b = 0 THEN error('division by zero') ELSE a % b END`,
  // What SUM adds up: sums of BIGINT are NUMERIC in Redshift. Sums of shorter integers are HUGEINT here and BIGINT
  // there, so results show HUGEINT as int8.
  `rs_plain_summand(x BIGINT) AS CAST(x AS DECIMAL(38, 0)), (x) AS x`,
  `rs_short_summand(x INTEGER) AS x, (x) AS rs_plain_summand(x)`,
  `rs_summand(x VARIANT) AS rs_number(x), (x) AS rs_short_summand(x)`,
  // A DATE counts as the TIMESTAMP it begins.
  `rs_trunc(x TIMESTAMP) AS CAST(x AS DATE), (x) AS trunc(x)`,

  `rs_substring(s, start, n) AS CASE WHEN n < 0 THEN error('negative substring length not allowed')
     ELSE substring(s, greatest(start, 1), greatest(n + least(start, 1) - 1, 0)) END`,
  `rs_add_months(x, n) AS CASE WHEN last_day(x) = CAST(x AS DATE)
     THEN CAST(last_day(x + to_months(n)) AS TIMESTAMP) + (x - date_trunc('day', x)) ELSE x + to_months(n) END`,

  `rs_json_parse(x) AS CAST(CAST(x AS JSON) AS VARIANT)`,
  `rs_to_json(x VARIANT) AS CAST(x AS JSON), (x) AS to_json(x)`,
  `rs_json_path(x, path) AS CASE WHEN json_valid(x) THEN coalesce(json_extract_string(x, path), '')
     ELSE error('JSON parsing error') END`,
  `rs_json_path_or_null(x, path) AS CASE WHEN json_valid(x) THEN coalesce(json_extract_string(x, path), '') END`,
  // A HyperLogLog sketch is the sorted set of hashes it has seen.
  `rs_hll_create(x) AS coalesce(list_sort(list(DISTINCT hash(x)) FILTER (x IS NOT NULL)), [])`,
  `rs_hll_combine(x) AS coalesce(list_sort(list_distinct(flatten(list(x) FILTER (x IS NOT NULL)))), [])`,
  `rs_hll_combine_sketches(a, b) AS list_sort(list_distinct(list_concat(a, b)))`,

  `rs_array_length(x VARIANT) AS CASE WHEN variant_typeof(x) LIKE 'ARRAY%' THEN len(TRY_CAST(x AS VARIANT[])) END`,
];
