/** A bucket in memory that answers the S3 commands of the loader as S3 does. */
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

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

  constructor(
    readonly bucketName: string,
    private readonly lastModified = new Date('2026-03-01T12:00:00.000Z'),
  ) {}

  /** The bucket as an SDK client. */
  get client(): S3Client {
    return { send: (command: unknown) => this.answer(command) } as unknown as S3Client;
  }

  private async answer(command: unknown): Promise<unknown> {
    if (command instanceof PutObjectCommand) {
      this.checkBucket(command.input.Bucket);
      this.objects.set(String(command.input.Key), Buffer.from(String(command.input.Body)));
      return {};
    }
    if (command instanceof GetObjectCommand) return this.get(command.input);
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
      LastModified: this.lastModified,
    };
  }

  private checkBucket(name: string | undefined): void {
    if (name !== this.bucketName) throw s3Error('NoSuchBucket');
  }
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
