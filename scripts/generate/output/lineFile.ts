/** A file that lines are written to. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';

export class LineFile {
  /** Bytes written. */
  bytes = 0;
  private readonly descriptor: number;

  /**
   * Opens the file and empties it; its directory is made when needed.
   * @throws Error when it cannot be written
   */
  constructor(readonly file: string) {
    mkdirSync(path.dirname(file), { recursive: true });
    this.descriptor = openSync(file, 'w');
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at);
    this.bytes += bytes.length;
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
