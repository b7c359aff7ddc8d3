/** Bytes at hand, as the Parquet reader wants them. */
import type { AsyncBuffer } from 'hyparquet';

/** A buffer of its own with the same bytes. */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

/** A whole file in memory as a source to read from. */
export function memorySource(file: Uint8Array): AsyncBuffer {
  return {
    byteLength: file.byteLength,
    slice: (start, end) => bufferOf(file.subarray(start, end)),
  };
}
