/** One shard: an append-only run of records under AWS's limits on writes and reads. */
import { KINESIS_SHARD_BYTES_PER_SECOND, KINESIS_SHARD_RECORDS_PER_SECOND } from '../../lib/contract/limits';
import type { HashKeyRange } from './hashKeys';
import {
  SHARD_ITERATOR_CALLS_PER_SECOND,
  SHARD_READ_BYTES_PER_SECOND,
  SHARD_READ_CALLS_PER_SECOND,
} from './limits';
import type { RecordBytes, StoredBytes } from './recordBytes';
import { TokenBucket } from './tokenBucket';

/** A record as consumers see it. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Buffer;
  readonly arrivedAtMillis: number;
}

/** A record as it is kept. */
interface StoredRecord {
  readonly partitionKey: string;
  readonly bytes: StoredBytes;
  readonly arrivedAtMillis: number;
}

export interface ShardOptions {
  /** Counts the stream's shards from its creation on; part of id and sequence numbers. */
  readonly index: number;
  readonly hashKeys: HashKeyRange;
  readonly parentId?: string;
  readonly adjacentParentId?: string;
  readonly streamCreatedAtMillis: number;
  readonly createdAtMillis: number;
  /** Multiplies every limit per second. */
  readonly limitFactor: number;
  readonly recordBytes: RecordBytes;
}

/** Records read, and the offset to read on from. */
export interface ShardRead {
  readonly records: readonly StreamRecord[];
  readonly nextOffset: number;
}

/** Name of the shard with that index. */
function shardName(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}

export class Shard {
  readonly id: string;
  readonly hashKeys: HashKeyRange;
  readonly parentId: string | undefined;
  readonly adjacentParentId: string | undefined;
  /** When a split or merge closed it; undefined while it takes records. */
  closedAtMillis: number | undefined;

  /** Offsets count all records ever written, from 1; records before `firstOffset` are past their retention. */
  private firstOffset = 1;
  private readonly records: StoredRecord[] = [];
  private lastArrivalMillis = 0;
  private readonly sequencePrefix: string;
  private readonly writeBytes: TokenBucket;
  private readonly writeRecords: TokenBucket;
  private readonly readBytes: TokenBucket;
  private readonly readCalls: TokenBucket;
  private readonly iteratorCalls: TokenBucket;

  private readonly recordBytes: RecordBytes;

  constructor(options: ShardOptions) {
    const { index, limitFactor, createdAtMillis } = options;
    this.recordBytes = options.recordBytes;
    this.id = shardName(index);
    this.hashKeys = options.hashKeys;
    this.parentId = options.parentId;
    this.adjacentParentId = options.adjacentParentId;
    // 56 digits beginning with 49, as AWS's are today: stream, shard, then the record's offset.
    const createdSeconds = String(Math.floor(options.streamCreatedAtMillis / 1000)).padStart(12, '0');
    this.sequencePrefix = `49${createdSeconds}${String(index).padStart(10, '0')}`;
    const bucket = (perSecond: number) => new TokenBucket(perSecond * limitFactor, createdAtMillis);
    this.writeBytes = bucket(KINESIS_SHARD_BYTES_PER_SECOND);
    this.writeRecords = bucket(KINESIS_SHARD_RECORDS_PER_SECOND);
    this.readBytes = bucket(SHARD_READ_BYTES_PER_SECOND);
    this.readCalls = bucket(SHARD_READ_CALLS_PER_SECOND);
    this.iteratorCalls = bucket(SHARD_ITERATOR_CALLS_PER_SECOND);
  }

  get isOpen(): boolean {
    return this.closedAtMillis === undefined;
  }

  /** Offset the next record will get. */
  get endOffset(): number {
    return this.firstOffset + this.records.length;
  }

  get startingSequenceNumber(): string {
    return this.sequenceNumber(0);
  }

  get endingSequenceNumber(): string | undefined {
    return this.isOpen ? undefined : this.sequenceNumber(this.endOffset);
  }

  /** Adds a record, or answers undefined when it would pass the shard's bytes or records a second. */
  append(partitionKey: string, data: Buffer, nowMillis: number): string | undefined {
    const bytes = data.length + Buffer.byteLength(partitionKey);
    if (!this.writeRecords.has(1, nowMillis) || !this.writeBytes.has(bytes, nowMillis)) return undefined;
    this.writeRecords.take(1);
    this.writeBytes.take(bytes);
    // Arrival never goes back, whatever the clock does: reads by time rely on it.
    this.lastArrivalMillis = Math.max(nowMillis, this.lastArrivalMillis);
    const sequenceNumber = this.sequenceNumber(this.endOffset);
    const stored = this.recordBytes.store(data);
    this.records.push({ partitionKey, bytes: stored, arrivedAtMillis: this.lastArrivalMillis });
    return sequenceNumber;
  }

  /** Whether the shard's limits allow a GetRecords call now; counts the call if so. */
  admitRead(nowMillis: number): boolean {
    if (!this.readCalls.has(1, nowMillis) || !this.readBytes.has(1, nowMillis)) return false;
    this.readCalls.take(1);
    return true;
  }

  /** Whether the shard's limits allow a GetShardIterator call now; counts the call if so. */
  admitIterator(nowMillis: number): boolean {
    if (!this.iteratorCalls.has(1, nowMillis)) return false;
    this.iteratorCalls.take(1);
    return true;
  }

  /** Records from `offset` on within the bounds, but always one if there is one; charges the read rate. */
  read(offset: number, maxRecords: number, maxBytes: number): ShardRead {
    const start = Math.max(0, offset - this.firstOffset);
    let end = start;
    let bytes = 0;
    for (; end < this.records.length && end - start < maxRecords; end++) {
      const size = this.records[end]?.bytes.length ?? 0;
      if (end > start && bytes + size > maxBytes) break;
      bytes += size;
    }
    this.readBytes.charge(bytes);
    const records = this.records
      .slice(start, end)
      .map(({ partitionKey, bytes: stored, arrivedAtMillis }, i) => ({
        sequenceNumber: this.sequenceNumber(this.firstOffset + start + i),
        partitionKey,
        data: this.recordBytes.load(stored),
        arrivedAtMillis,
      }));
    return { records, nextOffset: this.firstOffset + end };
  }

  /** When the record at the offset arrived; undefined when there is none. */
  arrivalAt(offset: number): number | undefined {
    return this.records[Math.max(0, offset - this.firstOffset)]?.arrivedAtMillis;
  }

  /** Offset of the first record that arrived at the time or later. */
  offsetAtTime(millis: number): number {
    let low = 0;
    let high = this.records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.records[middle]?.arrivedAtMillis ?? 0) < millis) low = middle + 1;
      else high = middle;
    }
    return this.firstOffset + low;
  }

  /** Offset that a sequence number of this shard stands for; undefined when it is none of this shard's. */
  offsetOf(sequenceNumber: string): number | undefined {
    if (!/^\d{56}$/.test(sequenceNumber) || !sequenceNumber.startsWith(this.sequencePrefix)) return undefined;
    const offset = Number(sequenceNumber.slice(this.sequencePrefix.length));
    return offset <= this.endOffset ? offset : undefined;
  }

  /** Forgets the records that arrived before the time. */
  trim(beforeMillis: number): void {
    const oldest = this.records[0];
    if (!oldest || oldest.arrivedAtMillis >= beforeMillis) return;
    const count = this.offsetAtTime(beforeMillis) - this.firstOffset;
    for (const { bytes } of this.records.splice(0, count)) this.recordBytes.release(bytes);
    this.firstOffset += count;
  }

  private sequenceNumber(offset: number): string {
    return this.sequencePrefix + String(offset).padStart(56 - this.sequencePrefix.length, '0');
  }
}
