/** Grants are checked as Redshift checks them. */
import path from 'node:path';
import { openWarehouse, type Warehouse } from '../../../local/redshift';
import { type ObjectDirectory, objectDirectory } from '../../support/redshift';

let objects: ObjectDirectory;
let warehouse: Warehouse;

beforeEach(async () => {
  objects = objectDirectory();
  warehouse = await openWarehouse({ file: path.join(objects.root, 'w.duckdb') });
  await warehouse.run([
    'CREATE SCHEMA landing',
    'CREATE SCHEMA analysis',
    'CREATE TABLE landing.events (a INT)',
    'CREATE VIEW analysis.events AS SELECT a FROM landing.events',
    'CREATE USER loader PASSWORD DISABLE',
    `CREATE USER ann PASSWORD 'Secret123'`,
    'CREATE ROLE analyst',
  ]);
});

afterEach(async () => {
  await warehouse.close();
  objects.remove();
});

const as = (user: string, sql: string) => warehouse.query(sql, { user });

test('a user who was never created cannot sign in', async () => {
  await expect(as('nobody', 'SELECT 1')).rejects.toThrow('user "nobody"');
});

test('a table needs USAGE of its schema and the privilege itself, which can be taken away again', async () => {
  await expect(as('loader', 'SELECT * FROM landing.events')).rejects.toThrow(
    'permission denied for schema landing',
  );
  await warehouse.query('GRANT USAGE ON SCHEMA landing TO loader');
  await expect(as('loader', 'SELECT * FROM landing.events')).rejects.toThrow(
    'permission denied for relation events',
  );
  await warehouse.query('GRANT SELECT, INSERT ON TABLE landing.events TO loader');
  expect(await as('loader', 'INSERT INTO landing.events SELECT COUNT(*) FROM landing.events')).toEqual({
    rowCount: 1,
  });
  await expect(as('loader', 'DELETE FROM landing.events')).rejects.toThrow(
    'permission denied for relation events',
  );
  await expect(as('loader', 'LOCK landing.events')).rejects.toThrow('permission denied for relation events');
  await expect(as('loader', 'TRUNCATE landing.events')).rejects.toThrow('must be owner of relation events');
  await expect(as('loader', 'DROP TABLE landing.events')).rejects.toThrow('must be owner of relation events');
  await warehouse.query('REVOKE ALL ON landing.events FROM loader');
  await expect(as('loader', 'SELECT 1 FROM landing.events')).rejects.toThrow(
    'permission denied for relation events',
  );
});

test('roles pass privileges on, and a view shows what its owner may read', async () => {
  await warehouse.run([
    'GRANT USAGE ON SCHEMA analysis TO ROLE analyst',
    'GRANT SELECT ON ALL TABLES IN SCHEMA analysis TO ROLE analyst',
    'CREATE ROLE intern',
    'GRANT ROLE analyst TO ROLE intern',
    'GRANT ROLE intern TO ann',
  ]);
  expect((await as('ann', 'SELECT COUNT(*) FROM analysis.events')).rows).toEqual([[0]]);
  await expect(as('ann', 'SELECT * FROM landing.events')).rejects.toThrow(
    'permission denied for schema landing',
  );
  await expect(as('ann', 'CREATE TABLE analysis.mine (a INT)')).rejects.toThrow(
    'permission denied for schema analysis',
  );
  expect((await as('ann', 'SELECT CURRENT_USER')).rows).toEqual([['ann']]);
});

test('default privileges apply to what is made later', async () => {
  await warehouse.run([
    'GRANT USAGE ON SCHEMA analysis TO ROLE analyst',
    'ALTER DEFAULT PRIVILEGES IN SCHEMA analysis GRANT SELECT ON TABLES TO ROLE analyst',
    'GRANT ROLE analyst TO ann',
    'CREATE VIEW analysis.sessions AS SELECT 1 AS n',
  ]);
  expect((await as('ann', 'SELECT n FROM analysis.sessions')).rows).toEqual([[1]]);
  await expect(as('ann', 'SELECT 1 FROM analysis.events')).rejects.toThrow(
    'permission denied for relation events',
  );
});

test('everybody may create in public until that is revoked, and owns what they made', async () => {
  await as('ann', 'CREATE TABLE mine (a INT)');
  await as('ann', 'INSERT INTO mine VALUES (1)');
  await expect(as('loader', 'SELECT * FROM mine')).rejects.toThrow('permission denied for relation mine');
  await as('ann', 'GRANT SELECT ON mine TO loader');
  expect((await as('loader', 'SELECT * FROM mine')).rows).toEqual([[1]]);
  await warehouse.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
  await expect(as('loader', 'CREATE TABLE other (a INT)')).rejects.toThrow(
    'permission denied for schema public',
  );
});

test.each([
  ['CREATE USER eve PASSWORD DISABLE', 'must be superuser to create user'],
  ['CREATE SCHEMA mine', 'must be superuser to create schema mine'],
  ['GRANT ROLE analyst TO ann', 'must be superuser to grant a role'],
  ['GRANT SELECT ON landing.events TO ann', 'must be owner of relation events'],
])('a user who is no superuser may not: %s', async (sql, message) => {
  await expect(as('ann', sql)).rejects.toThrow(message);
});

test.each([
  ['GRANT SELECT ON landing.events TO bob', 'user "bob" does not exist'],
  ['GRANT SELECT ON landing.events TO ROLE bosses', 'role "bosses" does not exist'],
  ['GRANT FLY ON landing.events TO ann', 'invalid privilege type FLY for table'],
  ['GRANT SELECT ON landing.nothing TO ann', 'relation "landing.nothing" does not exist'],
  ['GRANT USAGE ON SCHEMA nowhere TO ann', 'schema "nowhere" does not exist'],
  ['CREATE USER ann PASSWORD DISABLE', 'user "ann" already exists'],
  ['SELECT * FROM redshift_catalog.grants', 'schema "redshift_catalog" does not exist'],
])('%s is an error: %s', async (sql, message) => {
  await expect(warehouse.query(sql)).rejects.toThrow(message);
});

test('a user with grants is not dropped; without them, it is', async () => {
  await warehouse.query('GRANT USAGE ON SCHEMA landing TO ann');
  await expect(warehouse.query('DROP USER ann')).rejects.toThrow(
    'cannot be dropped because some objects depend on it',
  );
  await warehouse.run(['REVOKE USAGE ON SCHEMA landing FROM ann', 'DROP USER ann']);
  await expect(as('ann', 'SELECT 1')).rejects.toThrow('user "ann"');
});
