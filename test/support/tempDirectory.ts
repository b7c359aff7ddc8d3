import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A directory for a test file, removed after its last test. */
export function tempDirectory(name: string): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), `${name}-`));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
