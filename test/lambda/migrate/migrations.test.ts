import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  migrationStatements,
  parseMigration,
  pendingMigrations,
  readMigrations,
} from '../../../lambda/migrate/migrations';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'migrations-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const write = (name: string, text = 'SELECT 1;') => writeFileSync(path.join(directory, name), text);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('readMigrations', () => {
  it('reads the SQL files of a directory in order', () => {
    write('002-second.sql', 'SELECT 2; SELECT 3;');
    write('001-first.sql');
    write('README.md', 'not a migration');
    expect(readMigrations(directory)).toEqual([
      { version: 1, name: '001-first.sql', checksum: sha256('SELECT 1;'), statements: ['SELECT 1'] },
      {
        version: 2,
        name: '002-second.sql',
        checksum: sha256('SELECT 2; SELECT 3;'),
        statements: ['SELECT 2', 'SELECT 3'],
      },
    ]);
  });

  it.each([
    ['a gap', ['001-a.sql', '003-b.sql'], /003-b.sql follows 001-a.sql: its number must be 002/],
    ['a number twice', ['001-a.sql', '001-b.sql'], /001-b.sql follows 001-a.sql: its number must be 002/],
    ['a start elsewhere', ['002-a.sql'], /002-a.sql follows the beginning: its number must be 001/],
    ['a name without number', ['first.sql'], /first.sql is no name of a migration/],
    ['a name with capitals', ['001-First.sql'], /001-First.sql is no name of a migration/],
  ])('refuses %s', (_, names, message) => {
    for (const name of names) write(name);
    expect(() => readMigrations(directory)).toThrow(message);
  });

  it('names the file whose SQL is broken, empty or too long for one transaction', () => {
    expect(() => parseMigration('001-a.sql', "SELECT 'oops")).toThrow(/^001-a.sql: Line 1 opens a quote/);
    expect(() => parseMigration('001-a.sql', '-- later')).toThrow(
      /001-a.sql has 0 statements; it must have 1 to 39/,
    );
    expect(() => parseMigration('001-a.sql', 'SELECT 1;'.repeat(40))).toThrow(/001-a.sql has 40 statements/);
  });

  it('takes the same text with other line ends for the same migration', () => {
    const unix = parseMigration('001-a.sql', 'SELECT\n1;\n');
    expect(parseMigration('001-a.sql', 'SELECT\r\n1;\r\n')).toEqual(unix);
  });
});

describe('pendingMigrations', () => {
  const files = ['001-a.sql', '002-b.sql', '003-c.sql'].map((name) =>
    parseMigration(name, `SELECT '${name}'`),
  );
  const applied = files.map(({ version, name, checksum }) => ({ version, name, checksum }));

  it('are those the ledger does not know, in order', () => {
    expect(pendingMigrations(files, []).map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(pendingMigrations(files, applied.slice(0, 2)).map(({ version }) => version)).toEqual([3]);
    expect(pendingMigrations(files, applied)).toEqual([]);
  });

  it('are none at all when an applied file has changed: the error names it and both checksums', () => {
    const changed = [parseMigration('001-a.sql', 'SELECT 0'), ...files.slice(1)];
    expect(() => pendingMigrations(changed, applied.slice(0, 1))).toThrow(
      `001-a.sql has changed since it was applied as 001-a.sql: checksum ${sha256('SELECT 0')}, ` +
        `applied ${sha256("SELECT '001-a.sql'")}`,
    );
  });

  it('let be what the ledger knows and the files do not, as after a rollback', () => {
    expect(pendingMigrations(files.slice(0, 1), applied)).toEqual([]);
  });
});

it('a migration is written down in the transaction that applies it', () => {
  const migration = parseMigration('001-a.sql', 'SELECT 1; SELECT 2;');
  const [first, second, ledger, ...others] = migrationStatements(migration, "stack's");
  expect([first, second, others]).toEqual(['SELECT 1', 'SELECT 2', []]);
  expect(ledger).toBe(
    'INSERT INTO ops.migrations (version, name, checksum, applied_at, applied_by) VALUES ' +
      `(1, '001-a.sql', '${sha256('SELECT 1; SELECT 2;')}', GETDATE(), 'stack''s')`,
  );
});
