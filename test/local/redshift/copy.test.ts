/** COPY of Parquet by manifest, with Redshift's rules (Redshift guide, "COPY from columnar data formats"). */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openWarehouse, type Warehouse } from '../../../local/redshift';
import { type ObjectDirectory, objectDirectory } from '../../support/redshift';

let objects: ObjectDirectory;
let warehouse: Warehouse;

beforeAll(async () => {
  objects = objectDirectory();
  warehouse = await openWarehouse({ file: path.join(objects.root, 'w.duckdb'), resolveS3: objects.resolve });
  await warehouse.run([
    `CREATE TABLE target (name VARCHAR(4), at TIMESTAMP, n INT, big BIGINT, ok BOOLEAN, amount FLOAT)`,
    `CREATE TABLE required (name VARCHAR(4) NOT NULL)`,
  ]);
});

afterAll(async () => {
  await warehouse.close();
  objects.remove();
});

const GOOD = `SELECT 'éé' AS a, TIMESTAMP '2026-01-02 03:04:05.678' AS b, 7::INTEGER AS c, 8::BIGINT AS d, true AS e, 0.5::DOUBLE AS f`;
const NOTHING = `SELECT NULL::VARCHAR, NULL::TIMESTAMP, NULL::INTEGER, NULL::BIGINT, NULL::BOOLEAN, NULL::DOUBLE`;

let count = 0;
/** Writes a Parquet file and a manifest for it; the COPY statement that loads it. */
async function copyOf(query: string, options = '', table = 'target'): Promise<string> {
  const url = await objects.putParquet('lake', `events/year=2026/${++count}.parquet`, query);
  return copyFrom(objects.putManifest('lake', `manifests/${count}`, [url]), options, table);
}

function copyFrom(manifest: string, options = '', table = 'target'): string {
  return `COPY ${table} FROM '${manifest}' IAM_ROLE DEFAULT FORMAT AS PARQUET MANIFEST ${options}`;
}

async function loaded(sql: string): Promise<unknown[][]> {
  const results = await warehouse.run(['DELETE FROM target', sql, 'SELECT * FROM target ORDER BY name, n']);
  return (results[2]?.rows ?? []).map((row) => [...row]);
}

test('columns are matched by position, whatever their names and whatever the path says', async () => {
  expect(await loaded(await copyOf(GOOD))).toEqual([['éé', '2026-01-02 03:04:05.678', 7, 8, true, 0.5]]);
});

test('files whose columns have other names, or the same names in another order, are matched by position too', async () => {
  const first = await objects.putParquet(
    'lake',
    'a.parquet',
    `SELECT 'a' AS x, NULL::TIMESTAMP AS t, 1::INTEGER AS p, 2::BIGINT AS q, true AS r, 1.0::DOUBLE AS s`,
  );
  const second = await objects.putParquet(
    'lake',
    'b.parquet',
    `SELECT 'b' AS t, NULL::TIMESTAMP AS x, 3::INTEGER AS q2, 4::BIGINT AS p2, false AS r2, 2.0::DOUBLE AS s2`,
  );
  const sql = copyFrom(objects.putManifest('lake', 'manifests/two', [first, second]));
  expect(await loaded(sql)).toEqual([
    ['a', null, 1, 2, true, 1],
    ['b', null, 3, 4, false, 2],
  ]);
  const [, , copied] = await warehouse.run(['DELETE FROM target', sql, 'SELECT PG_LAST_COPY_COUNT()']);
  expect(copied?.rows).toEqual([[2]]);
});

test('a column list names the columns that the file has', async () => {
  const sql = (await copyOf(`SELECT 5::INTEGER, 'x'`)).replace('COPY target', 'COPY target (n, name)');
  expect(await loaded(sql)).toEqual([['x', null, 5, null, null, null]]);
});

test('FILLRECORD takes files that lack trailing columns, and fills them with null', async () => {
  const query = `SELECT 'x', NULL::TIMESTAMP, 5::INTEGER`;
  expect(await loaded(await copyOf(query, 'FILLRECORD'))).toEqual([['x', null, 5, null, null, null]]);
  await expect(warehouse.query(await copyOf(query))).rejects.toThrow(
    /Unmatched number of columns between table and file\. Table columns: 6, Data columns: 3, File name: s3:\/\/lake/,
  );
});

describe('a file that does not fit fails the whole COPY', () => {
  test.each([
    ['more columns than the table', `${GOOD}, 1 AS g`, /Table columns: 6, Data columns: 7/],
    [
      'BIGINT for INT',
      GOOD.replace('7::INTEGER', '7::BIGINT'),
      /incompatible Parquet schema for column 'n'\. Column type: INTEGER, Parquet schema: INT64/,
    ],
    [
      'INT for BIGINT',
      GOOD.replace('8::BIGINT', '8::INTEGER'),
      /incompatible Parquet schema for column 'big'/,
    ],
    ['text for TIMESTAMP', GOOD.replace('TIMESTAMP ', ''), /incompatible Parquet schema for column 'at'/],
    [
      'a plain INT64 for TIMESTAMP',
      GOOD.replace(`TIMESTAMP '2026-01-02 03:04:05.678'`, '1767322800000::BIGINT'),
      /incompatible Parquet schema for column 'at'/,
    ],
    [
      'a date for INT',
      GOOD.replace('7::INTEGER', `DATE '2026-01-01'`),
      /incompatible Parquet schema for column 'n'/,
    ],
    [
      'a decimal for FLOAT',
      GOOD.replace('0.5::DOUBLE', '0.5::DECIMAL(4,2)'),
      /incompatible Parquet schema for column 'amount'/,
    ],
    ['a nested column', GOOD.replace(`'éé'`, `{'k': 'v'}`), /nested column/],
    [
      'text longer in bytes than the column',
      `${GOOD} UNION ALL ${NOTHING.replace('NULL::VARCHAR', `'éée'`)}`,
      /The length of the data column name is longer than the length defined in the table\. Table: 4, Data: 5, File name: s3:\/\/lake/,
    ],
  ])('%s', async (_, query, message) => {
    const sql = await copyOf(query);
    await expect(warehouse.run(['DELETE FROM target', sql])).rejects.toThrow(message);
  });

  test('a null for a NOT NULL column', async () => {
    await expect(warehouse.query(await copyOf('SELECT NULL::VARCHAR', '', 'required'))).rejects.toThrow(
      'Cannot insert a NULL value into column name',
    );
  });

  test('a file that is no Parquet file', async () => {
    const url = objects.put('lake', 'events/text.parquet', 'this is text');
    const sql = copyFrom(objects.putManifest('lake', 'manifests/text', [url]));
    await expect(warehouse.query(sql)).rejects.toThrow(/is not a readable Parquet file/);
  });

  test('a Parquet file cut short', async () => {
    const url = await objects.putParquet('lake', 'events/cut.parquet', GOOD);
    const file = objects.resolve('lake', 'events/cut.parquet');
    writeFileSync(file, readFileSync(file).subarray(0, 300));
    const sql = copyFrom(objects.putManifest('lake', 'manifests/cut', [url]));
    await expect(warehouse.query(sql)).rejects.toThrow(/is not a readable Parquet file/);
  });
});

describe('the manifest', () => {
  const manifest = (entries: unknown) => objects.put('lake', 'manifests/odd', JSON.stringify({ entries }));

  test.each<[string, unknown, RegExp]>([
    ['without entries', [], /"entries" must be a list with at least one entry/],
    [
      'without a length',
      [{ url: 's3://lake/x', mandatory: true }],
      /"meta.content_length" of s3:\/\/lake\/x must be its length/,
    ],
    [
      'with a URL that is none',
      [{ url: 'lake/x', mandatory: true, meta: { content_length: 1 } }],
      /Invalid S3 path 'lake\/x'/,
    ],
    [
      'with a file that is missing',
      [{ url: 's3://lake/none', mandatory: true, meta: { content_length: 1 } }],
      /Status 404,Error NoSuchKey,Key none/,
    ],
    [
      'with only files that may be missing, and are',
      [{ url: 's3://lake/none', meta: { content_length: 1 } }],
      /lists no file that exists/,
    ],
  ])('%s is refused', async (_, entries, message) => {
    await expect(warehouse.query(copyFrom(manifest(entries)))).rejects.toThrow(message);
  });

  test('with a length that is not the file’s is refused', async () => {
    const url = await objects.putParquet('lake', 'events/size.parquet', GOOD);
    const sql = copyFrom(manifest([{ url, mandatory: true, meta: { content_length: 12 } }]));
    await expect(warehouse.query(sql)).rejects.toThrow(
      /File size mismatch: the manifest says content_length 12/,
    );
  });

  test('that is missing, or no JSON, is refused', async () => {
    await expect(warehouse.query(copyFrom('s3://lake/manifests/none'))).rejects.toThrow(
      /NoSuchKey,Key manifests\/none/,
    );
    const broken = objects.put('lake', 'manifests/broken', '{');
    await expect(warehouse.query(copyFrom(broken))).rejects.toThrow(
      /Problem reading manifest file - S3 key manifests\/broken: it is not JSON/,
    );
  });
});

describe('options', () => {
  test.each([
    [`COPY target FROM 's3://lake/m' FORMAT AS PARQUET MANIFEST`, 'COPY needs credentials'],
    [
      `COPY target FROM 's3://lake/m' IAM_ROLE 'me' FORMAT PARQUET MANIFEST`,
      `IAM_ROLE is 'me', it must be DEFAULT or the ARN`,
    ],
    [
      `COPY target FROM 's3://lake/m' IAM_ROLE DEFAULT FORMAT AS PARQUET MANIFEST MAXERROR 10`,
      'MAXERROR argument is not supported for PARQUET based COPY',
    ],
    [
      `COPY target FROM 's3://lake/m' IAM_ROLE DEFAULT FORMAT AS PARQUET MANIFEST GZIP`,
      'GZIP argument is not supported for PARQUET based COPY',
    ],
    [
      `COPY target FROM 's3://lake/m' IAM_ROLE DEFAULT FORMAT AS CSV`,
      'COPY of other than FORMAT AS PARQUET is not supported',
    ],
    [
      `COPY target FROM 's3://lake/m' IAM_ROLE DEFAULT FORMAT AS PARQUET`,
      'COPY without MANIFEST is not supported',
    ],
    [
      `COPY target FROM 's3://lake/m' IAM_ROLE DEFAULT FORMAT AS PARQUET MANIFEST SOMEHOW`,
      'syntax error at or near "somehow"',
    ],
    [
      `COPY target (n, z) FROM 's3://lake/m' IAM_ROLE DEFAULT FORMAT AS PARQUET MANIFEST`,
      'column "z" of relation "target" does not exist',
    ],
    [
      `COPY target (n, n) FROM 's3://lake/m' IAM_ROLE DEFAULT FORMAT AS PARQUET MANIFEST`,
      'column "n" specified more than once',
    ],
    [
      `COPY nowhere FROM 's3://lake/m' IAM_ROLE DEFAULT FORMAT AS PARQUET MANIFEST`,
      'relation "nowhere" does not exist',
    ],
  ])('%s', async (sql, message) => {
    await expect(warehouse.query(sql)).rejects.toThrow(message);
  });

  test('a user needs INSERT and the right to use the role', async () => {
    const sql = copyFrom('s3://lake/manifests/none');
    await warehouse.run(['CREATE USER bob PASSWORD DISABLE', 'REVOKE ASSUMEROLE ON ALL FROM PUBLIC FOR ALL']);
    await expect(warehouse.query(sql, { user: 'bob' })).rejects.toThrow(
      'permission denied for relation target',
    );
    await warehouse.query('GRANT INSERT ON target TO bob');
    await expect(warehouse.query(sql, { user: 'bob' })).rejects.toThrow(
      'must have the ASSUMEROLE privilege on default',
    );
    await warehouse.query('GRANT ASSUMEROLE ON DEFAULT TO bob FOR COPY');
    await expect(warehouse.query(sql, { user: 'bob' })).rejects.toThrow('NoSuchKey');
  });
});
