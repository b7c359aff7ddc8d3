/** A data stream: routes records to shards, reads them back, splits and merges shards. */
import { HOUR_MILLIS } from '../../lib/contract/units';
import { AwsError } from '../http/awsError';
import { LOCAL_ACCOUNT_ID, localArn } from '../http/identity';
import { evenBoundaries, type HashKeyRange, partitionKeyHash, rangesFrom } from './hashKeys';
import { GET_RECORDS_BYTES, GET_RECORDS_COUNT } from './limits';
import type { RecordBytes } from './recordBytes';
import { Shard, type StreamRecord } from './shard';

export interface StreamOptions {
  readonly name: string;
  readonly shardCount: number;
  readonly retentionHours: number;
  readonly limitFactor: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly recordBytes: RecordBytes;
}

/** A record to put. The hash key, 32 hex digits, stands in for the partition key's MD5 when given. */
export interface RecordToPut {
  readonly partitionKey: string;
  readonly data: Buffer;
  readonly explicitHashKeyHex?: string | undefined;
}

/** Where a record went, or which shard was at its limit, or failed. */
export type PutOutcome =
  | { readonly kind: 'stored'; readonly shardId: string; readonly sequenceNumber: string }
  | { readonly kind: 'throttled'; readonly shardId: string }
  | { readonly kind: 'failed'; readonly shardId: string };

/** Where to start reading a shard. */
export type StartingPosition =
  | { readonly type: 'TRIM_HORIZON' | 'LATEST' }
  | { readonly type: 'AT_TIMESTAMP'; readonly timestampMillis: number }
  | { readonly type: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER'; readonly sequenceNumber: string };

/** A place in a shard, between two records. */
export interface ShardPosition {
  readonly shardId: string;
  readonly offset: number;
}

export interface ReadResult {
  readonly records: readonly StreamRecord[];
  /** Where to read on; undefined when a closed shard was read to its end. */
  readonly next: ShardPosition | undefined;
  /** 0 when caught up. */
  readonly millisBehindLatest: number;
  /** Shards to go on with, at the end of a closed one. */
  readonly children: readonly Shard[];
}

export class Stream {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMillis: number;
  /** Records taken since the stream was created. */
  recordsPut = 0;
  retentionHours: number;
  /** All shards that still may hold records, in order of creation. */
  private readonly allShards: Shard[] = [];
  /** Shards that take records, by hash key. */
  private open: Shard[] = [];
  private shardsCreated = 0;

  constructor(private readonly options: StreamOptions) {
    this.name = options.name;
    this.arn = localArn('kinesis', `stream/${options.name}`);
    this.retentionHours = options.retentionHours;
    this.createdAtMillis = options.clock();
    for (const hashKeys of rangesFrom(evenBoundaries(options.shardCount)))
      this.open.push(this.addShard(hashKeys));
  }

  /** Shards, closed ones included until the last of their records is past its retention. */
  get shards(): readonly Shard[] {
    this.trim();
    return this.allShards;
  }

  get openShards(): readonly Shard[] {
    return this.open;
  }

  /** Stores a record in the shard its key hashes to, unless that shard is at its limit. */
  put(record: RecordToPut): PutOutcome {
    const shard = this.shardFor(record);
    const now = this.options.clock();
    shard.trim(this.trimHorizon(now));
    const sequenceNumber = shard.append(record.partitionKey, record.data, now);
    if (sequenceNumber === undefined) return { kind: 'throttled', shardId: shard.id };
    this.recordsPut++;
    return { kind: 'stored', shardId: shard.id, sequenceNumber };
  }

  /**
   * The place to start reading at.
   * @throws AwsError ResourceNotFoundException, InvalidArgumentException
   */
  startAt(shardId: string, start: StartingPosition): ShardPosition {
    const shard = this.shard(shardId);
    switch (start.type) {
      case 'TRIM_HORIZON':
        return { shardId, offset: 0 };
      case 'LATEST':
        return { shardId, offset: shard.endOffset };
      case 'AT_TIMESTAMP':
        return { shardId, offset: shard.offsetAtTime(start.timestampMillis) };
      case 'AT_SEQUENCE_NUMBER':
      case 'AFTER_SEQUENCE_NUMBER': {
        const offset = shard.offsetOf(start.sequenceNumber);
        if (offset === undefined) {
          throw new AwsError(
            'InvalidArgumentException',
            `StartingSequenceNumber ${start.sequenceNumber} used in GetShardIterator on shard ${shardId} in ` +
              `stream ${this.name} under account ${LOCAL_ACCOUNT_ID} is invalid.`,
          );
        }
        return { shardId, offset: start.type === 'AT_SEQUENCE_NUMBER' ? offset : offset + 1 };
      }
    }
  }

  /**
   * Reads on from a place, under the same limits as GetRecords: 5 calls and 2 MB a second and shard.
   * @throws AwsError ProvisionedThroughputExceededException, ResourceNotFoundException
   */
  read(position: ShardPosition, maxRecords = GET_RECORDS_COUNT, maxBytes = GET_RECORDS_BYTES): ReadResult {
    const now = this.options.clock();
    const shard = this.shard(position.shardId);
    if (!shard.admitRead(now)) throw this.throttled(shard.id);
    shard.trim(this.trimHorizon(now));
    const { records, nextOffset } = shard.read(position.offset, maxRecords, maxBytes);
    const nextArrivalMillis = shard.arrivalAt(nextOffset);
    const isAtEnd = nextArrivalMillis === undefined && !shard.isOpen;
    return {
      records,
      next: isAtEnd ? undefined : { shardId: shard.id, offset: nextOffset },
      millisBehindLatest: nextArrivalMillis === undefined ? 0 : Math.max(1, now - nextArrivalMillis),
      children: isAtEnd ? this.childrenOf(shard) : [],
    };
  }

  /** The error for a shard at its limit. */
  throttled(shardId: string): AwsError {
    return new AwsError('ProvisionedThroughputExceededException', this.throttledMessage(shardId));
  }

  throttledMessage(shardId: string): string {
    return `Rate exceeded for shard ${shardId} in stream ${this.name} under account ${LOCAL_ACCOUNT_ID}.`;
  }

  /** @throws AwsError ResourceNotFoundException */
  shard(shardId: string): Shard {
    const shard = this.shards.find((candidate) => candidate.id === shardId);
    if (shard) return shard;
    throw new AwsError(
      'ResourceNotFoundException',
      `Shard ${shardId} in stream ${this.name} under account ${LOCAL_ACCOUNT_ID} does not exist`,
    );
  }

  /** Closes the parents (one, or two adjacent ones) and opens shards with the given ranges in their place. */
  replaceShards(parents: readonly [Shard, Shard?], ranges: readonly HashKeyRange[]): void {
    const [parent, adjacentParent] = parents;
    const now = this.options.clock();
    for (const closing of parents) if (closing) closing.closedAtMillis = now;
    const children = ranges.map((hashKeys) => this.addShard(hashKeys, parent.id, adjacentParent?.id));
    this.open = [...this.open.filter((shard) => shard.isOpen), ...children].sort((a, b) =>
      a.hashKeys.startingHex < b.hashKeys.startingHex ? -1 : 1,
    );
  }

  /** Lets go of every record. */
  discard(): void {
    for (const shard of this.allShards) shard.trim(Number.POSITIVE_INFINITY);
  }

  private childrenOf(parent: Shard): Shard[] {
    return this.allShards.filter(
      (shard) => shard.parentId === parent.id || shard.adjacentParentId === parent.id,
    );
  }

  private addShard(hashKeys: HashKeyRange, parentId?: string, adjacentParentId?: string): Shard {
    const shard = new Shard({
      index: this.shardsCreated++,
      hashKeys,
      ...(parentId ? { parentId } : {}),
      ...(adjacentParentId ? { adjacentParentId } : {}),
      streamCreatedAtMillis: this.createdAtMillis,
      createdAtMillis: this.options.clock(),
      limitFactor: this.options.limitFactor,
      recordBytes: this.options.recordBytes,
    });
    this.allShards.push(shard);
    return shard;
  }

  /** The open shard the record's key hashes to. */
  shardFor(record: RecordToPut): Shard {
    const only = this.open[0];
    if (this.open.length === 1 && only) return only;
    const hex = record.explicitHashKeyHex ?? partitionKeyHash(record.partitionKey);
    let low = 0;
    let high = this.open.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.open[middle]?.hashKeys.endingHex ?? '') < hex) low = middle + 1;
      else high = middle;
    }
    const shard = this.open[low];
    if (!shard) throw new Error(`Stream ${this.name} has no shard for hash key ${hex}`);
    return shard;
  }

  private trimHorizon(nowMillis: number): number {
    return nowMillis - this.retentionHours * HOUR_MILLIS;
  }

  private trim(): void {
    const horizon = this.trimHorizon(this.options.clock());
    for (const shard of [...this.allShards]) {
      shard.trim(horizon);
      if ((shard.closedAtMillis ?? horizon) < horizon)
        this.allShards.splice(this.allShards.indexOf(shard), 1);
    }
  }
}
