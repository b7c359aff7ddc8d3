/**
 * Brings the warehouse's schema up to date when the stack is deployed: the two functions behind CDK's `Provider`.
 *
 * Deleting the custom resource does nothing: the schema goes with the cluster or stays with it.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import type {
  CdkCustomResourceEvent,
  CdkCustomResourceIsCompleteEvent,
  CdkCustomResourceIsCompleteResponse,
  CdkCustomResourceResponse,
  Context,
} from 'aws-lambda';
import { MIGRATE_ENV } from '../../lib/contract/names';
import { clientSettings } from '../shared/clients';
import { DataApi } from '../shared/dataApi';
import { requireEnv } from '../shared/environment';
import { createLogger } from '../shared/observability';
import { splitStatements } from '../shared/splitStatements';
import { applyPending, bootstrap, type MigrateCall } from './migrate';
import { readMigrations } from './migrations';

/** Never changes: another id would make CloudFormation delete the old resource. */
const PHYSICAL_RESOURCE_ID = 'warehouse-migrations';

/** Longest a call waits for Redshift; the provider calls again. */
const LONGEST_WAIT_MILLIS = 60_000;
/** Left for the answer when the function's time runs out. */
const ANSWER_MILLIS = 3_000;

/** The migrations lie beside the bundle. */
const MIGRATIONS_DIRECTORY = path.join(__dirname, 'migrations');
/** And what the columns of the models mean. */
const MODEL_COMMENTS_FILE = path.join(__dirname, 'models', 'comments.sql');

const logger = createLogger('migrate');
const dataApi = new DataApi(new RedshiftDataClient(clientSettings()), {
  ClusterIdentifier: requireEnv(MIGRATE_ENV.clusterIdentifier),
  Database: requireEnv(MIGRATE_ENV.databaseName),
  SecretArn: requireEnv(MIGRATE_ENV.adminSecretArn),
});

/** Both variables or neither: see lib/warehouse/migrations.ts. */
const lakeDatabaseName = process.env[MIGRATE_ENV.lakeDatabaseName];
const lake =
  lakeDatabaseName === undefined
    ? {}
    : { lake: { databaseName: lakeDatabaseName, roleArn: requireEnv(MIGRATE_ENV.spectrumRoleArn) } };

/** Checks the files and makes the ledger. */
export async function onEvent(
  event: CdkCustomResourceEvent,
  context: Context,
): Promise<CdkCustomResourceResponse> {
  if (event.RequestType !== 'Delete') {
    readMigrations(MIGRATIONS_DIRECTORY);
    await bootstrap(dataApi, callOf(event, context));
  }
  return { PhysicalResourceId: PHYSICAL_RESOURCE_ID };
}

/** Applies what is due; is called again until all is applied. */
export async function isComplete(
  event: CdkCustomResourceIsCompleteEvent,
  context: Context,
): Promise<CdkCustomResourceIsCompleteResponse> {
  if (event.RequestType === 'Delete') return { IsComplete: true };
  const migrations = readMigrations(MIGRATIONS_DIRECTORY);
  const IsComplete = await applyPending(dataApi, migrations, callOf(event, context));
  logger.info(IsComplete ? 'The schema is up to date' : 'A step still runs', {
    migrations: migrations.length,
  });
  return { IsComplete };
}

function callOf(event: CdkCustomResourceEvent, context: Context): MigrateCall {
  const waitMillis = Math.min(LONGEST_WAIT_MILLIS, context.getRemainingTimeInMillis() - ANSWER_MILLIS);
  return {
    requestId: event.RequestId,
    appliedBy: event.StackId,
    deadlineMillis: Date.now() + waitMillis,
    modelComments: splitStatements(readFileSync(MODEL_COMMENTS_FILE, 'utf8')),
    ...lake,
  };
}
