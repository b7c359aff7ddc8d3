/** An order-independent checksum over rows: the same before and after, when nothing else was lost or changed. */
import { createHash } from 'node:crypto';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import type { RowSelection } from './rewrite';
import { leafNames, readStoredColumns, type StoredValue } from './values';

/** Rows, and the sum of their SHA-256 prefixes modulo 2^128 as hex digits. */
export interface RowsChecksum {
  readonly rows: number;
  readonly checksum: string;
}

const HASH_BYTES = 16;
const MODULUS = 1n << 128n;

/**
 * Checksum over the stored values of all rows but `except`.
 * @throws UnreadableParquetError
 */
export async function checksumRows(
  file: AsyncBuffer,
  metadata: FileMetaData,
  except: RowSelection = new Map(),
): Promise<RowsChecksum> {
  const names = leafNames(metadata);
  let rows = 0;
  let sum = 0n;
  for (const [index, group] of metadata.row_groups.entries()) {
    const columns = await readStoredColumns(file, metadata, index);
    const values = names.map((name) => columns.get(name) ?? []);
    const left = except.get(index);
    for (let row = 0; row < Number(group.num_rows); row++) {
      if (left?.has(row)) continue;
      const hash = createHash('sha256');
      for (const column of values) addValue(hash, column[row]);
      sum = (sum + BigInt(`0x${hash.digest('hex').slice(0, HASH_BYTES * 2)}`)) % MODULUS;
      rows++;
    }
  }
  return { rows, checksum: sum.toString(16).padStart(HASH_BYTES * 2, '0') };
}

/** Length first, so that two values beside each other are not taken for two others. */
function addValue(hash: ReturnType<typeof createHash>, value: StoredValue): void {
  if (value instanceof Uint8Array) hash.update(`${value.length}:`).update(value);
  else if (value === null || value === undefined) hash.update('-;');
  // -0 and 0 are different bits.
  else hash.update(Object.is(value, -0) ? '-0;' : `${value};`);
}
