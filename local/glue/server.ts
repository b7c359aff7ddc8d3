/** Glue's data catalog on loopback, for the unchanged AWS SDK: what registering partitions needs. */
import { AwsError } from '../http/awsError';
import type { FaultHook } from '../http/faults';
import { startJsonService } from '../http/jsonService';
import type { LoopbackServer } from '../http/loopbackServer';
import {
  isObject,
  type JsonObject,
  objectList,
  optionalInteger,
  optionalText,
  requiredText,
  textList,
  validationError,
} from '../http/members';
import type { CatalogTable, DataCatalog, Partition } from './catalog';

/** Partitions one BatchCreatePartition takes (API reference). */
const MAX_BATCH = 100;
/** Partitions on a page of GetPartitions (API reference). */
const MAX_PAGE = 1_000;
const MAX_REQUEST_BODY_BYTES = 5 * 1024 * 1024;

export interface GlueServerOptions {
  readonly catalog: DataCatalog;
  readonly faults?: FaultHook;
  /** @default any free port */
  readonly port?: number;
}

/** Starts the server. */
export function startGlueServer({ catalog, faults, port }: GlueServerOptions): Promise<LoopbackServer> {
  return startJsonService({
    targetPrefix: 'AWSGlue',
    jsonVersion: '1.1',
    maxBodyBytes: MAX_REQUEST_BODY_BYTES,
    operations: {
      GetTable: (input) => getTable(catalog, input),
      BatchCreatePartition: (input) => batchCreatePartition(catalog, input),
      GetPartitions: (input) => getPartitions(catalog, input),
    },
    ...(faults ? { faults } : {}),
    ...(port === undefined ? {} : { port }),
  });
}

function getTable(catalog: DataCatalog, input: JsonObject) {
  const { definition } = catalog.table(requiredText(input, 'DatabaseName'), requiredText(input, 'Name'));
  return {
    Table: {
      Name: definition.name,
      DatabaseName: definition.databaseName,
      PartitionKeys: definition.partitionKeys.map((Name) => ({ Name, Type: 'string' })),
      StorageDescriptor: storageDescriptor(definition, definition.location),
    },
  };
}

async function batchCreatePartition(catalog: DataCatalog, input: JsonObject) {
  const database = requiredText(input, 'DatabaseName');
  const table = requiredText(input, 'TableName');
  const list = objectList(input, 'PartitionInputList');
  if (list.length > MAX_BATCH) {
    throw validationError(
      'PartitionInputList',
      list.length,
      `have length less than or equal to ${MAX_BATCH}`,
    );
  }
  const { definition } = catalog.table(database, table);
  const existing = await catalog.register(
    database,
    table,
    list.map((one) => partitionOf(one, definition)),
  );
  return {
    Errors: existing.map(({ values }) => ({
      PartitionValues: values,
      ErrorDetail: { ErrorCode: 'AlreadyExistsException', ErrorMessage: 'Partition already exists.' },
    })),
  };
}

function getPartitions(catalog: DataCatalog, input: JsonObject) {
  const { definition, partitions } = catalog.table(
    requiredText(input, 'DatabaseName'),
    requiredText(input, 'TableName'),
  );
  const size = optionalInteger(input, 'MaxResults', 1, MAX_PAGE) ?? MAX_PAGE;
  const start = Number(optionalText(input, 'NextToken') ?? 0);
  if (!Number.isInteger(start))
    throw new AwsError('InvalidInputException', 'NextToken is not one given here');
  const all = [...partitions.values()];
  const page = all.slice(start, start + size);
  const end = start + page.length;
  return {
    Partitions: page.map(({ values, location }) => ({
      DatabaseName: definition.databaseName,
      TableName: definition.name,
      Values: values,
      StorageDescriptor: storageDescriptor(definition, location),
    })),
    ...(end < all.length ? { NextToken: String(end) } : {}),
  };
}

function partitionOf(input: JsonObject, definition: CatalogTable['definition']): Partition {
  const { StorageDescriptor } = input;
  const location = isObject(StorageDescriptor) ? optionalText(StorageDescriptor, 'Location') : undefined;
  return { values: textList(input, 'Values'), location: location ?? definition.location };
}

function storageDescriptor({ columns }: CatalogTable['definition'], Location: string) {
  return { Columns: columns.map(({ name: Name, type: Type }) => ({ Name, Type })), Location };
}
