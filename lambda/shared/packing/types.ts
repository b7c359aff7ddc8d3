/** What packing makes of events, and what sending reports back. */

/** How events are packed; an environment's `packing` settings fit. */
export interface PackOptions {
  /** Events are packed until a record holds this many bytes before compression. 0 means one event a record. */
  readonly packBytes: number;
  readonly compression: 'gzip' | 'none';
  /** The transform rejects a record that expands to more bytes than this, so none is made. */
  readonly maxExpandedBytes: number;
}

/** Where a record goes: Kinesis places it by `explicitHashKey`, its consumers see `partitionKey`. */
export interface RecordKey {
  readonly partitionKey: string;
  /** Decimal number from 0 to 2^128 - 1. */
  readonly explicitHashKey: string;
}

/** One Kinesis record full of events: NDJSON, every line ended by a line feed, gzipped unless told otherwise. */
export interface PackedEntry extends RecordKey {
  readonly kind: 'entry';
  readonly data: Uint8Array;
  readonly eventCount: number;
  /** Bytes of the NDJSON before compression. */
  readonly expandedBytes: number;
}

/**
 * Why an event can never be sent.
 * - `too_large`: alone in a record it would still pass the limit of a record or of what one may expand to.
 * - `not_one_line`: its text is empty or holds a line break, so it would not be one event on the wire.
 * - `not_serializable`: the object has no JSON form.
 */
export type UnsendableReason = 'too_large' | 'not_one_line' | 'not_serializable';

/** An event that can never be sent, whole. */
export interface UnsendableEvent {
  readonly kind: 'unsendable';
  /** The event's text, as far as it has one. */
  readonly line: string;
  readonly reason: UnsendableReason;
  /** What was wrong, the value, and what would be right. */
  readonly detail: string;
}

/** The fate of events in the packer: in a record, or reported. */
export type PackResult = PackedEntry | UnsendableEvent;

/** A record that Kinesis did not take in spite of all attempts. */
export interface FailedEntry {
  readonly kind: 'failed';
  readonly entry: PackedEntry;
  /** Kinesis's error code, such as ProvisionedThroughputExceededException, or the name of the client's error. */
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly attempts: number;
}

/** What did not reach the stream. */
export type Unsent = UnsendableEvent | FailedEntry;

/** Counts of one `sendEntries`. Always eventsIn = eventsSent + eventsUnsent. */
export interface SendCounts {
  readonly eventsIn: number;
  readonly eventsSent: number;
  readonly eventsUnsent: number;
  readonly entriesSent: number;
  /** Bytes of the records sent, as they went over the wire (before base64). */
  readonly bytesSent: number;
  /** Bytes of the same records before compression. */
  readonly expandedBytesSent: number;
  readonly requests: number;
  /** Times Kinesis refused an entry because a shard's limit was reached. */
  readonly throttledEntries: number;
}

/** Counts to begin with, to be counted up. */
export function noCounts(): { -readonly [name in keyof SendCounts]: SendCounts[name] } {
  return {
    eventsIn: 0,
    eventsSent: 0,
    eventsUnsent: 0,
    entriesSent: 0,
    bytesSent: 0,
    expandedBytesSent: 0,
    requests: 0,
    throttledEntries: 0,
  };
}
