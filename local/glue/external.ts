/** The data catalog as the local warehouse sees it: S3 locations become directories of the local buckets. */
import path from 'node:path';
import { hiveType } from '../firehose/hiveTypes';
import type { ExternalCatalog } from '../redshift';
import type { DataCatalog } from './catalog';

/**
 * @param bucketsDirectory where the local S3 keeps its buckets; objects are plain files in it
 */
export function externalCatalog(catalog: DataCatalog, bucketsDirectory: string): ExternalCatalog {
  return (database) =>
    catalog.tablesOf(database)?.map(({ definition, partitions }) => ({
      name: definition.name,
      columns: definition.columns.map(({ name, type }) => ({ name, duckDbType: hiveType(type).duckdb })),
      partitionKeys: definition.partitionKeys,
      directory: directoryOf(definition.location, bucketsDirectory),
      partitions: [...partitions.values()].map(({ values, location }) => ({
        values,
        directory: directoryOf(location, bucketsDirectory),
      })),
    }));
}

/** @throws Error when it is no S3 location */
function directoryOf(location: string, bucketsDirectory: string): string {
  const match = /^s3:\/\/([^/]+)\/(.*?)\/?$/.exec(location);
  if (match === null) throw new Error(`Location ${location} must look like s3://bucket/prefix/`);
  return path.join(bucketsDirectory, match[1] ?? '', match[2] ?? '');
}
