/** A bucket in memory that answers the S3 commands of the loader as S3 does. */
import { createHash } from 'node:crypto';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** S3's error of this name. */
function s3Error(name: string): Error {
  return Object.assign(new Error(name), { name });
}

export class FakeLake {
  readonly objects = new Map<string, Buffer>();
  /** Ranges that were asked for, by key. */
  readonly ranges: { key: string; range: string }[] = [];
  /** Keys whose reading S3 denies. */
  readonly denied = new Set<string>();
  /** Metadata, by key. */
  readonly metadata = new Map<string, Record<string, string>>();
  /** Called before a command is answered; may change the bucket or throw. */
  onCommand: (command: unknown) => void = () => undefined;

  constructor(
    readonly bucketName: string,
    private readonly lastModified = new Date('2026-03-01T12:00:00.000Z'),
  ) {}

  /** The bucket as an SDK client. */
  get client(): S3Client {
    return { send: (command: unknown) => this.answer(command) } as unknown as S3Client;
  }

  private async answer(command: unknown): Promise<unknown> {
    this.onCommand(command);
    if (command instanceof PutObjectCommand) {
      this.checkBucket(command.input.Bucket);
      this.objects.set(String(command.input.Key), Buffer.from(String(command.input.Body)));
      return {};
    }
    if (command instanceof GetObjectCommand) return this.get(command.input);
    if (command instanceof HeadObjectCommand) return this.head(command.input);
    if (command instanceof CopyObjectCommand) return this.copy(command.input);
    if (command instanceof DeleteObjectCommand) return this.delete(command.input);
    throw new Error(`The bucket does not know ${command}`);
  }

  private get({ Bucket, Key = '', Range = '' }: GetObjectCommand['input']): unknown {
    this.checkBucket(Bucket);
    this.ranges.push({ key: Key, range: Range });
    if (this.denied.has(Key)) throw s3Error('AccessDenied');
    const object = this.objects.get(Key);
    if (object === undefined) throw s3Error('NoSuchKey');
    const [start, end] = byteRange(Range, object.length);
    const bytes = new Uint8Array(object.subarray(start, end + 1));
    return {
      Body: { transformToByteArray: async () => bytes },
      ContentRange: `bytes ${start}-${end}/${object.length}`,
      ETag: eTagOf(object),
      LastModified: this.lastModified,
      Metadata: this.metadata.get(Key) ?? {},
    };
  }

  private head({ Bucket, Key = '' }: HeadObjectCommand['input']): unknown {
    this.checkBucket(Bucket);
    if (this.denied.has(Key)) throw s3Error('AccessDenied');
    const object = this.objects.get(Key);
    if (object === undefined) throw s3Error('NotFound');
    return {
      ContentLength: object.length,
      ETag: eTagOf(object),
      LastModified: this.lastModified,
      Metadata: this.metadata.get(Key) ?? {},
    };
  }

  private copy({
    Bucket,
    Key = '',
    CopySource = '',
    CopySourceIfMatch,
    Metadata = {},
  }: CopyObjectCommand['input']) {
    this.checkBucket(Bucket);
    const [bucket, ...key] = CopySource.split('/').map(decodeURIComponent);
    this.checkBucket(bucket);
    const source = this.objects.get(key.join('/'));
    if (source === undefined) throw s3Error('NoSuchKey');
    if (CopySourceIfMatch !== undefined && CopySourceIfMatch !== eTagOf(source)) {
      throw s3Error('PreconditionFailed');
    }
    this.objects.set(Key, source);
    this.metadata.set(Key, Metadata);
    return { CopyObjectResult: { ETag: eTagOf(source) } };
  }

  private delete({ Bucket, Key = '', IfMatch }: DeleteObjectCommand['input']): unknown {
    this.checkBucket(Bucket);
    const object = this.objects.get(Key);
    if (IfMatch !== undefined) {
      if (object === undefined) throw s3Error('NoSuchKey');
      if (IfMatch !== eTagOf(object)) throw s3Error('PreconditionFailed');
    }
    this.objects.delete(Key);
    return {};
  }

  private checkBucket(name: string | undefined): void {
    if (name !== this.bucketName) throw s3Error('NoSuchBucket');
  }
}

/** As of an object that was put in one part. */
export function eTagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

function byteRange(range: string, length: number): [number, number] {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range);
  if (match === null || length === 0) throw s3Error('InvalidRange');
  const [, from, to] = match;
  if (from === '') return [Math.max(0, length - Number(to)), length - 1];
  const start = Number(from);
  if (start >= length) throw s3Error('InvalidRange');
  return [start, Math.min(length - 1, to === '' ? length - 1 : Number(to))];
}
