/** What a bucket holds: the objects by key, in S3's order, kept in a journal. */
import { Journal } from '../storage/journal';
import type { Checksum } from './checksums';
import { compareKeys } from './keys';

/** An object's metadata. */
export interface StoredObject {
  readonly key: string;
  /** File with the bytes, relative to the store's root. */
  readonly file: string;
  readonly size: number;
  /** Without quotation marks. */
  readonly eTag: string;
  /** Whole seconds, as S3 keeps it. */
  readonly lastModifiedMillis: number;
  /** The file's own time: tells whether it was changed behind the server's back. */
  readonly fileModifiedMillis: number;
  /** Headers to answer with: content-type, x-amz-meta-..., lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum?: Checksum | undefined;
  /** Undefined when it was written while the bucket was not versioned. */
  readonly versionId?: string;
}

type Change = { readonly put: StoredObject } | { readonly delete: string };

export class ObjectIndex {
  private readonly byKey = new Map<string, StoredObject>();
  private readonly keyOfFile = new Map<string, string>();
  /** In S3's order. */
  private readonly sortedKeys: string[] = [];
  private readonly journal: Journal<Change>;

  constructor(journalFile: string) {
    let changes = 0;
    this.journal = Journal.open<Change>(journalFile, (change) => {
      changes += 1;
      if ('put' in change) this.insert(change.put);
      else this.remove(change.delete);
    });
    if (changes > 2 * this.byKey.size) this.journal.compact(Array.from(this.objects(), (put) => ({ put })));
  }

  get(key: string): StoredObject | undefined {
    return this.byKey.get(key);
  }

  /** The object kept in a file, given relative to the store's root. */
  ofFile(file: string): StoredObject | undefined {
    const key = this.keyOfFile.get(file);
    return key === undefined ? undefined : this.byKey.get(key);
  }

  put(object: StoredObject): void {
    this.insert(object);
    this.journal.append({ put: object });
  }

  delete(key: string): void {
    this.remove(key);
    this.journal.append({ delete: key });
  }

  /** Objects in key order. */
  objects(): IterableIterator<StoredObject> {
    return this.from(0);
  }

  /** Objects in key order whose keys come after the text, or at it when `inclusive`. */
  objectsAfter(text: string, inclusive: boolean): IterableIterator<StoredObject> {
    const index = this.lowerBound(text);
    return this.from(!inclusive && this.sortedKeys[index] === text ? index + 1 : index);
  }

  get size(): number {
    return this.byKey.size;
  }

  close(): void {
    this.journal.close();
  }

  private *from(start: number): IterableIterator<StoredObject> {
    for (let i = start; i < this.sortedKeys.length; i++) {
      const object = this.byKey.get(this.sortedKeys[i] ?? '');
      if (object) yield object;
    }
  }

  private insert(object: StoredObject): void {
    const { key } = object;
    if (!this.byKey.has(key)) this.sortedKeys.splice(this.lowerBound(key), 0, key);
    this.byKey.set(key, object);
    this.keyOfFile.set(object.file, key);
  }

  private remove(key: string): void {
    const object = this.byKey.get(key);
    if (!object) return;
    this.byKey.delete(key);
    this.keyOfFile.delete(object.file);
    this.sortedKeys.splice(this.lowerBound(key), 1);
  }

  private lowerBound(key: string): number {
    let low = 0;
    let high = this.sortedKeys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(this.sortedKeys[middle] ?? '', key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
