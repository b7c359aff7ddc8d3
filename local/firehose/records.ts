/** What travels through a delivery stream. */

/** Where in Kinesis a record came from. */
export interface KinesisPosition {
  readonly shardId: string;
  readonly partitionKey: string;
  readonly sequenceNumber: string;
}

/** A record as the source gave it. */
export interface SourceRecord {
  readonly data: Buffer;
  /** When Kinesis, or for Direct PUT the delivery stream itself, accepted it: epoch milliseconds. */
  readonly arrivalMillis: number;
  /** Undefined for Direct PUT. */
  readonly kinesis: KinesisPosition | undefined;
}

/** Kinds of failure, as `!{firehose:error-output-type}` names them. */
export const ERROR_OUTPUT_TYPES = ['processing-failed', 'format-conversion-failed'] as const;
export type ErrorOutputType = (typeof ERROR_OUTPUT_TYPES)[number];

/** Why a record could not be delivered. */
export interface DeliveryFailure {
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
}
