/** Brings a bucket's index in line with the files on disk when a server starts. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ObjectIndex, StoredObject } from './objectIndex';

/** Content type of an object whose uploader gave none. */
export const DEFAULT_CONTENT_TYPE = 'binary/octet-stream';

/**
 * Drops objects whose file is gone and takes up files that the index does not know or knows otherwise: a server
 * killed between moving a file into place and writing its journal leaves such files.
 * @returns the objects taken up, with metadata derived from their bytes
 */
export function adoptChangedFiles(root: string, bucket: string, index: ObjectIndex): StoredObject[] {
  for (const object of [...index.objects()]) {
    if (!existsSync(path.join(root, object.file))) index.delete(object.key);
  }
  const adopted: StoredObject[] = [];
  for (const entry of readdirSync(path.join(root, bucket), { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const absolute = path.join(entry.parentPath, entry.name);
    const file = path.relative(root, absolute);
    const { size, mtimeMs } = statSync(absolute);
    const known = index.ofFile(file);
    if (known && known.size === size && known.fileModifiedMillis === mtimeMs) continue;
    adopted.push({
      key: path.relative(path.join(root, bucket), absolute).split(path.sep).join('/'),
      file,
      size,
      eTag: createHash('md5').update(readFileSync(absolute)).digest('hex'),
      lastModifiedMillis: Math.floor(mtimeMs / 1000) * 1000,
      fileModifiedMillis: mtimeMs,
      headers: { 'content-type': DEFAULT_CONTENT_TYPE },
    });
  }
  for (const object of adopted) index.put(object);
  return adopted;
}
