/** The bytes of records: in memory up to a bound, past it in a temporary file. */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Where a record's bytes are. */
export type StoredBytes = Buffer | { readonly position: number; readonly length: number };

export class RecordBytes {
  private bytesInMemory = 0;
  private descriptor: number | undefined;
  private fileEnd = 0;

  constructor(private readonly maxBytesInMemory: number) {}

  store(data: Buffer): StoredBytes {
    if (this.bytesInMemory + data.length <= this.maxBytesInMemory) {
      this.bytesInMemory += data.length;
      return data;
    }
    this.descriptor ??= openNamelessFile();
    const position = this.fileEnd;
    let written = 0;
    while (written < data.length) {
      written += writeSync(this.descriptor, data, written, data.length - written, position + written);
    }
    this.fileEnd += data.length;
    return { position, length: data.length };
  }

  /** @throws Error when the file is shorter than what was written to it */
  load(stored: StoredBytes): Buffer {
    if (Buffer.isBuffer(stored)) return stored;
    const { position, length } = stored;
    const data = Buffer.allocUnsafe(length);
    let read = 0;
    while (read < length) {
      const count = readSync(this.descriptor ?? -1, data, read, length - read, position + read);
      if (count === 0)
        throw new Error(`The records' file ends at ${position + read}, before ${position + length}`);
      read += count;
    }
    return data;
  }

  /** Gives memory back; a file is not shortened before `close`. */
  release(stored: StoredBytes): void {
    if (Buffer.isBuffer(stored)) this.bytesInMemory -= stored.length;
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}

/** A file that is gone when its descriptor is, even if the process is killed. */
function openNamelessFile(): number {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'kinesis-records-'));
  const descriptor = openSync(path.join(directory, 'records'), 'w+');
  rmSync(directory, { recursive: true });
  return descriptor;
}
