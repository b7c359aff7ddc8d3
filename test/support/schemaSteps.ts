/** The warehouse's schema as an empty warehouse gets it, for tests that run SQL without a deployment. */
import path from 'node:path';
import { commentStatements, eventsTableSteps } from '../../lambda/migrate/eventsTable';
import { bootstrapStatements, migrationStatements, readMigrations } from '../../lambda/migrate/migrations';
import { storedEvents } from '../../lambda/shared/eventSlices';

/** The project's migrations. */
export const MIGRATIONS = readMigrations(path.resolve(__dirname, '..', '..', 'sql', 'migrations'));

/** The steps of a first deployment, each a transaction. */
export function schemaSteps(): string[][] {
  return [
    bootstrapStatements(),
    ...eventsTableSteps(storedEvents([])),
    ...MIGRATIONS.map((migration) => migrationStatements(migration, 'test')),
    ...commentStatements().map((statement) => [statement]),
  ];
}
