import fc from 'fast-check';
import { requireReadOnly } from '../../console/server/readOnly';

const refused = (sql: string) => {
  try {
    requireReadOnly(sql);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return undefined;
};

describe('statements the console sends on', () => {
  it.each([
    'SELECT 1',
    ' select 1 ;; ',
    '-- why\nSELECT 1',
    '/* /* nested */ INSERT */ SELECT 1',
    "SELECT 'x; DROP TABLE y', 'it''s', 'a\\'; b' FROM t",
    'WITH a AS (SELECT 1), b AS (SELECT 2) SELECT * FROM a, b',
    'EXPLAIN SELECT 1',
    'EXPLAIN WITH a AS (SELECT 1) SELECT * FROM a',
    'SHOW TABLES FROM SCHEMA clickstream.analysis',
    'SELECT "into", "delete" FROM t',
    'WITH a AS (SELECT 1 AS "update") SELECT "update" FROM a',
  ])('%s', (sql) => {
    expect(refused(sql)).toBeUndefined();
  });
});

describe('statements the console refuses', () => {
  it.each([
    ['', 'no statement'],
    [' ; ', 'no statement'],
    ['SELECT 1; SELECT 2', 'one statement'],
    ['SELECT 1; DELETE FROM t', 'one statement'],
    ['INSERT INTO t VALUES (1)', 'only reads'],
    ['UPDATE t SET a = 1', 'only reads'],
    ['DELETE FROM t', 'only reads'],
    ['MERGE INTO t USING s ON t.a = s.a REMOVE DUPLICATES', 'only reads'],
    ['TRUNCATE t', 'only reads'],
    ['DROP TABLE t', 'only reads'],
    ['CREATE TABLE t AS SELECT 1', 'only reads'],
    ["COPY t FROM 's3://b/k' IAM_ROLE DEFAULT", 'only reads'],
    ["UNLOAD ('SELECT 1') TO 's3://b/k' IAM_ROLE DEFAULT", 'only reads'],
    ["CREATE EXTERNAL SCHEMA x FROM DATA CATALOG DATABASE 'd'", 'only reads'],
    ['GRANT ALL ON SCHEMA a TO PUBLIC', 'only reads'],
    ['SET query_group TO x', 'only reads'],
    ['CALL p()', 'only reads'],
    ['"select" 1', 'only reads'],
    ['(SELECT 1)', 'only reads'],
    ['SELECT * INTO t FROM s', 'INTO makes a table'],
    ['WITH a AS (SELECT 1) SELECT * INTO TEMP t FROM a', 'INTO makes a table'],
    ['WITH a AS (SELECT 1) DELETE FROM t USING a', 'DELETE changes rows'],
    ['EXPLAIN DELETE FROM t', 'explains queries only'],
    ["SELECT 'open", 'unterminated'],
  ])('%s', (sql, reason) => {
    expect(refused(sql)).toMatch(reason);
  });

  it('whatever stands before and behind a write, in comments or blanks', () => {
    const blank = fc.constantFrom(' ', '\n', '\t', '-- SELECT\n', '/* SELECT */', '/* /* a */ b */');
    const write = fc.constantFrom(
      'DELETE FROM t',
      'insert into t values (1)',
      'Drop Table t',
      "COPY t FROM 's3://b/k'",
    );
    fc.assert(
      fc.property(fc.array(blank), write, fc.array(blank), (before, sql, behind) => {
        expect(refused([...before, sql, ...behind].join(''))).toBeDefined();
        expect(refused(['SELECT 1;', ...before, sql, ...behind].join(''))).toBeDefined();
      }),
    );
  });
});
