/** The data catalog of the account: tables as the templates define them, partitions as they are registered. */
import path from 'node:path';
import { AwsError } from '../http/awsError';
import { Journal } from '../storage/journal';
import type { TableDefinition } from '../template/definitions';

/** A registered partition of a table. */
export interface Partition {
  /** In the order of the table's partition keys. */
  readonly values: readonly string[];
  /** Where its objects lie, such as `s3://lake/events/year=2026/`. */
  readonly location: string;
}

interface Entry extends Partition {
  readonly database: string;
  readonly table: string;
}

/** A table with what is registered of it. */
export interface CatalogTable {
  readonly definition: TableDefinition;
  /** By their values, in the order they were registered. */
  readonly partitions: ReadonlyMap<string, Partition>;
}

/** Tables and partitions. Partitions outlive a process. */
export class DataCatalog {
  private readonly tables = new Map<
    string,
    { definition: TableDefinition; partitions: Map<string, Partition> }
  >();
  private readonly journal: Journal<Entry>;

  /**
   * @param directory where the partitions are kept
   * @param onChange waited for after partitions were registered
   */
  constructor(
    directory: string,
    definitions: readonly TableDefinition[],
    private readonly onChange: () => Promise<void> = async () => {},
  ) {
    for (const definition of definitions) {
      this.tables.set(tableKey(definition.databaseName, definition.name), {
        definition,
        partitions: new Map(),
      });
    }
    this.journal = Journal.open<Entry>(path.join(directory, 'partitions.jsonl'), (entry) => this.keep(entry));
  }

  /** @throws AwsError EntityNotFoundException */
  table(database: string, name: string): CatalogTable {
    const table = this.tables.get(tableKey(database, name));
    if (table) return table;
    throw new AwsError('EntityNotFoundException', `Table ${database}.${name} not found.`);
  }

  /** Tables of a database; undefined when there is no such database. */
  tablesOf(database: string): CatalogTable[] | undefined {
    const tables = [...this.tables.values()].filter(({ definition }) => definition.databaseName === database);
    return tables.length === 0 ? undefined : tables;
  }

  /**
   * Registers partitions.
   * @returns those that were registered already, and stay as they are
   * @throws AwsError EntityNotFoundException, or InvalidInputException when values do not fit the partition keys
   */
  async register(database: string, name: string, partitions: readonly Partition[]): Promise<Partition[]> {
    const { definition, partitions: registered } = this.table(database, name);
    for (const { values } of partitions) {
      if (values.length === definition.partitionKeys.length) continue;
      throw new AwsError(
        'InvalidInputException',
        'The number of partition keys do not match the number of partition values',
      );
    }
    const existing: Partition[] = [];
    for (const partition of partitions) {
      if (registered.has(partitionKey(partition))) {
        existing.push(partition);
        continue;
      }
      const entry = { ...partition, database, table: name };
      this.journal.append(entry);
      this.keep(entry);
    }
    if (existing.length < partitions.length) await this.onChange();
    return existing;
  }

  close(): void {
    this.journal.close();
  }

  /** A table that the templates no longer define is forgotten with its partitions. */
  private keep({ database, table, values, location }: Entry): void {
    this.tables
      .get(tableKey(database, table))
      ?.partitions.set(partitionKey({ values }), { values, location });
  }
}

function tableKey(database: string, name: string): string {
  return `${database}.${name}`;
}

function partitionKey({ values }: Pick<Partition, 'values'>): string {
  return JSON.stringify(values);
}
