/** Functions and operators of Redshift. Expected values are those of the examples in the Redshift guide. */
import path from 'node:path';
import { openWarehouse, type Warehouse } from '../../../local/redshift';
import { type ObjectDirectory, objectDirectory } from '../../support/redshift';

let objects: ObjectDirectory;
let warehouse: Warehouse;

beforeAll(async () => {
  objects = objectDirectory();
  warehouse = await openWarehouse({ file: path.join(objects.root, 'w.duckdb') });
  await warehouse.run([
    `CREATE TABLE sales (id INT, seller VARCHAR(20), qty SMALLINT, price NUMERIC(8,2), weight FLOAT, sold TIMESTAMP, big BIGINT)`,
    `INSERT INTO sales VALUES
       (1, 'ann', 1, 10.50, 0.5, '2008-01-01 05:07:30', 10),
       (2, 'bob', 2, 20.00, 1.5, '2008-02-29 23:59:59.5', 20),
       (3, 'ann', 4, 30.25, 2.5, '2008-12-31 00:00:00', 40),
       (4, NULL, NULL, NULL, NULL, NULL, NULL)`,
  ]);
});

afterAll(async () => {
  await warehouse.close();
  objects.remove();
});

async function rows(sql: string) {
  return (await warehouse.query(sql)).rows;
}

describe('scalar functions answer as the guide’s examples', () => {
  test.each<[string, unknown]>([
    // Text
    [`CHARINDEX('fish', 'dogfish')`, 4],
    [`CHARINDEX('dog', 'fish')`, 0],
    [`STRPOS('dogfish', 'fish')`, 4],
    [`POSITION('fish' IN 'dogfish')`, 4],
    [`LEN('français')`, 8],
    [`OCTET_LENGTH('français')`, 9],
    [`SUBSTRING('caterpillar', 6, 4)`, 'pill'],
    [`SUBSTRING('caterpillar', 6, 8)`, 'pillar'],
    [`SUBSTRING('caterpillar', -2, 6)`, 'cat'],
    [`SUBSTRING('caterpillar' FROM 6 FOR 4)`, 'pill'],
    [`SPLIT_PART('abc$def$ghi', '$', 2)`, 'def'],
    [`SPLIT_PART('abc$def$ghi', '$', 4)`, ''],
    [`TRANSLATE('mint tea', 'inea', 'osin')`, 'most tin'],
    [`CONCAT('December 25, ', '2008')`, 'December 25, 2008'],
    [`CONCAT('a', NULL)`, null],
    [`BTRIM('     abc     ')`, 'abc'],
    [`BTRIM('setuphistorycassettes', 'tes')`, 'uphistoryca'],
    [`TRIM('"' FROM '"dog"')`, 'dog'],
    [`TRIM(LEADING '"' FROM '"dog"')`, 'dog"'],
    [`LPAD('cat', 5)`, '  cat'],
    [`LPAD('caterpillar', 3)`, 'cat'],
    [`RPAD('cat', 7, 'dog')`, 'catdogd'],
    [`LEFT('Chicago', 5)`, 'Chica'],
    [`RIGHT('Chicago', 3)`, 'ago'],
    [`REVERSE('Gambling')`, 'gnilbmaG'],
    [`REPLACE('Broadway Shows', 'Shows', 'Theatre')`, 'Broadway Theatre'],
    [`REPEAT('ab', 3)`, 'ababab'],
    [`UPPER('a') || LOWER('B')`, 'Ab'],
    [`ASCII('A')`, 65],
    [`CHR(65)`, 'A'],
    [`REGEXP_COUNT('abcdefghijklmnopqrstuvwxyz', '[a-z]{3}')`, 8],
    [`REGEXP_SUBSTR('anna@example.com', '@[^.]*')`, '@example'],
    [`REGEXP_SUBSTR('anna', '@')`, ''],
    [`REGEXP_REPLACE('a-b-c', '-', '+')`, 'a+b+c'],
    [`REGEXP_REPLACE('first last', '(\\\\w+) (\\\\w+)', '$2 $1')`, 'last first'],
    [`MD5('Amazon Redshift')`, 'f7415e33f972c03abd4f3fed36748f7a'],
    [`SHA1('abc')`, 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    [`SHA2('abc', 256)`, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ["'it\\'s'", "it's"],
    [`'100%' LIKE '100\\\\%'`, true],
    [`'1000' LIKE '100\\\\%'`, false],
    [`'Redshift' ILIKE 'red%'`, true],
    [`'abc' ~ '^a'`, true],
    [`'abc' !~ '^a'`, false],

    // Null
    [`NVL(NULL, 'a')`, 'a'],
    [`NVL2(NULL, 1, 2)`, 2],
    [`COALESCE(NULL, 12, 13)`, 12],
    [`NULLIF(1, 1)`, null],
    [`DECODE(2, 1, 'one', 2, 'two', 'many')`, 'two'],
    [`DECODE(3, 1, 'one', 2, 'two')`, null],
    [`DECODE(NULL, NULL, 'nothing', 'thing')`, 'nothing'],
    [`GREATEST(1, NULL, 3)`, 3],
    [`LEAST('b', 'a')`, 'a'],

    // Numbers
    [`ROUND(28.05, 1)`, '28.1'],
    [`TRUNC(111.15)`, '111'],
    [`CEILING(3.2)`, '4'],
    [`FLOOR(-3.2)`, '-4'],
    [`MOD(10, 3)`, 1],
    [`10 % 3`, 1],
    [`7 / 2`, 3],
    [`-7 / 2`, -3],
    [`7 / 2.0::float`, 3.5],
    [`LOG(100)`, 2],
    [`POWER(2, 3)`, 8],
    [`ABS(-3)`, 3],
    [`SIGN(-2)`, -1],

    // Time
    [`DATEADD(month, 18, '2008-02-28')`, '2009-08-28 00:00:00'],
    [`DATEADD(day, -7, '2008-03-03 10:00:00')`, '2008-02-25 10:00:00'],
    [`DATEADD(m, 30, '2008-02-28')`, '2008-02-28 00:30:00'],
    [`DATEADD(w, 1, DATE '2008-02-28')`, '2008-03-06 00:00:00'],
    [`ADD_MONTHS('2008-01-01 05:07:30', 1)`, '2008-02-01 05:07:30'],
    [`ADD_MONTHS('2008-03-31', 1)`, '2008-04-30 00:00:00'],
    [`ADD_MONTHS('2008-04-30', 1)`, '2008-05-31 00:00:00'],
    [`DATEDIFF(year, '2008-12-31', '2009-01-01')`, 1],
    [`DATEDIFF(day, '2008-12-31 23:59:00', '2009-01-01 00:01:00')`, 1],
    [`DATEDIFF(minute, '2008-01-01 10:00:59', '2008-01-01 10:01:00')`, 1],
    [`DATE_TRUNC('hour', TIMESTAMP '2020-04-30 04:05:06.789')`, '2020-04-30 04:00:00'],
    [`DATE_TRUNC('week', TIMESTAMP '2020-04-30 04:05:06.789')`, '2020-04-27 00:00:00'],
    [`DATE_PART(minute, TIMESTAMP '2023-01-04 04:05:06.789')`, 5],
    [`DATE_PART(w, TIMESTAMP '2022-05-02 04:05:06.789')`, 18],
    [`DATE_PART(dow, TIMESTAMP '2022-05-01 00:00:00')`, 0],
    [`EXTRACT(DOY FROM TIMESTAMP '2022-02-01 00:00:00')`, 32],
    [`EXTRACT(EPOCH FROM TIMESTAMP '1970-01-02 00:00:01')`, 86401],
    [`LAST_DAY('2008-02-10')`, '2008-02-29'],
    [`TRUNC(TIMESTAMP '2011-07-21 10:32:38.248109')`, '2011-07-21'],
    [`TO_CHAR(TIMESTAMP '2009-12-31 23:15:59', 'HH12:MI:SS')`, '11:15:59'],
    [
      `TO_CHAR(TIMESTAMP '2009-12-31 23:15:59', 'MONTH-DY-DD-YYYY HH12:MIPM')`,
      'DECEMBER -THU-31-2009 11:15PM',
    ],
    [`TO_CHAR(TIMESTAMP '2009-12-31 23:15:59.25', 'YYYY-MM-DD"T"HH24:MI:SS.MS')`, '2009-12-31T23:15:59.250'],
    [`TO_CHAR(TIMESTAMP '2009-12-31 23:15:59', 'yyyymmddhh24')`, '2009123123'],
    [`TO_CHAR(TIMESTAMP '2009-12-31 23:15:59', 'D Q WW DDD Mon')`, '5 4 53 365 Dec'],
    [`TO_DATE('02 Oct 2001', 'DD Mon YYYY')`, '2001-10-02'],
    [`CONVERT_TIMEZONE('America/New_York', '2013-02-01 08:00:00')`, '2013-02-01 03:00:00'],
    [`CONVERT_TIMEZONE('America/New_York', 'Europe/Berlin', '2013-07-01 08:00:00')`, '2013-07-01 14:00:00'],
    [`DATE '2008-02-28' + INTERVAL '2 days'`, '2008-03-01 00:00:00'],

    // Casts
    [`CAST('abcdef' AS VARCHAR(3))`, 'abc'],
    [`'éé'::varchar(3)`, 'é'],
    [`'12'::int + 1`, 13],
    [`1.005::numeric(10,2)`, '1.01'],
    [`'2008-02-28'::date`, '2008-02-28'],
    [`'2008-02-28 10:00:00.5'::timestamp`, '2008-02-28 10:00:00.5'],

    // JSON
    [`JSON_EXTRACT_PATH_TEXT('{"f2":{"f3":1},"f4":{"f5":99,"f6":"star"}}', 'f4', 'f6')`, 'star'],
    [`JSON_EXTRACT_PATH_TEXT('{"f2":1}', 'f4')`, ''],
    [`JSON_EXTRACT_PATH_TEXT('{', 'f4', TRUE)`, null],
    [`JSON_EXTRACT_ARRAY_ELEMENT_TEXT('[111,112,113]', 2)`, '113'],
    [`JSON_ARRAY_LENGTH('[11,12,13,{"f1":21,"f2":[25,26]},14]')`, 5],
    [`IS_VALID_JSON('{"a":2}')`, true],
    [`CAN_JSON_PARSE('[10001,10002,"abc"]')`, true],
    [`CAN_JSON_PARSE('[10001,')`, false],
    [`JSON_PARSE('[10001,10002,"abc"]')`, '[10001,10002,"abc"]'],
    [`JSON_SERIALIZE(JSON_PARSE('[10001,10002,"abc"]'))`, '[10001,10002,"abc"]'],
    [`GET_ARRAY_LENGTH(ARRAY(1,2,3,4,5,6,7,8,9,10))`, 10],
    [`OBJECT('foo', 2, 's', 'bar', 'boo', true)`, '{"foo":2,"s":"bar","boo":true}'],
    [`ARRAY(1, 'foo')`, '[1,"foo"]'],
    [`IS_OBJECT(JSON_PARSE('{"a":1}'))`, true],
    [`IS_ARRAY(JSON_PARSE('{"a":1}'))`, false],
    [`IS_VARCHAR(JSON_PARSE('"a"'))`, true],
  ])('%s', async (sql, expected) => {
    expect(await rows(`SELECT ${sql}`)).toEqual([[expected]]);
  });
});

describe('aggregates and windows', () => {
  test.each<[string, unknown[][]]>([
    // Averages and sums of whole numbers are whole numbers; SUM(BIGINT) is NUMERIC.
    [
      'SELECT AVG(qty), SUM(qty), SUM(big), AVG(weight), SUM(price), COUNT(*), COUNT(qty) FROM sales',
      [[2, 7, '70', 1.5, '60.75', 4, 3]],
    ],
    [
      'SELECT COUNT(DISTINCT seller), APPROXIMATE COUNT(DISTINCT seller), MIN(sold), MAX(price) FROM sales',
      [[2, 2, '2008-01-01 05:07:30', '30.25']],
    ],
    [`SELECT LISTAGG(id, ', ') WITHIN GROUP (ORDER BY id DESC) FROM sales WHERE seller = 'ann'`, [['3, 1']]],
    [
      `SELECT LISTAGG(DISTINCT seller, '+') WITHIN GROUP (ORDER BY seller), LISTAGG(seller) WITHIN GROUP (ORDER BY id) FROM sales`,
      [['ann+bob', 'annbobann']],
    ],
    [
      'SELECT MEDIAN(weight), PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY weight), PERCENTILE_DISC(0.4) WITHIN GROUP (ORDER BY qty) FROM sales',
      [[1.5, 1.5, 2]],
    ],
    ['SELECT BOOL_AND(qty > 1), BOOL_OR(qty > 1) FROM sales', [[false, true]]],
    ['SELECT id FROM sales ORDER BY qty, id', [[1], [2], [3], [4]]],
    ['SELECT id FROM sales ORDER BY qty DESC', [[4], [3], [2], [1]]],
    [
      'SELECT id, SUM(qty) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) FROM sales WHERE qty > 0 ORDER BY 1',
      [
        [1, 1],
        [2, 3],
        [3, 7],
      ],
    ],
    [
      'SELECT id, ROW_NUMBER() OVER (PARTITION BY seller ORDER BY sold DESC), LAG(id) OVER (ORDER BY id), LEAD(id, 2) OVER (ORDER BY id) FROM sales WHERE qty > 0 ORDER BY 1',
      [
        [1, 2, null, 3],
        [2, 1, 1, null],
        [3, 1, 2, null],
      ],
    ],
    [
      'SELECT id, RATIO_TO_REPORT(qty) OVER (PARTITION BY seller) FROM sales WHERE qty > 0 ORDER BY 1',
      [
        [1, 0.2],
        [2, 1],
        [3, 0.8],
      ],
    ],
    [
      'SELECT seller, SUM(COUNT(*)) OVER (), SUM(SUM(qty)) OVER () FROM sales WHERE qty > 0 GROUP BY seller ORDER BY 1',
      [
        ['ann', 3, 7],
        ['bob', 3, 7],
      ],
    ],
    [
      'SELECT id, FIRST_VALUE(seller IGNORE NULLS) OVER (ORDER BY id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM sales ORDER BY 1 LIMIT 1',
      [[1, 'ann']],
    ],
    [
      "SELECT id, MEDIAN(weight) OVER (PARTITION BY seller), PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY weight) OVER (PARTITION BY seller) FROM sales WHERE seller = 'ann' ORDER BY 1",
      [
        [1, 1.5, 1.5],
        [3, 1.5, 1.5],
      ],
    ],
    [
      'SELECT id FROM sales QUALIFY ROW_NUMBER() OVER (PARTITION BY seller ORDER BY sold DESC) = 1 ORDER BY id',
      [[2], [3], [4]],
    ],
    ['SELECT TOP 2 id FROM sales ORDER BY id', [[1], [2]]],
    [
      'WITH s AS (SELECT seller, COUNT(*) FROM sales GROUP BY 1) SELECT seller, count FROM s WHERE count > 1',
      [['ann', 2]],
    ],
    ['SELECT id FROM sales WHERE id < 3 EXCEPT SELECT 1', [[2]]],
    ['SELECT 1 UNION ALL SELECT 2 ORDER BY 1 DESC', [[2], [1]]],
    ['SELECT a.id, b.id FROM sales a JOIN sales b ON a.id = b.id + 1 AND a.seller = b.seller', []],
    ['SELECT seller, COUNT(*) FROM sales GROUP BY seller HAVING COUNT(*) > 1', [['ann', 2]]],
    [
      'SELECT EXISTS (SELECT 1 FROM sales WHERE id IN (SELECT MAX(id) FROM sales)), CASE WHEN 1 = 2 THEN 1 ELSE 0 END',
      [[true, 0]],
    ],
  ])('%s', async (sql, expected) => {
    expect(await rows(sql)).toEqual(expected);
  });

  test('an aggregate window with ORDER BY and no frame is refused, as by Redshift', async () => {
    await expect(warehouse.query('SELECT SUM(qty) OVER (ORDER BY id) FROM sales')).rejects.toThrow(
      'ERROR: Aggregate window functions with an ORDER BY clause require a frame clause',
    );
  });

  test('columns without an alias get Redshift’s names and types', async () => {
    const { columns } = await warehouse.query(
      `SELECT COUNT(*), SUM(big), AVG(weight), 1 + 1, DATE_TRUNC('day', sold), sold::date, Seller, NULL, JSON_PARSE('1'), TRUE FROM sales GROUP BY sold, seller LIMIT 1`,
    );
    expect(columns).toEqual([
      { name: 'count', typeName: 'int8' },
      { name: 'sum', typeName: 'numeric' },
      { name: 'avg', typeName: 'float8' },
      { name: '?column?', typeName: 'int4' },
      { name: 'date_trunc', typeName: 'timestamp' },
      { name: 'sold', typeName: 'date' },
      { name: 'seller', typeName: 'varchar' },
      { name: '?column?', typeName: expect.any(String) },
      { name: 'json_parse', typeName: 'super' },
      { name: 'bool', typeName: 'bool' },
    ]);
  });
});

test('the clock is UTC: GETDATE has whole seconds, SYSDATE and CURRENT_DATE agree with it', async () => {
  const [row] =
    (await rows(
      `SELECT DATEDIFF(second, GETDATE(), SYSDATE) BETWEEN 0 AND 1, EXTRACT(ms FROM GETDATE()) % 1000, CURRENT_DATE = TRUNC(SYSDATE)`,
    )) ?? [];
  expect(row).toEqual([true, 0, true]);
});

describe('what is not known to be right is refused', () => {
  test.each<[string, string]>([
    [
      `SELECT TO_CHAR(125.8, '999.99')`,
      `"999.99" in the format '999.99' is not supported by the local warehouse`,
    ],
    [`SELECT TO_CHAR(GETDATE(), 'TZ')`, `"TZ" in the format 'TZ' is not supported`],
    [`SELECT TO_DATE('2001', 'IYYY')`, `Reading "IYYY" of the format 'IYYY' is not supported`],
    [
      `SELECT TO_CHAR(GETDATE(), seller) FROM sales`,
      'to_char without a literal string there is not supported',
    ],
    [`SELECT DATEDIFF(week, GETDATE(), GETDATE())`, 'DATEDIFF by week is not supported'],
    [`SELECT DATEADD(fortnight, 1, GETDATE())`, 'timestamp units "fortnight" not recognized'],
    [`SELECT 'a' SIMILAR TO 'b'`, 'SIMILAR TO is not supported'],
    [`SELECT initcap('a')`, '"initcap" is not supported'],
    [`SELECT read_csv('x')`, 'The function read_csv(...) is not supported'],
    [`SELECT * FROM read_csv('x')`, 'The function read_csv(...) is not supported'],
    [`SELECT * FROM 'x.parquet'`, 'relation "x.parquet" does not exist'],
    [`SELECT SUM(qty) FILTER (WHERE qty > 1) FROM sales`, 'syntax error at or near "filter"'],
    [`SELECT 1 / 0`, 'division by zero'],
    [`SELECT id / (id - id) FROM sales`, 'division by zero'],
    [`SELECT MOD(1, 0)`, 'division by zero'],
    [`SELECT JSON_PARSE('{')`, 'JSON parsing error'],
    [`SELECT 'x'::int`, 'invalid input syntax for type integer: "x"'],
    [`SELECT 'x'::geometry`, 'The data type GEOMETRY is not supported'],
    [`SELECT a FROM sales PIVOT (COUNT(id) FOR seller IN ('ann'))`, '"pivot" is not supported'],
    [`UNLOAD ('SELECT 1') TO 's3://x/y' IAM_ROLE DEFAULT`, 'UNLOAD ( is not supported'],
    [`CALL f()`, 'CALL F is not supported'],
    [`BEGIN`, 'BEGIN is not supported'],
    [`CREATE FUNCTION f() RETURNS INT AS $$ SELECT 1 $$ LANGUAGE sql`, 'CREATE FUNCTION is not supported'],
    [`SET search_path TO x`, 'The setting search_path is not supported'],
  ])('%s', async (sql, message) => {
    await expect(warehouse.query(sql)).rejects.toThrow(message);
  });
});

describe('errors are worded as Redshift words them, with the place', () => {
  test.each<[string, string]>([
    ['SELECT * FROM nowhere', 'ERROR: relation "nowhere" does not exist'],
    ['SELECT * FROM nowhere.sales', 'ERROR: schema "nowhere" does not exist'],
    ['SELECT colour FROM sales', 'ERROR: column "colour" does not exist in sales'],
    [
      'SELECT id, COUNT(*) FROM sales',
      'ERROR: column "id" must appear in the GROUP BY clause or be used in an aggregate function',
    ],
    ['SELECT id FROM sales a JOIN sales b ON a.id = b.id', 'ERROR: column reference "id" is ambiguous'],
    ['SELEC 1', 'ERROR: syntax error at or near "selec"\n  Position: 1'],
    [`SELECT id FRM sales x`, 'ERROR: syntax error at or near "sales"\n  Position: 15'],
    [`SELECT 'a\\'b', ) FROM sales`, 'ERROR: syntax error at or near ")"\n  Position: 16'],
    ['SELECT (1', 'ERROR: syntax error at end of input'],
    [`SELECT 'abc`, 'ERROR: unterminated quoted string\n  Position: 8'],
    ['SELECT 1; SELECT 2', 'ERROR: a statement holds exactly one SQL command\n  Position: 9'],
    ['SELECT :name', 'ERROR: parameter ":name" has no value\n  Position: 8'],
    [
      `INSERT INTO sales (id, seller) VALUES (1, 'a name that is too long for it')`,
      'ERROR: value too long for type character varying(20)',
    ],
    [`INSERT INTO sales (id) VALUES (1, 2)`, 'ERROR: INSERT has more expressions than target columns'],
  ])('%s', async (sql, message) => {
    await expect(warehouse.query(sql)).rejects.toThrow(message);
  });
});
