/** Gathers what belongs into one object and delivers it when the buffering hints say so. */
import type { DeliveryStreamDefinition } from '../template/definitions';
import { Batcher, type BufferingHints } from './batcher';
import { type Chunk, type ObjectDraft, ParquetDraft, PlainDraft } from './objectDraft';
import type { ParquetWriter } from './parquetWriter';
import { objectKey } from './prefix';
import type { ErrorOutputType } from './records';

/** Writes an object; a body that is text names a file on this machine. */
export type PutObject = (bucket: string, key: string, body: Buffer | string) => Promise<void>;

/** What was delivered. */
export interface DeliveredObject {
  readonly key: string;
  readonly rowCount: number;
}

/** What an object buffer needs. */
export interface ObjectBufferOptions {
  readonly stream: DeliveryStreamDefinition;
  readonly hints: BufferingHints;
  readonly putObject: PutObject;
  readonly onDelivered: (object: DeliveredObject) => void;
  readonly onError: (error: unknown) => void;
  /** Set for objects with failed records. */
  readonly errorType: ErrorOutputType | undefined;
  readonly parquetWriter: ParquetWriter;
  /** For drafts of objects that are converted. */
  readonly scratchDirectory: string;
}

/** One buffer of a delivery stream: its rows, or its failed records of one kind. */
export class ObjectBuffer {
  private readonly batcher: Batcher<Chunk, ObjectDraft>;
  private drafts = 0;

  constructor(private readonly options: ObjectBufferOptions) {
    this.batcher = new Batcher(options.hints, {
      open: () => this.draft(),
      append: (draft, chunk) => draft.append(chunk),
      handle: (draft) => this.deliver(draft),
      discard: (draft) => draft.remove(),
      onError: options.onError,
    });
  }

  /**
   * Adds data.
   * @param bytes what counts against the size hint
   */
  add(chunk: Chunk, bytes: number): Promise<void> {
    return this.batcher.add(chunk, bytes);
  }

  /** Delivers what has gathered and waits until it is written. */
  flush(): Promise<void> {
    return this.batcher.flush();
  }

  /** Forgets what has gathered. */
  discard(): void {
    this.batcher.discard();
  }

  private draft(): ObjectDraft {
    const { stream, errorType, scratchDirectory, parquetWriter } = this.options;
    // Failed records are delivered as they are, neither converted nor compressed.
    if (errorType !== undefined) return new PlainDraft('UNCOMPRESSED');
    if (stream.conversion === undefined) return new PlainDraft(stream.compression);
    return new ParquetDraft(
      scratchDirectory,
      `${stream.name}-${++this.drafts}`,
      stream.conversion,
      parquetWriter,
    );
  }

  private async deliver(draft: ObjectDraft): Promise<void> {
    const { stream, errorType, putObject, onDelivered } = this.options;
    try {
      const key = objectKey(stream, draft.oldestArrivalMillis, errorType);
      await putObject(stream.bucketName, key, await draft.finish());
      onDelivered({ key, rowCount: draft.rowCount });
    } finally {
      draft.remove();
    }
  }
}
