/** The streams of the account: what the HTTP operations and in-process users both work on. */
import { AwsError } from '../http/awsError';
import { LOCAL_ACCOUNT_ID } from '../http/identity';
import { DEFAULT_RETENTION_HOURS } from './limits';
import { RecordBytes } from './recordBytes';
import { Stream } from './stream';

export interface CreateStreamOptions {
  readonly name: string;
  readonly shardCount: number;
  /** @default 24 */
  readonly retentionHours?: number;
}

export class KinesisStreams {
  private readonly byName = new Map<string, Stream>();

  /**
   * @param limitFactor multiplies the limits per second of every shard; Infinity switches throttling off
   * @param clock milliseconds since the epoch
   * @param recordBytes keeps the records of all streams; by default all of them in memory
   */
  constructor(
    private readonly limitFactor: number,
    readonly clock: () => number,
    private readonly recordBytes: RecordBytes = new RecordBytes(Number.POSITIVE_INFINITY),
  ) {}

  /**
   * Creates a stream, active at once.
   * @throws AwsError ResourceInUseException when the name is taken
   */
  create({ name, shardCount, retentionHours = DEFAULT_RETENTION_HOURS }: CreateStreamOptions): Stream {
    if (this.byName.has(name)) {
      throw new AwsError(
        'ResourceInUseException',
        `Stream ${name} under account ${LOCAL_ACCOUNT_ID} already exists.`,
      );
    }
    const { limitFactor, clock, recordBytes } = this;
    const stream = new Stream({ name, shardCount, retentionHours, limitFactor, clock, recordBytes });
    this.byName.set(name, stream);
    return stream;
  }

  /** @throws AwsError ResourceNotFoundException */
  get(name: string): Stream {
    const stream = this.byName.get(name);
    if (stream) return stream;
    throw new AwsError(
      'ResourceNotFoundException',
      `Stream ${name} under account ${LOCAL_ACCOUNT_ID} not found.`,
    );
  }

  /** @throws AwsError ResourceNotFoundException */
  delete(name: string): void {
    this.get(name).discard();
    this.byName.delete(name);
  }

  /** Names in alphabetical order. */
  names(): string[] {
    return [...this.byName.keys()].sort();
  }
}
