/** Buckets with their notifications: what the HTTP operations and in-process users both work on. */
import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { hashFile } from './hashFile';
import { checkKey } from './keys';
import {
  checkRules,
  type EventName,
  eventMessage,
  matches,
  type NotificationRule,
  type NotificationTarget,
  testMessage,
} from './notifications';
import type { StoredObject } from './objectIndex';
import type { ObjectStore, StagedObject } from './objectStore';
import { DEFAULT_CONTENT_TYPE } from './recovery';
import { deleteVersion, putMarker } from './versioning';
import type { OldVersion } from './versions';

/** An object to put in-process. */
export interface ObjectToPut {
  readonly bucket: string;
  readonly key: string;
  /** The bytes, or a file that is moved into the store; it must be on the store's file system. */
  readonly body: Buffer | { readonly file: string };
  /** @default binary/octet-stream */
  readonly contentType?: string;
  readonly contentEncoding?: string;
}

export class Buckets {
  private readonly rules = new Map<string, readonly NotificationRule[]>();
  private lastSequence = 0n;

  /** @param target told of objects; without it no bucket can have notifications */
  constructor(
    readonly store: ObjectStore,
    private readonly target: NotificationTarget | undefined,
  ) {}

  /**
   * Creates a bucket if it is not there, and sets its notifications. Every queue gets an s3:TestEvent first, as on
   * AWS, and then messages about objects that a killed server may not have told of.
   * @throws AwsError when S3 would refuse name or rules; Error when a queue does not exist
   */
  create(bucket: string, rules: readonly NotificationRule[] = [], isVersioned = false): void {
    checkRules(rules);
    if (rules.length > 0 && !this.target) {
      throw new Error(
        `Bucket ${bucket} has notifications, but the S3 server was started without a target for them`,
      );
    }
    this.store.createBucket(bucket);
    if (isVersioned) this.store.enableVersioning(bucket);
    for (const queueArn of new Set(rules.map((rule) => rule.queueArn))) {
      this.target?.deliver(queueArn, testMessage(bucket, this.store.clock()));
    }
    this.rules.set(bucket, rules);
    for (const object of this.store.takeUntold(bucket)) this.tell(bucket, object, 'ObjectCreated:Put');
  }

  /** Makes a staged file an object and sends the notifications about it. */
  commit(bucket: string, key: string, staged: StagedObject, event: EventName): StoredObject {
    return this.store.commit(bucket, key, staged, (object) => this.tell(bucket, object, event));
  }

  /** Puts an object without HTTP. */
  async put({ bucket, key, body, contentType, contentEncoding }: ObjectToPut): Promise<StoredObject> {
    checkKey(key);
    this.store.bucket(bucket);
    const file = this.store.stagingPath();
    if (Buffer.isBuffer(body)) writeFileSync(file, body);
    else renameSync(body.file, file);
    const eTag = Buffer.isBuffer(body) ? createHash('md5').update(body).digest('hex') : await hashFile(file);
    const headers = {
      'content-type': contentType ?? DEFAULT_CONTENT_TYPE,
      ...(contentEncoding ? { 'content-encoding': contentEncoding } : {}),
    };
    return this.commit(bucket, key, { file, eTag, headers }, 'ObjectCreated:Put');
  }

  /**
   * Deletes an object; one that is not there is no error. A versioned bucket keeps it.
   * @returns the delete marker of a versioned bucket
   */
  delete(bucket: string, key: string): OldVersion | undefined {
    const object = this.store.bucket(bucket).get(key);
    if (this.store.isVersioned(bucket)) {
      const marker = putMarker(this.store, bucket, key);
      this.tell(bucket, { key, size: 0, eTag: '' }, 'ObjectRemoved:DeleteMarkerCreated');
      return marker;
    }
    if (object && this.store.remove(bucket, key)) this.tell(bucket, object, 'ObjectRemoved:Delete');
    return undefined;
  }

  /** Deletes one version for good; one that is not there is no error. */
  deleteVersion(bucket: string, key: string, versionId: string): void {
    if (!deleteVersion(this.store, bucket, key, versionId)) return;
    this.tell(bucket, { key, size: 0, eTag: '' }, 'ObjectRemoved:Delete');
  }

  /** Absolute path of the file with an object's bytes; undefined when there is no such object. */
  pathOf(bucket: string, key: string): string | undefined {
    const object = this.store.bucket(bucket).get(key);
    return object && this.store.pathOf(object);
  }

  private tell(bucket: string, object: Pick<StoredObject, 'key' | 'size' | 'eTag'>, event: EventName): void {
    const now = this.store.clock();
    // Grows with time, so that it grows over restarts too.
    const sequence = BigInt(now) << 20n;
    this.lastSequence = sequence > this.lastSequence ? sequence : this.lastSequence + 1n;
    for (const rule of this.rules.get(bucket) ?? []) {
      if (!matches(rule, event, object.key)) continue;
      this.target?.deliver(rule.queueArn, eventMessage(bucket, object, event, now, this.lastSequence));
    }
  }
}
