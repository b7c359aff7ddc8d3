/** A provisioned stream that refuses what Kinesis refuses, and takes its time to reshard. */
import { KINESIS_SHARD_COUNT_CHANGES_PER_DAY, KINESIS_SHARD_COUNT_TARGET } from '../../contract/limits';
import { SECONDS_PER_DAY } from './week';

/**
 * How long a change takes. AWS says "a few minutes, depending on the size of the stream"; these are this project's
 * guess, not measured.
 */
const RESHARDING_SECONDS = 60;
const RESHARDING_SECONDS_PER_SHARD = 1;

const { max, min } = Math;

/** Kinesis would have answered the call with an error. */
export class RefusedChangeError extends Error {
  override readonly name = 'RefusedChangeError';
}

/** Seconds are counted from any beginning; they must not go back. */
export class SimulatedStream {
  private shards: number;
  private pending: { readonly shards: number; readonly doneSecond: number } | undefined;
  private readonly calls: number[] = [];

  /** @param quota shards the account may have */
  constructor(
    shards: number,
    private readonly quota: number,
  ) {
    this.shards = shards;
  }

  /** Seconds at which the count was changed. */
  get changeSeconds(): readonly number[] {
    return this.calls;
  }

  /** Shards that take records: while the stream is changing, the fewer of before and after. */
  openShards(second: number): number {
    if (this.pending !== undefined && second >= this.pending.doneSecond) {
      this.shards = this.pending.shards;
      this.pending = undefined;
    }
    return min(this.shards, this.pending?.shards ?? this.shards);
  }

  isSettled(second: number): boolean {
    this.openShards(second);
    return this.pending === undefined;
  }

  /**
   * UpdateShardCount.
   * @throws RefusedChangeError for a call that the API reference says fails
   */
  updateShardCount(second: number, target: number): void {
    if (!this.isSettled(second))
      throw new RefusedChangeError('ResourceInUseException: the stream is UPDATING');
    const { shards } = this;
    const inDay = this.calls.filter((call) => call > second - SECONDS_PER_DAY).length;
    const isWhole = Number.isInteger(target) && target >= 1;
    if (!isWhole || target === shards) {
      throw new RefusedChangeError(
        `InvalidArgumentException: target ${target} of a stream with ${shards} shards`,
      );
    }
    if (target > 2 * shards || target < shards / 2) {
      throw new RefusedChangeError(`LimitExceededException: from ${shards} to ${target} shards in one call`);
    }
    if (target > min(this.quota, KINESIS_SHARD_COUNT_TARGET)) {
      throw new RefusedChangeError(`LimitExceededException: ${target} shards pass the quota`);
    }
    if (inDay >= KINESIS_SHARD_COUNT_CHANGES_PER_DAY) {
      throw new RefusedChangeError('LimitExceededException: more than ten changes in 24 hours');
    }
    this.calls.push(second);
    const takes = RESHARDING_SECONDS + RESHARDING_SECONDS_PER_SHARD * max(shards, target);
    this.pending = { shards: target, doneSecond: second + takes };
  }
}
