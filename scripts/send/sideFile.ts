/** A file beside the main work, for what did not go the usual way. Made when the first line is written. */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Only its owner may read it: lines of logs hold addresses. */
const OWNER_ONLY = 0o600;

export class SideFile {
  private descriptor: number | undefined;

  /**
   * @param file path; its directory is made when needed
   * @param mode "replace" removes what an earlier run left, at once; "append" keeps it
   */
  constructor(
    readonly file: string,
    mode: 'replace' | 'append',
  ) {
    if (mode === 'replace') rmSync(file, { force: true });
  }

  /** True once something was written. */
  get isUsed(): boolean {
    return this.descriptor !== undefined;
  }

  /** Appends text. */
  write(text: string): void {
    if (this.descriptor === undefined) {
      mkdirSync(path.dirname(this.file), { recursive: true });
      this.descriptor = openSync(this.file, 'a', OWNER_ONLY);
    }
    writeSync(this.descriptor, text);
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
  }
}
