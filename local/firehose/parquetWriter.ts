/** Writes Parquet from JSON lines with DuckDB. */
import { DuckDBInstance } from '@duckdb/node-api';
import { LAMBDA_PAYLOAD_BYTES } from '../../lib/contract/limits';
import type { ConversionDefinition } from '../template/definitions';
import { hiveType } from './hiveTypes';

/** Memory DuckDB may take for one conversion. */
const MEMORY_LIMIT = '160MB';

/** Longest line: the function's whole answer could be one. */
const MAX_LINE_BYTES = LAMBDA_PAYLOAD_BYTES;

/** Firehose's row groups are as large as its buffers; a laptop holds one in memory while it writes it. */
const ROW_GROUP_ROWS = 16_384;

/** An in-memory DuckDB that converts files, one after the other. */
export class ParquetWriter {
  private constructor(private readonly database: DuckDBInstance) {}

  static async open(): Promise<ParquetWriter> {
    return new ParquetWriter(
      await DuckDBInstance.create(':memory:', { memory_limit: MEMORY_LIMIT, threads: '2' }),
    );
  }

  /**
   * Converts a file.
   * @param jsonLines file with one JSON object a line, its keys column names, its values fitting
   * @param parquet file to write
   * @throws Error when a line does not fit after all: a defect of the deserializer
   */
  async convert(
    jsonLines: string,
    parquet: string,
    { table, compression }: ConversionDefinition,
  ): Promise<void> {
    const columns = table.columns
      .map(({ name, type }) => `${quoted(name.toLowerCase())}: '${hiveType(type).duckdb}'`)
      .join(', ');
    const connection = await this.database.connect();
    try {
      await connection.run(
        `COPY (SELECT * FROM read_json(${quoted(jsonLines)}, format = 'newline_delimited',
           maximum_object_size = ${MAX_LINE_BYTES}, columns = {${columns}}))
         TO ${quoted(parquet)} (FORMAT parquet, COMPRESSION ${compression.toLowerCase()}, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
      );
    } finally {
      connection.closeSync();
    }
  }

  close(): void {
    this.database.closeSync();
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
