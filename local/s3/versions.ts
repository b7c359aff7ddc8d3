/**
 * What a versioned bucket keeps besides its current objects: versions that were written over or deleted, and delete
 * markers. Newest first for each key; kept in a journal.
 */
import { randomBytes } from 'node:crypto';
import { Journal } from '../storage/journal';
import type { StoredObject } from './objectIndex';

/** Id of a version that was written while the bucket was not versioned. */
const NULL_VERSION = 'null';

/** A delete marker, or an object that is not current any more. */
export interface OldVersion {
  readonly key: string;
  readonly versionId: string;
  /** Whole seconds, as S3 keeps it. */
  readonly lastModifiedMillis: number;
  /** Undefined for a delete marker. */
  readonly object?: StoredObject;
}

type Change = { readonly add: OldVersion } | { readonly remove: readonly [key: string, versionId: string] };

/** An id of the kind S3 gives: 32 characters that tell nothing. */
export function newVersionId(): string {
  return randomBytes(24).toString('base64url');
}

/** The id of a current object's version. */
export function versionIdOf(object: StoredObject): string {
  return object.versionId ?? NULL_VERSION;
}

export class OldVersions {
  private readonly byKey = new Map<string, OldVersion[]>();
  private readonly journal: Journal<Change>;

  constructor(journalFile: string) {
    this.journal = Journal.open<Change>(journalFile, (change) => {
      if ('add' in change) this.insert(change.add);
      else this.drop(...change.remove);
    });
  }

  /** Versions of a key, newest first. */
  of(key: string): readonly OldVersion[] {
    return this.byKey.get(key) ?? [];
  }

  keys(): IterableIterator<string> {
    return this.byKey.keys();
  }

  get size(): number {
    return this.byKey.size;
  }

  /** Makes a version the newest of its key. */
  add(version: OldVersion): void {
    this.insert(version);
    this.journal.append({ add: version });
  }

  remove({ key, versionId }: OldVersion): void {
    this.drop(key, versionId);
    this.journal.append({ remove: [key, versionId] });
  }

  close(): void {
    this.journal.close();
  }

  private insert(version: OldVersion): void {
    this.byKey.set(version.key, [version, ...this.of(version.key)]);
  }

  private drop(key: string, versionId: string): void {
    const left = this.of(key).filter((version) => version.versionId !== versionId);
    if (left.length > 0) this.byKey.set(key, left);
    else this.byKey.delete(key);
  }
}
