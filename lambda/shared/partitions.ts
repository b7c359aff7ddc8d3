/**
 * Registers the hour partitions of the lake in the Glue catalog: Redshift Spectrum sees no others. Used by the loader
 * for what it loads, and by a command for what was there before.
 */
import {
  BatchCreatePartitionCommand,
  GetTableCommand,
  type GlueClient,
  type PartitionError,
  type StorageDescriptor,
} from '@aws-sdk/client-glue';
import { EVENTS_PREFIX, EVENTS_TABLE_NAME, PARTITION_KEYS } from '../../lib/contract/lakeLayout';

/** Partitions one BatchCreatePartition takes (API reference). */
const MAX_BATCH = 100;

const PARTITION = new RegExp(`^${EVENTS_PREFIX}${PARTITION_KEYS.map((key) => `${key}=([0-9]+)/`).join('')}`);

/** A partition of the events by hour. */
export interface HourPartition {
  /** Year, month, day and hour, as `PARTITION_KEYS` has them. */
  readonly values: readonly string[];
  /** Common beginning of its keys, ending with a slash. */
  readonly prefix: string;
}

/** Partitions that were not registered; what is registered stays so. */
export class PartitionsError extends Error {
  override readonly name = 'PartitionsError';
}

/** The partition a key lies in; undefined when it is in none. */
export function hourPartition(key: string): HourPartition | undefined {
  const match = PARTITION.exec(key);
  if (match === null) return undefined;
  const [prefix, ...values] = match;
  return { values, prefix };
}

/** Registers partitions, each once in the life of this object. */
export class Partitions {
  private readonly registered = new Set<string>();

  /**
   * @param databaseName Glue database of the events table
   * @param bucketName bucket of the lake
   */
  constructor(
    private readonly glue: GlueClient,
    private readonly databaseName: string,
    private readonly bucketName: string,
  ) {}

  /**
   * Registers the partitions of objects; one that is known to the catalog already stays as it is.
   * @returns how many this object had not registered before
   * @throws PartitionsError when the catalog refused some; other errors of the catalog pass through
   */
  async register(keys: Iterable<string>): Promise<number> {
    const found = new Map<string, HourPartition>();
    for (const key of keys) {
      const partition = hourPartition(key);
      if (partition !== undefined && !this.registered.has(partition.prefix))
        found.set(partition.prefix, partition);
    }
    if (found.size === 0) return 0;
    const storage = await this.storage();
    const partitions = [...found.values()];
    for (let start = 0; start < partitions.length; start += MAX_BATCH) {
      await this.create(partitions.slice(start, start + MAX_BATCH), storage);
    }
    return partitions.length;
  }

  /** How the table's objects are read: partitions are read the same way, from places of their own. */
  private async storage(): Promise<StorageDescriptor> {
    const { Table } = await this.glue.send(
      new GetTableCommand({ DatabaseName: this.databaseName, Name: EVENTS_TABLE_NAME }),
    );
    if (Table?.StorageDescriptor === undefined) {
      throw new PartitionsError(
        `Glue table ${this.databaseName}.${EVENTS_TABLE_NAME} has no storage descriptor`,
      );
    }
    return Table.StorageDescriptor;
  }

  private async create(partitions: readonly HourPartition[], storage: StorageDescriptor): Promise<void> {
    const { Errors = [] } = await this.glue.send(
      new BatchCreatePartitionCommand({
        DatabaseName: this.databaseName,
        TableName: EVENTS_TABLE_NAME,
        PartitionInputList: partitions.map(({ values, prefix }) => ({
          Values: [...values],
          StorageDescriptor: { ...storage, Location: `s3://${this.bucketName}/${prefix}` },
        })),
      }),
    );
    const refused = Errors.filter(({ ErrorDetail }) => ErrorDetail?.ErrorCode !== 'AlreadyExistsException');
    const refusedValues = new Set(refused.map(valuesKey));
    for (const { values, prefix } of partitions) {
      if (!refusedValues.has(values.join('/'))) this.registered.add(prefix);
    }
    const [first] = refused;
    if (first === undefined) return;
    throw new PartitionsError(
      `Glue refused ${refused.length} of ${partitions.length} partitions. The first, ${valuesKey(first)}: ` +
        `${first.ErrorDetail?.ErrorCode} ${first.ErrorDetail?.ErrorMessage}`,
    );
  }
}

function valuesKey({ PartitionValues = [] }: PartitionError): string {
  return PartitionValues.join('/');
}
