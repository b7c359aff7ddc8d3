/** The lake's bucket as an erasure sees it: partitions, versions of objects, conditional writes. */
import { createHash } from 'node:crypto';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { AsyncBuffer } from 'hyparquet';

/** One version of an object, or a delete marker. */
export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isLatest: boolean;
  readonly isDeleteMarker: boolean;
  readonly bytes: number;
  readonly eTag: string;
  readonly storageClass: string;
}

/** An object as it was read, with what has to be kept when it is written again. */
export interface ReadObject {
  readonly bytes: Buffer;
  readonly eTag: string;
  readonly headers: Pick<GetObjectCommandOutput, 'ContentType' | 'ContentEncoding' | 'Metadata'>;
}

/** Objects of these classes cannot be read before they are restored. */
const ARCHIVED: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** S3: keys in one DeleteObjects. */
const DELETE_COUNT = 1_000;

/** Whether an object must be restored before anybody can read it. */
export function isArchived({ storageClass }: ObjectVersion): boolean {
  return ARCHIVED.has(storageClass);
}

/** SHA-256 of bytes as hex digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The bucket of a lake. */
export class Lake {
  constructor(
    private readonly s3: S3Client,
    readonly bucketName: string,
  ) {}

  /** Prefixes directly below a prefix, those of deleted objects included, and the versions that lie there. */
  async level(prefix: string): Promise<{ prefixes: string[]; versions: ObjectVersion[] }> {
    const prefixes: string[] = [];
    const versions: ObjectVersion[] = [];
    for await (const page of this.pages(prefix, '/')) {
      prefixes.push(...(page.CommonPrefixes ?? []).flatMap(({ Prefix }) => Prefix ?? []));
      versions.push(...versionsOf(page));
    }
    return { prefixes, versions };
  }

  /** Versions and delete markers below a prefix, by key, newest first. */
  async versions(prefix: string): Promise<Map<string, ObjectVersion[]>> {
    const byKey = new Map<string, ObjectVersion[]>();
    for await (const page of this.pages(prefix, undefined)) {
      for (const version of versionsOf(page)) {
        const others = byKey.get(version.key) ?? [];
        others.push(version);
        byKey.set(version.key, others);
      }
    }
    // Delete markers come in a list of their own; the latest is the one that counts.
    for (const versions of byKey.values()) versions.sort((a, b) => Number(b.isLatest) - Number(a.isLatest));
    return byKey;
  }

  /** A version to read by ranges. It is that of the ETag, or an error. */
  source(version: ObjectVersion): AsyncBuffer {
    return {
      byteLength: version.bytes,
      slice: async (start, end = version.bytes) => {
        const Range = `bytes=${start}-${end - 1}`;
        const { bytes } = await this.get(version, Range);
        return new Uint8Array(bytes).buffer;
      },
    };
  }

  /** A whole version. */
  read(version: ObjectVersion): Promise<ReadObject> {
    return this.get(version, undefined);
  }

  /** The text of an object; undefined when there is none. */
  async readText(key: string): Promise<string | undefined> {
    try {
      const answer = await this.s3.send(new GetObjectCommand({ Bucket: this.bucketName, Key: key }));
      return await answer.Body?.transformToString();
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  /** Writes an object of the tool's own. */
  async write(key: string, body: string | Uint8Array, contentType = 'application/json'): Promise<void> {
    await this.s3.send(
      new PutObjectCommand({ Bucket: this.bucketName, Key: key, Body: body, ContentType: contentType }),
    );
  }

  /**
   * Writes an object again, only over what was read.
   * @returns its new ETag
   * @throws Error PreconditionFailed when somebody changed it meanwhile
   */
  async rewrite(
    { key }: ObjectVersion,
    was: ReadObject,
    bytes: Uint8Array,
    metadata: Record<string, string>,
  ): Promise<string> {
    const { ContentType, ContentEncoding, Metadata } = was.headers;
    const { ETag = '' } = await this.s3.send(
      new PutObjectCommand({
        Bucket: this.bucketName,
        Key: key,
        Body: bytes,
        ContentType,
        ContentEncoding,
        Metadata: { ...Metadata, ...metadata },
        IfMatch: was.eTag,
        ChecksumAlgorithm: 'SHA256',
      }),
    );
    return ETag;
  }

  /** SHA-256 of the current object as hex digits, as S3 checked it; undefined when it has none or is not there. */
  async storedSha256(key: string): Promise<string | undefined> {
    try {
      const { ChecksumSHA256 } = await this.s3.send(
        new HeadObjectCommand({ Bucket: this.bucketName, Key: key, ChecksumMode: 'ENABLED' }),
      );
      return ChecksumSHA256 === undefined ? undefined : Buffer.from(ChecksumSHA256, 'base64').toString('hex');
    } catch (error) {
      if (error instanceof Error && error.name === 'NotFound') return undefined;
      throw error;
    }
  }

  /** Deletes versions for good. @throws Error when one was not deleted */
  async deleteVersions(versions: readonly ObjectVersion[]): Promise<void> {
    for (let at = 0; at < versions.length; at += DELETE_COUNT) {
      const Objects = versions
        .slice(at, at + DELETE_COUNT)
        .map(({ key, versionId }) => ({ Key: key, VersionId: versionId }));
      const { Errors = [] } = await this.s3.send(
        new DeleteObjectsCommand({ Bucket: this.bucketName, Delete: { Objects, Quiet: true } }),
      );
      const [first] = Errors;
      if (first !== undefined) {
        throw new Error(
          `${Errors.length} versions were not deleted; ${first.Key}: ${first.Code} ${first.Message}`,
        );
      }
    }
  }

  /** Deletes everything below a prefix, every version of it. */
  async deleteAll(prefix: string): Promise<void> {
    await this.deleteVersions([...(await this.versions(prefix)).values()].flat());
  }

  private async get(version: ObjectVersion, Range: string | undefined): Promise<ReadObject> {
    const answer = await this.s3.send(
      new GetObjectCommand({
        Bucket: this.bucketName,
        Key: version.key,
        VersionId: version.versionId,
        IfMatch: version.eTag,
        Range,
      }),
    );
    const bytes = await answer.Body?.transformToByteArray();
    if (bytes === undefined) throw new Error(`S3 gave no body for ${version.key}`);
    const { ContentType, ContentEncoding, Metadata } = answer;
    return {
      bytes: Buffer.from(bytes),
      eTag: answer.ETag ?? version.eTag,
      headers: { ContentType, ContentEncoding, Metadata },
    };
  }

  private async *pages(Prefix: string, Delimiter: string | undefined) {
    let KeyMarker: string | undefined;
    let VersionIdMarker: string | undefined;
    do {
      const page = await this.s3.send(
        new ListObjectVersionsCommand({
          Bucket: this.bucketName,
          Prefix,
          Delimiter,
          KeyMarker,
          VersionIdMarker,
        }),
      );
      yield page;
      KeyMarker = page.IsTruncated ? page.NextKeyMarker : undefined;
      VersionIdMarker = page.IsTruncated ? page.NextVersionIdMarker : undefined;
    } while (KeyMarker !== undefined);
  }
}

function versionsOf({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput): ObjectVersion[] {
  return [
    ...Versions.map((version) => ({
      key: version.Key ?? '',
      versionId: version.VersionId ?? 'null',
      isLatest: version.IsLatest === true,
      isDeleteMarker: false,
      bytes: version.Size ?? 0,
      eTag: version.ETag ?? '',
      storageClass: version.StorageClass ?? 'STANDARD',
    })),
    ...DeleteMarkers.map((marker) => ({
      key: marker.Key ?? '',
      versionId: marker.VersionId ?? 'null',
      isLatest: marker.IsLatest === true,
      isDeleteMarker: true,
      bytes: 0,
      eTag: '',
      storageClass: 'STANDARD',
    })),
  ];
}
