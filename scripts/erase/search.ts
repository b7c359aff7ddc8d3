/** Looks for somebody's events in one partition of the lake: in every version of every object. */
import { parquetMetadataAsync } from 'hyparquet';
import { findRows } from '../../lib/erasure/parquet/find';
import { UnreadableParquetError } from '../../lib/erasure/parquet/values';
import { isArchived, type Lake, type ObjectVersion } from './lake';
import { eraseOriginals, UnreadableOriginalsError } from './originals';
import type { NotSearched, PartitionRecord } from './records';
import type { Owner } from './subject';

/** A version that holds the owner's events. */
export interface Hit {
  readonly version: ObjectVersion;
  /** Rows, or events in originals. */
  readonly found: number;
  readonly unopenable: number;
}

/** What a partition holds. */
export interface SearchedPartition {
  readonly record: PartitionRecord;
  readonly hits: readonly Hit[];
}

/** Objects looked at at once. */
const CONCURRENCY = 8;
/** End of a Parquet object that is fetched first: holds the footer, as a rule. */
const TAIL_BYTES = 64 * 1024;
/** The version was changed or deleted between listing and reading it. */
const CHANGED: ReadonlySet<string> = new Set(['NoSuchKey', 'NoSuchVersion', 'PreconditionFailed']);

/** Whether an object holds rows; other objects hold originals. */
export function isParquet(key: string): boolean {
  return key.endsWith('.parquet');
}

/**
 * Searches all versions below a prefix. Of a key whose current version holds something, older ones are not read: they
 * go in any case.
 */
export async function searchPartition(lake: Lake, prefix: string, owner: Owner): Promise<SearchedPartition> {
  const byKey = await lake.versions(prefix);
  const hits: Hit[] = [];
  const notSearched: NotSearched[] = [];
  const queue = byKey.values();
  const work = async () => {
    for (const versions of queue) {
      for (const version of versions) {
        if (version.isDeleteMarker) continue;
        const result = await searchVersion(lake, version, owner);
        if (typeof result === 'string') {
          notSearched.push({ key: version.key, versionId: version.versionId, reason: result });
        } else if (result !== undefined) {
          hits.push(result);
          if (version.isLatest) break;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  const versions = [...byKey.values()].flat();
  const bytes = versions.reduce((total, version) => total + version.bytes, 0);
  const record = { prefix, objects: byKey.size, versions: versions.length, bytes, notSearched };
  return { record, hits: hits.sort((a, b) => (a.version.key < b.version.key ? -1 : 1)) };
}

/** A hit, nothing, or why it could not be searched. */
async function searchVersion(
  lake: Lake,
  version: ObjectVersion,
  owner: Owner,
): Promise<Hit | string | undefined> {
  if (isArchived(version)) return `it is in storage class ${version.storageClass}: restore it and run again`;
  try {
    const found = isParquet(version.key)
      ? { found: await countRows(lake, version, owner), unopenable: 0 }
      : await countEvents(lake, version, owner);
    return found.found + found.unopenable > 0 ? { version, ...found } : undefined;
  } catch (error) {
    if (error instanceof UnreadableParquetError || error instanceof UnreadableOriginalsError) {
      return error.message;
    }
    if (error instanceof Error && CHANGED.has(error.name)) {
      return 'it changed while it was searched: run again';
    }
    throw error;
  }
}

async function countRows(lake: Lake, version: ObjectVersion, owner: Owner): Promise<number> {
  const file = lake.source(version);
  const metadata = await parquetMetadataAsync(file, { initialFetchSize: TAIL_BYTES }).catch((cause) => {
    if (cause instanceof Error && ('$metadata' in cause || CHANGED.has(cause.name))) throw cause;
    throw new UnreadableParquetError(`it is no Parquet file: ${cause}`, { cause });
  });
  const rows = await findRows(file, metadata, owner);
  return [...rows.values()].reduce((total, group) => total + group.size, 0);
}

async function countEvents(lake: Lake, version: ObjectVersion, owner: Owner) {
  const { bytes } = await lake.read(version);
  const { events, unopenable } = eraseOriginals(bytes, owner);
  return { found: events, unopenable };
}
