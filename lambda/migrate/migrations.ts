/** Migrations as files and as the ledger knows them: which are due, and what must not be. Pure but for one read. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DATA_API_BATCH_STATEMENTS } from '../../lib/contract/limits';
import { WAREHOUSE } from '../../lib/contract/names';
import { literal } from '../../lib/contract/sqlText';
import { messageOf } from '../../lib/contract/words';
import { splitStatements } from '../shared/splitStatements';
import { MigrationError } from './migrationError';

/** A file `NNN-name.sql`. */
export interface Migration {
  readonly version: number;
  /** File name. */
  readonly name: string;
  /** SHA-256 of the text, hex. */
  readonly checksum: string;
  readonly statements: readonly string[];
}

/** A row of the ledger. */
export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

const FILE_NAME = /^(\d{3})-[a-z0-9]+(-[a-z0-9]+)*\.sql$/;

/** A migration runs in one transaction with its ledger row, so it has one statement less than the Data API takes. */
export const MAX_MIGRATION_STATEMENTS = DATA_API_BATCH_STATEMENTS - 1;

/**
 * One migration from its file name and text.
 * @throws MigrationError when the name is not `NNN-name.sql`, or it holds no statement or too many
 */
export function parseMigration(name: string, text: string): Migration {
  const version = FILE_NAME.exec(name)?.[1];
  if (version === undefined) {
    throw new MigrationError(
      `${name} is no name of a migration: it must look like 004-what-it-does.sql (lower case)`,
    );
  }
  // The same file checked out with other line ends is the same migration.
  const unixText = text.replaceAll('\r\n', '\n');
  const statements = statementsOf(name, unixText);
  if (statements.length === 0 || statements.length > MAX_MIGRATION_STATEMENTS) {
    throw new MigrationError(
      `${name} has ${statements.length} statements; it must have 1 to ${MAX_MIGRATION_STATEMENTS}, ` +
        'because it runs in one transaction: split it',
    );
  }
  const checksum = createHash('sha256').update(unixText).digest('hex');
  return { version: Number(version), name, checksum, statements };
}

function statementsOf(name: string, text: string): string[] {
  try {
    return splitStatements(text);
  } catch (error) {
    throw new MigrationError(`${name}: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * The migrations of a directory, in order.
 * @throws MigrationError when one is malformed, or the numbers do not run 1, 2, 3 ...
 */
export function readMigrations(directory: string): Migration[] {
  const migrations = readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => parseMigration(name, readFileSync(path.join(directory, name), 'utf8')));
  for (const [index, { version, name }] of migrations.entries()) {
    if (version !== index + 1) {
      const previous = migrations[index - 1]?.name ?? 'the beginning';
      throw new MigrationError(
        `${name} follows ${previous}: its number must be ${String(index + 1).padStart(3, '0')}`,
      );
    }
  }
  return migrations;
}

/**
 * Migrations that are still to be applied, in order.
 *
 * Versions the ledger knows and the files do not are let be: that is what a rolled back deployment looks like, and
 * refusing it would leave the stack unable to roll back.
 * @throws MigrationError when a file has changed since it was applied
 */
export function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): Migration[] {
  const ledger = new Map(applied.map((row) => [row.version, row]));
  for (const { version, name, checksum } of migrations) {
    const row = ledger.get(version);
    if (row !== undefined && row.checksum !== checksum) {
      throw new MigrationError(
        `${name} has changed since it was applied as ${row.name}: checksum ${checksum}, applied ${row.checksum}. ` +
          'Restore the file and put the change into a new migration',
      );
    }
  }
  return migrations.filter(({ version }) => !ledger.has(version));
}

/** Makes the ledger when there is none. */
export function bootstrapStatements(): string[] {
  return [
    `CREATE SCHEMA IF NOT EXISTS ${WAREHOUSE.opsSchema}`,
    `CREATE TABLE IF NOT EXISTS ${WAREHOUSE.migrationsTable} (
  version INTEGER NOT NULL,
  name VARCHAR(255) NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  applied_at TIMESTAMP NOT NULL,
  applied_by VARCHAR(512) NOT NULL
) DISTSTYLE ALL`,
  ];
}

/** Reads the ledger. */
export function ledgerQuery(): string {
  return `SELECT version, name, checksum FROM ${WAREHOUSE.migrationsTable} ORDER BY version`;
}

/**
 * What applies one migration and writes it down, to be run in one transaction.
 * @param appliedBy who or what asked for it
 */
export function migrationStatements(migration: Migration, appliedBy: string): string[] {
  const { version, name, checksum, statements } = migration;
  return [
    ...statements,
    `INSERT INTO ${WAREHOUSE.migrationsTable} (version, name, checksum, applied_at, applied_by) ` +
      `VALUES (${version}, ${literal(name)}, ${literal(checksum)}, GETDATE(), ${literal(appliedBy.slice(0, 256))})`,
  ];
}
