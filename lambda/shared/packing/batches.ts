/** Groups entries into requests that keep PutRecords' limits. */
import { KINESIS_PUT_RECORDS_BYTES, KINESIS_PUT_RECORDS_COUNT } from '../../../lib/contract/limits';
import type { PackedEntry } from './types';

/** Bytes of an entry as Kinesis counts them: data and partition key. */
function entryBytes(entry: PackedEntry): number {
  return entry.data.length + Buffer.byteLength(entry.partitionKey);
}

/** Bytes of entries as Kinesis counts them. */
export function totalBytes(entries: readonly PackedEntry[]): number {
  return entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
}

/**
 * Groups entries, in order, into batches of at most 500 entries and 10 MiB.
 * @param targetBytes asked before each entry: a batch that holds this much already is closed; a batch holds at
 *   least one entry
 */
export async function* batchEntries(
  entries: AsyncIterable<PackedEntry>,
  targetBytes: () => number,
): AsyncGenerator<PackedEntry[], void> {
  let batch: PackedEntry[] = [];
  let bytes = 0;
  for await (const entry of entries) {
    const size = entryBytes(entry);
    const limit = Math.min(targetBytes(), KINESIS_PUT_RECORDS_BYTES);
    if (batch.length > 0 && (bytes + size > limit || batch.length === KINESIS_PUT_RECORDS_COUNT)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
