/** Definitions, changes and transactions. */
import path from 'node:path';
import { BatchError, openWarehouse, type Warehouse } from '../../../local/redshift';
import { type ObjectDirectory, objectDirectory } from '../../support/redshift';

let objects: ObjectDirectory;
let warehouse: Warehouse;

beforeEach(async () => {
  objects = objectDirectory();
  warehouse = await openWarehouse({ file: path.join(objects.root, 'w.duckdb') });
});

afterEach(async () => {
  await warehouse.close();
  objects.remove();
});

const rows = async (sql: string) => (await warehouse.query(sql)).rows;

describe('tables', () => {
  test('take all attributes of Redshift, and enforce lengths in bytes and NOT NULL, but no keys', async () => {
    await warehouse.run([
      `CREATE TABLE IF NOT EXISTS visits (
         id BIGINT IDENTITY(10, 5),
         visitor VARCHAR(4) ENCODE zstd NOT NULL DISTKEY,
         at TIMESTAMP DEFAULT GETDATE() ENCODE az64 SORTKEY,
         kind CHAR, note VARCHAR, ref INT REFERENCES visits (id),
         PRIMARY KEY (visitor), UNIQUE (kind)
       ) BACKUP NO DISTSTYLE KEY COMPOUND SORTKEY (at, visitor)`,
      `INSERT INTO visits (visitor, kind) VALUES ('éé', 'a'), ('éé', 'a')`,
    ]);
    expect(await rows('SELECT id, visitor, at IS NULL FROM visits ORDER BY id')).toEqual([
      [10, 'éé', false],
      [15, 'éé', false],
    ]);
    await expect(warehouse.query(`INSERT INTO visits (visitor) VALUES ('ééa')`)).rejects.toThrow(
      'value too long for type character varying(4)',
    );
    await expect(warehouse.query(`UPDATE visits SET note = REPEAT('x', 257)`)).rejects.toThrow(
      'value too long for type character varying(256)',
    );
    await expect(warehouse.query(`INSERT INTO visits (kind) VALUES ('b')`)).rejects.toThrow(
      'Cannot insert a NULL value into column visitor',
    );
  });

  test('refuse a key column that does not exist, a second table of the name, a schema that is not there', async () => {
    await expect(warehouse.query('CREATE TABLE t (a INT) DISTKEY (b)')).rejects.toThrow(
      'column "b" named in key does not exist',
    );
    await warehouse.query('CREATE TABLE t (a INT)');
    await expect(warehouse.query('CREATE TABLE T (a INT)')).rejects.toThrow('Relation "t" already exists');
    await expect(warehouse.query('CREATE TABLE s.t (a INT)')).rejects.toThrow('schema "s" does not exist');
    expect(await warehouse.query('CREATE TABLE IF NOT EXISTS t (a INT)')).toEqual({ rowCount: -1 });
  });

  test('are made from queries and like other tables', async () => {
    await warehouse.run([
      `CREATE TABLE a DISTSTYLE ALL SORTKEY (n) AS SELECT 1 AS n, 'x'::varchar(3) AS Name`,
      "CREATE TABLE strict (v VARCHAR(2) NOT NULL DEFAULT 'd')",
      'CREATE TEMP TABLE b (LIKE strict)',
    ]);
    expect((await warehouse.query('SELECT * FROM a')).columns?.map(({ name }) => name)).toEqual([
      'n',
      'name',
    ]);
    const insert = warehouse.run(['CREATE TEMP TABLE b (LIKE strict)', `INSERT INTO b VALUES ('xyz')`]);
    await expect(insert).rejects.toThrow('value too long for type character varying(2)');
  });

  test('are altered with their rows, lengths and NOT NULL kept', async () => {
    await warehouse.run([
      'CREATE TABLE t (a VARCHAR(2) NOT NULL, b INT)',
      `INSERT INTO t VALUES ('x', 1)`,
      `ALTER TABLE t ADD COLUMN c VARCHAR(3) ENCODE lzo DEFAULT 'new'`,
      'ALTER TABLE t ADD d TIMESTAMP',
      'ALTER TABLE t DROP COLUMN b',
      'ALTER TABLE t RENAME COLUMN a TO first',
      'ALTER TABLE t ALTER SORTKEY (first)',
      'ALTER TABLE t RENAME TO u',
      `COMMENT ON COLUMN u.c IS 'it''s new'`,
      'ANALYZE u',
    ]);
    await warehouse.query('ALTER TABLE u ALTER COLUMN first TYPE VARCHAR(4)');
    await warehouse.query('VACUUM u');
    expect(await rows('SELECT * FROM u')).toEqual([['x', 'new', null]]);
    await warehouse.query(`INSERT INTO u (first) VALUES ('wxyz')`);
    await expect(warehouse.query(`INSERT INTO u (first) VALUES ('vwxyz')`)).rejects.toThrow(
      'character varying(4)',
    );
    await expect(warehouse.query(`INSERT INTO u (first, c) VALUES ('v', 'long')`)).rejects.toThrow(
      'character varying(3)',
    );
    await expect(warehouse.query(`INSERT INTO u (c) VALUES ('v')`)).rejects.toThrow(
      'NULL value into column first',
    );
    await expect(warehouse.query('ALTER TABLE u ADD COLUMN e INT NOT NULL')).rejects.toThrow(
      'must have a non-null default',
    );
    await expect(warehouse.query('ALTER TABLE u DROP COLUMN z')).rejects.toThrow(
      'column "z" of relation "u" does not exist',
    );
  });

  test('are changed by UPDATE, DELETE, MERGE and TRUNCATE, which count rows', async () => {
    await warehouse.run([
      'CREATE TABLE t (k INT, v VARCHAR(9))',
      `INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')`,
    ]);
    const results = await warehouse.run([
      "CREATE TEMP TABLE s AS SELECT 2 AS k, 'B' AS v UNION ALL SELECT 4, 'D'",
      'MERGE INTO t USING s ON t.k = s.k WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT VALUES (s.k, s.v)',
      'DELETE FROM t USING s WHERE t.k = s.k AND s.k = 4',
      `UPDATE t SET v = s.v || '!' FROM s WHERE t.k = s.k`,
    ]);
    expect(results.map(({ rowCount }) => rowCount)).toEqual([2, 2, 1, 1]);
    expect(await rows('SELECT * FROM t ORDER BY k')).toEqual([
      [1, 'a'],
      [2, 'B!'],
      [3, 'c'],
    ]);
    await warehouse.query('TRUNCATE TABLE t');
    expect(await rows('SELECT COUNT(*) FROM t')).toEqual([[0]]);
  });
});

describe('views', () => {
  test('are made, replaced and dropped; late binding and materialized ones too', async () => {
    await warehouse.run([
      'CREATE SCHEMA s',
      'CREATE TABLE s.t (a INT)',
      'INSERT INTO s.t VALUES (3)',
      'CREATE VIEW s.v (c, count) AS SELECT a + 1, COUNT(*) FROM s.t GROUP BY a',
      'CREATE OR REPLACE VIEW s.v AS SELECT a * 2 AS c, COUNT(*) FROM s.t GROUP BY a WITH NO SCHEMA BINDING',
      'CREATE MATERIALIZED VIEW s.m AS SELECT SUM(a) FROM s.t',
      'REFRESH MATERIALIZED VIEW s.m',
    ]);
    expect(await rows('SELECT c, count FROM s.v')).toEqual([[6, 1]]);
    expect(await rows('SELECT sum FROM s.m')).toEqual([[3]]);
    // An alias may be called like the schema.
    expect(await rows('SELECT s.c AS s FROM s.v s JOIN s.t ON s.c = t.a * 2')).toEqual([[6]]);
    await expect(warehouse.query('CREATE VIEW s.v AS SELECT 1')).rejects.toThrow(
      'Relation "s.v" already exists',
    );
    await expect(warehouse.query('DROP TABLE s.v')).rejects.toThrow('"v" is not a table');
    await warehouse.query('DROP MATERIALIZED VIEW s.m');
    await warehouse.query('DROP SCHEMA s CASCADE');
    await expect(warehouse.query('SELECT * FROM s.v')).rejects.toThrow('schema "s" does not exist');
    await warehouse.query('DROP VIEW IF EXISTS v');
  });

  test.each([
    ['SELECT a FROM t', 'cannot change number of columns in view'],
    ['SELECT a, b, 1 AS c FROM t', 'cannot change number of columns in view'],
    ['SELECT b, a FROM t', 'cannot change name of view column "a"'],
    ['SELECT a, 1 AS b FROM t', 'cannot change data type of view column "b"'],
  ])('cannot be replaced by one with other columns: %s', async (query, message) => {
    await warehouse.run(['CREATE TABLE t (a INT, b VARCHAR(3))', 'CREATE VIEW v AS SELECT a, b FROM t']);
    await expect(warehouse.query(`CREATE OR REPLACE VIEW v AS ${query}`)).rejects.toThrow(message);
    await warehouse.query('CREATE OR REPLACE VIEW v (a, b) AS SELECT a + 1, b FROM t');
  });

  test('keep what they are bound to from being dropped, unless they bind late or the drop cascades', async () => {
    await warehouse.run([
      'CREATE TABLE t (a INT)',
      'CREATE VIEW v AS SELECT a FROM t',
      'CREATE VIEW w AS SELECT a FROM v',
      'CREATE VIEW late AS SELECT a FROM public.v WITH NO SCHEMA BINDING',
    ]);
    await expect(warehouse.query('DROP TABLE t')).rejects.toThrow(
      /^ERROR: cannot drop table public\.t because other objects depend on it\n {2}Detail: view public\.v depends on it/,
    );
    await expect(warehouse.query('DROP VIEW v')).rejects.toThrow('Detail: view public.w depends on it');
    await warehouse.run(['DROP VIEW w', 'DROP VIEW v', 'CREATE VIEW v AS SELECT a + 1 AS a FROM t']);
    await warehouse.query('INSERT INTO t VALUES (1)');
    expect(await rows('SELECT a FROM late')).toEqual([[2]]);
    await warehouse.query('CREATE VIEW w AS SELECT a FROM v');
    await warehouse.query('DROP TABLE t CASCADE');
    for (const view of ['v', 'w']) {
      await expect(warehouse.query(`SELECT * FROM ${view}`)).rejects.toThrow(
        `relation "${view}" does not exist`,
      );
    }
    await warehouse.run(['CREATE TABLE v (a INT)', 'DROP TABLE v']);
  });

  test('svv_columns tells everybody about columns in Redshift’s words', async () => {
    await warehouse.run([
      'CREATE USER bob PASSWORD DISABLE',
      `CREATE TABLE t ("a b" VARCHAR(3) NOT NULL, c VARCHAR, d SUPER, e TIMESTAMP, f TIMESTAMPTZ, g FLOAT8, h REAL,
         i DECIMAL(10, 2), j INT, k BIGINT, l BOOLEAN, m DATE)`,
      'ALTER TABLE t ADD COLUMN n SMALLINT',
    ]);
    const sql = `SELECT column_name, data_type, character_maximum_length, is_nullable FROM svv_columns
      WHERE table_schema = 'public' AND table_name = 't' ORDER BY ordinal_position`;
    expect((await warehouse.query(sql, { user: 'bob' })).rows).toEqual([
      ['a b', 'character varying', 3, 'NO'],
      ['c', 'character varying', 256, 'YES'],
      ['d', 'super', null, 'YES'],
      ['e', 'timestamp without time zone', null, 'YES'],
      ['f', 'timestamp with time zone', null, 'YES'],
      ['g', 'double precision', null, 'YES'],
      ['h', 'real', null, 'YES'],
      ['i', 'numeric', null, 'YES'],
      ['j', 'integer', null, 'YES'],
      ['k', 'bigint', null, 'YES'],
      ['l', 'boolean', null, 'YES'],
      ['m', 'date', null, 'YES'],
      ['n', 'smallint', null, 'YES'],
    ]);
  });

  test('outlive a restart of the warehouse', async () => {
    await warehouse.run([
      'CREATE TABLE t (at TIMESTAMP)',
      `INSERT INTO t VALUES ('2026-01-02 03:04:05')`,
      `CREATE VIEW v AS SELECT DATEADD(day, 1, at) AS next, TO_CHAR(at, 'DY') AS day, 1 / 2 AS half FROM t`,
    ]);
    await warehouse.close();
    warehouse = await openWarehouse({ file: path.join(objects.root, 'w.duckdb'), readOnly: true });
    expect(await rows('SELECT * FROM v')).toEqual([['2026-01-03 03:04:05', 'FRI', 0]]);
    await expect(warehouse.query('CREATE TABLE u (a INT)')).rejects.toThrow(/read-only/);
  });
});

describe('transactions', () => {
  test('a batch is one transaction: its failure names the statement and leaves nothing', async () => {
    await warehouse.query('CREATE TABLE t (a INT)');
    const failed = warehouse.run([
      'INSERT INTO t VALUES (1)',
      'CREATE TABLE u (a INT)',
      'SELECT * FROM nowhere',
    ]);
    await expect(failed).rejects.toThrow(BatchError);
    await expect(failed).rejects.toMatchObject({
      statementIndex: 2,
      message: 'ERROR: relation "nowhere" does not exist',
    });
    expect(await rows('SELECT COUNT(*) FROM t')).toEqual([[0]]);
    await expect(warehouse.query('SELECT * FROM u')).rejects.toThrow('relation "u" does not exist');
  });

  test('temporary tables belong to their batch', async () => {
    const [, result] = await warehouse.run(['CREATE TEMP TABLE t AS SELECT 1 AS a', 'SELECT a FROM t']);
    expect(result?.rows).toEqual([[1]]);
    await expect(warehouse.query('SELECT * FROM t')).rejects.toThrow('relation "t" does not exist');
  });

  test('batches that write at the same time run one after another and never conflict', async () => {
    await warehouse.run(['CREATE TABLE lock_table (a INT)', 'CREATE TABLE t (a INT)']);
    const insertNext = ['LOCK lock_table', 'INSERT INTO t SELECT COUNT(*) + 1 FROM t'];
    await Promise.all(Array.from({ length: 8 }, () => warehouse.run(insertNext)));
    expect(await rows('SELECT COUNT(*), COUNT(DISTINCT a), MAX(a) FROM t')).toEqual([[8, 8, 8]]);
    await expect(warehouse.query('LOCK nowhere')).rejects.toThrow('relation "nowhere" does not exist');
  });
});
