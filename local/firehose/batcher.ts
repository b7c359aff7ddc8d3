/** Gathers items until they reach a size, or the first of them an age, as Firehose's buffering hints say. */

/** When a batch is complete, whichever comes first. */
export interface BufferingHints {
  readonly bytes: number;
  readonly millis: number;
}

/** What is done with batches. */
export interface BatchHandling<T, B> {
  /** Begins a batch. */
  open(): B;
  /** Adds an item to a batch that is gathering. */
  append(batch: B, item: T): void;
  /** Handles a complete batch. It must not reject for what it can express otherwise. */
  handle(batch: B): Promise<void>;
  /** Gives up a batch that is gathering. */
  discard(batch: B): void;
  /** Is told when `handle` rejects after all. */
  onError(error: unknown): void;
}

/** Hands out batches one after the other; whoever adds waits while too many are still being handled. */
export class Batcher<T, B> {
  private gathering: { readonly batch: B; bytes: number; readonly timer: NodeJS.Timeout } | undefined;
  private lastHandled: Promise<void> = Promise.resolve();
  private underWay = 0;

  constructor(
    private readonly hints: BufferingHints,
    private readonly handling: BatchHandling<T, B>,
  ) {}

  /** Adds an item of so many bytes. Resolves when there is room for the next one. */
  async add(item: T, bytes: number): Promise<void> {
    // A batch never passes the size, unless a single item does.
    if (this.gathering !== undefined && this.gathering.bytes + bytes > this.hints.bytes) this.release();
    this.gathering ??= {
      batch: this.handling.open(),
      bytes: 0,
      timer: setTimeout(() => this.release(), this.hints.millis),
    };
    this.handling.append(this.gathering.batch, item);
    this.gathering.bytes += bytes;
    if (this.gathering.bytes >= this.hints.bytes) this.release();
    // One batch is being handled while the next one gathers.
    while (this.underWay > 1) await this.lastHandled;
  }

  /** Hands out what has gathered, whatever its size and age, and waits until all batches are handled. */
  async flush(): Promise<void> {
    this.release();
    while (this.underWay > 0) await this.lastHandled;
  }

  /** Gives up what has gathered and is not handed out yet. */
  discard(): void {
    if (this.gathering === undefined) return;
    clearTimeout(this.gathering.timer);
    this.handling.discard(this.gathering.batch);
    this.gathering = undefined;
  }

  private release(): void {
    if (this.gathering === undefined) return;
    const { batch, timer } = this.gathering;
    clearTimeout(timer);
    this.gathering = undefined;
    this.underWay++;
    this.lastHandled = this.lastHandled
      .then(() => this.handling.handle(batch))
      .catch((error: unknown) => this.handling.onError(error))
      .finally(() => {
        this.underWay--;
      });
  }
}
