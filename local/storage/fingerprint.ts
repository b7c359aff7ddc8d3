/** Tells whether files have changed. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * A digest of the names and contents of files.
 * @param root what inputs are relative to
 * @param inputs files, and directories with all files below them
 * @param salt whatever else makes a difference
 */
export async function fingerprintOf(root: string, inputs: readonly string[], salt: string): Promise<string> {
  const digest = createHash('sha256').update(salt);
  for (const input of inputs) {
    for (const file of await filesBelow(path.join(root, input))) {
      digest.update(`\0${path.relative(root, file)}\0`).update(await readFile(file));
    }
  }
  return digest.digest('hex');
}

async function filesBelow(root: string): Promise<string[]> {
  if ((await stat(root)).isFile()) return [root];
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
