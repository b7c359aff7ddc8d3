/** The DuckDB database behind the local warehouse, set up to compute as Redshift does. */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { CATALOG_DDL } from './catalogTables';
import { quoteIdentifier, stringLiteral } from './sql/lexer';
import { MACROS } from './sql/macros';
import { systemViewDdl } from './systemViews';

export interface EngineOptions {
  /** DuckDB file; made with its directory when missing, unless `readOnly`. */
  readonly file: string;
  /** Redshift's name of the database. */
  readonly databaseName: string;
  readonly readOnly: boolean;
  /** Most memory DuckDB takes before it spills to disk beside the file. */
  readonly memoryLimitMebibytes: number;
  readonly threads: number;
}

/** Redshift sorts nulls as the largest value, divides integers as integers, and keeps UTC. */
const SETTINGS = [
  `SET GLOBAL default_null_order = 'nulls_last_on_asc_first_on_desc'`,
  `SET GLOBAL integer_division = true`,
  `SET GLOBAL TimeZone = 'UTC'`,
  // Nothing is fetched at run time.
  `SET GLOBAL autoinstall_known_extensions = false`,
  `SET GLOBAL autoload_known_extensions = false`,
];

/** The in-memory database that holds the macros and system views. */
const MEMORY_CATALOG = 'memory';

export class Engine {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly options: EngineOptions,
  ) {}

  /** @throws Error when the file is missing and `readOnly`, is no such database, or is in use by another process */
  static async open(options: EngineOptions): Promise<Engine> {
    if (!options.readOnly) mkdirSync(path.dirname(options.file), { recursive: true });
    else if (!existsSync(options.file)) throw new Error(`There is no warehouse at ${options.file}`);
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${options.memoryLimitMebibytes}MiB`,
      threads: String(options.threads),
      temp_directory: `${options.file}.tmp`,
    });
    const engine = new Engine(instance, options);
    try {
      await engine.prepare();
    } catch (error) {
      instance.closeSync();
      throw error;
    }
    return engine;
  }

  private async prepare(): Promise<void> {
    const { file, databaseName, readOnly } = this.options;
    const connection = await this.instance.connect();
    for (const setting of SETTINGS) await connection.run(setting);
    for (const macro of MACROS) await connection.run(`CREATE MACRO ${macro}`);
    const database = quoteIdentifier(databaseName);
    // SUPER is stored as VARIANT, which older storage does not have.
    const mode = readOnly ? 'READ_ONLY' : `STORAGE_VERSION 'v1.5.0'`;
    await connection.run(`ATTACH ${stringLiteral(file)} AS ${database} (${mode})`);
    if (!readOnly) {
      await connection.run(`USE ${database}`);
      for (const statement of CATALOG_DDL) await connection.run(statement);
    }
    for (const statement of systemViewDdl(MEMORY_CATALOG, databaseName)) await connection.run(statement);
    connection.closeSync();
  }

  /** A connection with its own temporary tables; the caller closes it. */
  async connect(): Promise<DuckDBConnection> {
    const connection = await this.instance.connect();
    const database = quoteIdentifier(this.options.databaseName);
    await connection.run(`SET search_path = '${database}.public,${MEMORY_CATALOG}.main'`);
    return connection;
  }

  close(): void {
    this.instance.closeSync();
  }
}
