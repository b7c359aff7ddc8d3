/**
 * Buckets on disk. An object is a plain file at `<root>/<bucket>/<key>`, so other programs can read it; a key that
 * is no safe path is kept under a hashed name. What is not an object's bytes lies in `<root>/.s3`.
 */
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { AwsError } from '../http/awsError';
import type { Checksum } from './checksums';
import { noSuchBucket } from './errors';
import { hashedName, plainPath } from './keys';
import { ObjectIndex, type StoredObject } from './objectIndex';
import { adoptChangedFiles } from './recovery';
import { forgetUnfinished, keepVersion } from './versioning';
import { newVersionId, OldVersions } from './versions';

const PRIVATE_DIRECTORY = '.s3';
/** File that says that a bucket is versioned. */
const VERSIONED_FLAG = 'versioned';
/** S3's naming rule, shortened: 3-63 of a-z, 0-9, dot and hyphen, beginning and ending with letter or digit. */
const BUCKET_NAME = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** A file with an object's bytes that is not yet an object, and what is known of it. */
export interface StagedObject {
  readonly file: string;
  readonly eTag: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum?: Checksum | undefined;
}

export class ObjectStore {
  private readonly indexes = new Map<string, ObjectIndex>();
  private readonly oldVersions = new Map<string, OldVersions>();
  private readonly versioned = new Set<string>();
  /** Objects that a killed server stored and may not have told of, by bucket. */
  private readonly untold = new Map<string, StoredObject[]>();

  /**
   * Opens the store, creating the directory when missing, and takes up what an earlier server left there.
   * @param clock milliseconds since the epoch
   */
  constructor(
    readonly root: string,
    readonly clock: () => number,
  ) {
    rmSync(path.join(root, PRIVATE_DIRECTORY, 'staging'), { recursive: true, force: true });
    mkdirSync(path.join(root, PRIVATE_DIRECTORY, 'staging'), { recursive: true });
    for (const entry of readdirSync(root, { withFileTypes: true })) {
      if (entry.isDirectory() && BUCKET_NAME.test(entry.name)) this.open(entry.name);
    }
  }

  /**
   * Creates a bucket; one that is there already is left as it is.
   * @throws AwsError InvalidBucketName
   */
  createBucket(bucket: string): void {
    if (!BUCKET_NAME.test(bucket)) {
      throw new AwsError('InvalidBucketName', `The specified bucket is not valid: "${bucket}"`);
    }
    if (this.indexes.has(bucket)) return;
    mkdirSync(path.join(this.root, bucket), { recursive: true });
    this.open(bucket);
  }

  /** @throws AwsError NoSuchBucket, BucketNotEmpty */
  deleteBucket(bucket: string): void {
    const index = this.bucket(bucket);
    const versions = this.versions(bucket);
    if (index.size > 0 || versions.size > 0) {
      throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
    }
    index.close();
    versions.close();
    this.indexes.delete(bucket);
    this.oldVersions.delete(bucket);
    this.versioned.delete(bucket);
    rmSync(path.join(this.root, bucket), { recursive: true });
    rmSync(this.privatePath(bucket), { recursive: true, force: true });
  }

  /** Names in order. */
  bucketNames(): string[] {
    return [...this.indexes.keys()].sort();
  }

  hasBucket(bucket: string): boolean {
    return this.indexes.has(bucket);
  }

  /** @throws AwsError NoSuchBucket */
  bucket(bucket: string): ObjectIndex {
    const index = this.indexes.get(bucket);
    if (!index) throw noSuchBucket(bucket);
    return index;
  }

  /** What a bucket keeps besides its current objects. @throws AwsError NoSuchBucket */
  versions(bucket: string): OldVersions {
    const versions = this.oldVersions.get(bucket);
    if (!versions) throw noSuchBucket(bucket);
    return versions;
  }

  /** Whether a bucket keeps what is written over or deleted. */
  isVersioned(bucket: string): boolean {
    return this.versioned.has(bucket);
  }

  /** Makes a bucket keep versions from now on; there is no way back, as on S3. @throws AwsError NoSuchBucket */
  enableVersioning(bucket: string): void {
    this.bucket(bucket);
    writeFileSync(this.privatePath(bucket, VERSIONED_FLAG), '');
    this.versioned.add(bucket);
  }

  /** Absolute path of the file with an object's bytes. */
  pathOf(object: StoredObject): string {
    return path.join(this.root, object.file);
  }

  /** A path for a file to stage, on the same file system, so that it can be moved into place at once. */
  stagingPath(): string {
    return path.join(this.root, PRIVATE_DIRECTORY, 'staging', randomUUID());
  }

  /** Directory for the server's own files. */
  privatePath(...parts: string[]): string {
    return path.join(this.root, PRIVATE_DIRECTORY, 'buckets', ...parts);
  }

  /**
   * Makes a staged file the object of that key, in one step for every reader.
   * @param tell called before the object is entered in the journal: an object that a killed server did not get to
   * tell of is told of again by the next one
   */
  commit(
    bucket: string,
    key: string,
    staged: StagedObject,
    tell: (object: StoredObject) => void,
  ): StoredObject {
    const index = this.bucket(bucket);
    const { size, mtimeMs } = statSync(staged.file);
    keepVersion(this, bucket, key);
    const file = this.place(bucket, index, key, staged.file);
    const object: StoredObject = {
      key,
      file,
      size,
      eTag: staged.eTag,
      lastModifiedMillis: Math.floor(this.clock() / 1000) * 1000,
      fileModifiedMillis: mtimeMs,
      headers: staged.headers,
      ...(staged.checksum ? { checksum: staged.checksum } : {}),
      ...(this.isVersioned(bucket) ? { versionId: newVersionId() } : {}),
    };
    tell(object);
    index.put(object);
    return object;
  }

  /** Removes a current object for good; false when there is none. */
  remove(bucket: string, key: string): boolean {
    const index = this.bucket(bucket);
    const object = index.get(key);
    if (!object) return false;
    rmSync(this.pathOf(object), { force: true });
    index.delete(key);
    this.removeEmptyDirectories(bucket, path.dirname(this.pathOf(object)));
    return true;
  }

  /** Hands over, once, the objects a killed server may not have told of. */
  takeUntold(bucket: string): readonly StoredObject[] {
    const objects = this.untold.get(bucket) ?? [];
    this.untold.delete(bucket);
    return objects;
  }

  close(): void {
    for (const index of this.indexes.values()) index.close();
    for (const versions of this.oldVersions.values()) versions.close();
  }

  private open(bucket: string): void {
    const index = new ObjectIndex(this.privatePath(bucket, 'objects.ndjson'));
    this.indexes.set(bucket, index);
    this.untold.set(bucket, adoptChangedFiles(this.root, bucket, index));
    const versions = new OldVersions(this.privatePath(bucket, 'versions.ndjson'));
    this.oldVersions.set(bucket, versions);
    if (existsSync(this.privatePath(bucket, VERSIONED_FLAG))) this.versioned.add(bucket);
    for (const key of [...versions.keys()]) forgetUnfinished(this, bucket, key);
  }

  /** Moves a file to where the key's bytes belong and answers that path, relative to the root. */
  place(bucket: string, index: ObjectIndex, key: string, stagedFile: string): string {
    const plain = index.get(key)?.file ?? this.plainFile(bucket, key);
    if (plain !== undefined) {
      renameSync(stagedFile, path.join(this.root, plain));
      return plain;
    }
    const hashed = path.join(this.privatePath(bucket), 'hashed', hashedName(key));
    mkdirSync(path.dirname(hashed), { recursive: true });
    renameSync(stagedFile, hashed);
    return path.relative(this.root, hashed);
  }

  /**
   * The file that reads as the new key does, with its directory made; undefined when the key has no safe path or
   * the path is taken: by a directory (`a` beside `a/b`), or by a key that differs in case only.
   */
  private plainFile(bucket: string, key: string): string | undefined {
    const relative = plainPath(key);
    if (relative === undefined) return undefined;
    const file = path.join(bucket, relative);
    if (existsSync(path.join(this.root, file))) return undefined;
    try {
      mkdirSync(path.dirname(path.join(this.root, file)), { recursive: true });
      return file;
    } catch (error) {
      // A part of the path is a file: another key ends where this one goes on.
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST' || code === 'ENOTDIR') return undefined;
      throw error;
    }
  }

  private removeEmptyDirectories(bucket: string, directory: string): void {
    const bucketDirectory = path.join(this.root, bucket);
    for (let at = directory; at.startsWith(bucketDirectory + path.sep); at = path.dirname(at)) {
      if (readdirSync(at).length > 0) return;
      rmdirSync(at);
    }
  }
}
