/** ListObjectsV2: one page of a bucket's keys. */
import { compareKeys } from './keys';
import type { ObjectIndex, StoredObject } from './objectIndex';

export interface ListRequest {
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  readonly maxKeys: number;
  /** Lists only what comes after this key. */
  readonly startAfter: string;
}

export interface ListPage {
  readonly objects: readonly StoredObject[];
  readonly commonPrefixes: readonly string[];
  /** What the next page is to start after; undefined on the last page. */
  readonly nextStartAfter: string | undefined;
}

/** Objects and common prefixes together fill a page, as on S3. */
export function listPage(index: ObjectIndex, request: ListRequest): ListPage {
  const { prefix, delimiter, maxKeys, startAfter } = request;
  const objects: StoredObject[] = [];
  const commonPrefixes: string[] = [];
  let last = startAfter;
  const candidates =
    compareKeys(startAfter, prefix) >= 0
      ? index.objectsAfter(startAfter, false)
      : index.objectsAfter(prefix, true);
  for (const object of candidates) {
    if (!object.key.startsWith(prefix)) break;
    const end = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    const commonPrefix = end < 0 ? undefined : object.key.slice(0, end + delimiter.length);
    // A page that ended with a common prefix starts after it: all of its keys are passed over.
    if (commonPrefix !== undefined && commonPrefix === last) continue;
    if (objects.length + commonPrefixes.length === maxKeys) {
      return { objects, commonPrefixes, nextStartAfter: last };
    }
    last = commonPrefix ?? object.key;
    if (commonPrefix === undefined) objects.push(object);
    else commonPrefixes.push(commonPrefix);
  }
  return { objects, commonPrefixes, nextStartAfter: undefined };
}
