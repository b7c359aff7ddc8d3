/** Reads a Kinesis stream for a delivery stream: polls each shard from the moment it was started. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeliveryStream } from './deliveryStream';
import type { SourceRecord } from './records';

/** What one read of a shard brought; `P` is a place in a shard. */
export interface ShardRead<P> {
  readonly records: readonly SourceRecord[];
  /** Where to read on; undefined when the shard is closed and read to its end. */
  readonly next: P | undefined;
  /** Nothing was left in the shard after this read. */
  readonly caughtUp: boolean;
}

/** A stream as a consumer sees it. */
export interface StreamReader<P> {
  /** Ids of all shards, in the order in which they came to be. */
  shardIds(): Promise<readonly string[]>;
  /** Position of a shard: its end, or for a shard that came later its beginning. */
  position(shardId: string, from: 'LATEST' | 'TRIM_HORIZON'): Promise<P>;
  read(position: P): Promise<ShardRead<P>>;
}

/** Polls until it is closed. Firehose polls each shard once a second. */
export class KinesisSource<P> {
  private readonly positions = new Map<string, P>();
  private readonly finished = new Set<string>();
  private closed = false;
  private polling: Promise<void> = Promise.resolve();
  private round: Promise<boolean> | undefined;

  private constructor(
    private readonly reader: StreamReader<P>,
    private readonly target: DeliveryStream,
    private readonly pollMillis: number,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Starts at LATEST: what was put before is not delivered. */
  static async start<P>(
    reader: StreamReader<P>,
    target: DeliveryStream,
    pollMillis: number,
    onError: (error: unknown) => void,
  ): Promise<KinesisSource<P>> {
    const source = new KinesisSource(reader, target, pollMillis, onError);
    for (const shardId of await reader.shardIds()) {
      source.positions.set(shardId, await reader.position(shardId, 'LATEST'));
    }
    source.polling = source.poll();
    return source;
  }

  /** Resolves when everything that is in the stream now has been handed to the delivery stream. */
  async catchUp(): Promise<void> {
    while (!this.closed && !(await this.readRound())) await sleep(this.pollMillis);
  }

  /** Stops polling and waits for the read under way. */
  async close(): Promise<void> {
    this.closed = true;
    await this.polling;
  }

  private async poll(): Promise<void> {
    while (!this.closed) {
      try {
        await this.readRound();
      } catch (error) {
        this.onError(error);
      }
      await sleep(this.pollMillis);
    }
  }

  /** Reads each shard once; true when all were caught up. Rounds do not overlap. */
  private async readRound(): Promise<boolean> {
    while (this.round !== undefined) await this.round.catch(() => false);
    this.round = this.readAllShards();
    try {
      return await this.round;
    } finally {
      this.round = undefined;
    }
  }

  private async readAllShards(): Promise<boolean> {
    for (const shardId of await this.reader.shardIds()) {
      if (this.positions.has(shardId) || this.finished.has(shardId)) continue;
      this.positions.set(shardId, await this.reader.position(shardId, 'TRIM_HORIZON'));
    }
    let caughtUp = true;
    for (const [shardId, position] of [...this.positions]) {
      const { records, next, caughtUp: shardCaughtUp } = await this.reader.read(position);
      await this.target.put(records);
      if (next === undefined) {
        this.positions.delete(shardId);
        this.finished.add(shardId);
      } else {
        this.positions.set(shardId, next);
      }
      caughtUp &&= shardCaughtUp;
    }
    return caughtUp;
  }
}
