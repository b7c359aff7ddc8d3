/** The local stand-in for Redshift: its SQL over DuckDB, and its Data API on loopback. */
export {
  type RedshiftDataServer,
  type RedshiftDataServerOptions,
  startRedshiftDataServer,
} from './dataApi/server';
export type { ExternalCatalog, ExternalTable } from './externalTables';
export {
  BatchError,
  openWarehouse,
  type ResultColumn,
  type ResultValue,
  type StatementResult,
  type Warehouse,
  type WarehouseOptions,
} from './warehouse';
