/** The Redshift Data API on loopback, for the unchanged AWS SDK, over the local warehouse. */

import { DATA_API_BATCH_STATEMENTS, DATA_API_STATEMENT_BYTES } from '../../../lib/contract/limits';
import { DAY_MILLIS } from '../../../lib/contract/units';
import type { FaultHook } from '../../http/faults';
import { startJsonService } from '../../http/jsonService';
import type { LoopbackServer } from '../../http/loopbackServer';
import type { ResolveS3 } from '../session';
import { openWarehouse, type Warehouse, type WarehouseOptions } from '../warehouse';
import { dataApiOperations } from './operations';
import { type StatementFaults, StatementStore } from './statements';

export interface RedshiftDataServerOptions
  extends Pick<WarehouseOptions, 'adminUser' | 'externalCatalog' | 'memoryLimitMebibytes' | 'threads'> {
  /** DuckDB file; made when missing. */
  readonly databaseFile: string;
  /** The only cluster it answers for. */
  readonly clusterIdentifier: string;
  readonly databaseName: string;
  /** Where an S3 object lies, for COPY; undefined when there is none. */
  readonly resolveS3: ResolveS3;
  /** 0 or left out takes any free port. */
  readonly port?: number;
  readonly faults?: FaultHook;
  readonly statementFaults?: StatementFaults;
}

export interface RedshiftDataServer extends LoopbackServer {
  /** The warehouse behind it, for callers in the same process. */
  readonly warehouse: Warehouse;
}

/** AWS keeps results 24 hours. */
const KEEP_MILLIS = DAY_MILLIS;
const MAX_KEPT_STATEMENTS = 500;

/** Starts the server. Any SecretArn signs in as the admin; a DbUser must have been created. */
export async function startRedshiftDataServer(
  options: RedshiftDataServerOptions,
): Promise<RedshiftDataServer> {
  const {
    databaseFile,
    clusterIdentifier,
    databaseName,
    resolveS3,
    port,
    faults,
    statementFaults,
    ...tuning
  } = options;
  const warehouse = await openWarehouse({ ...tuning, file: databaseFile, databaseName, resolveS3 });
  const statements = new StatementStore(warehouse, {
    keepMillis: KEEP_MILLIS,
    maxKept: MAX_KEPT_STATEMENTS,
    nowMillis: Date.now,
    ...(statementFaults ? { faults: statementFaults } : {}),
  });
  const cluster = { clusterIdentifier, databaseName, adminUser: warehouse.adminUser };
  const server = await startJsonService({
    targetPrefix: 'RedshiftData',
    jsonVersion: '1.1',
    // JSON may escape each character of a statement.
    maxBodyBytes: DATA_API_BATCH_STATEMENTS * DATA_API_STATEMENT_BYTES * 6,
    operations: dataApiOperations(cluster, warehouse, statements),
    ...(faults ? { faults } : {}),
    ...(port === undefined ? {} : { port }),
  });
  return {
    url: server.url,
    warehouse,
    async close() {
      await statements.close();
      await server.close();
      await warehouse.close();
    },
  };
}
