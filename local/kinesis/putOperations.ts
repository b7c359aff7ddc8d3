/** PutRecord and PutRecords. */
import {
  KINESIS_PUT_RECORDS_BYTES,
  KINESIS_PUT_RECORDS_COUNT,
  KINESIS_RECORD_BYTES,
} from '../../lib/contract/limits';
import { AwsError } from '../http/awsError';
import type { JsonOperation } from '../http/jsonService';
import {
  type JsonObject,
  objectList,
  optionalText,
  requiredBlob,
  requiredText,
  validationError,
} from '../http/members';
import { parseHashKey } from './hashKeys';
import { PARTITION_KEY_CHARACTERS } from './limits';
import { requestedStream } from './requests';
import type { PutOutcome, RecordToPut, Stream } from './stream';
import type { KinesisStreams } from './streams';

/**
 * Decides whether a record is refused though its shard has room: what becomes of it then, or undefined to store it.
 * Only tests and drills refuse.
 */
export type RefuseRecord = (
  shardId: string,
  record: RecordToPut,
) => Exclude<PutOutcome, { readonly kind: 'stored' }> | undefined;

export function putOperations(
  streams: KinesisStreams,
  refuse: RefuseRecord = () => undefined,
): Record<string, JsonOperation> {
  const put = (stream: Stream, record: RecordToPut) =>
    refuse(stream.shardFor(record).id, record) ?? stream.put(record);
  return {
    PutRecord(input) {
      const stream = requestedStream(streams, input);
      const outcome = put(stream, recordToPut(input));
      if (outcome.kind === 'throttled') throw stream.throttled(outcome.shardId);
      if (outcome.kind === 'failed') throw new AwsError('InternalFailure', INTERNAL_FAILURE, 500);
      const { shardId, sequenceNumber } = outcome;
      return { ShardId: shardId, SequenceNumber: sequenceNumber, EncryptionType: 'NONE' };
    },

    PutRecords(input) {
      const stream = requestedStream(streams, input);
      const entries = objectList(input, 'Records');
      if (entries.length < 1)
        throw validationError('Records', '[]', 'have length greater than or equal to 1');
      if (entries.length > KINESIS_PUT_RECORDS_COUNT) {
        const rule = `have length less than or equal to ${KINESIS_PUT_RECORDS_COUNT}`;
        throw validationError('Records', `[${entries.length} records]`, rule);
      }
      // All are read before the first is stored: one bad record refuses the whole request.
      const records = entries.map(recordToPut);
      const bytes = records.reduce((sum, record) => sum + recordBytes(record), 0);
      if (bytes > KINESIS_PUT_RECORDS_BYTES) {
        throw new AwsError(
          'InvalidArgumentException',
          `Records size is ${bytes} bytes, it must be at most ${KINESIS_PUT_RECORDS_BYTES} with partition keys.`,
        );
      }
      const outcomes = records.map((record) => put(stream, record));
      return {
        FailedRecordCount: outcomes.filter(({ kind }) => kind !== 'stored').length,
        Records: outcomes.map((outcome) => resultEntry(stream, outcome)),
        EncryptionType: 'NONE',
      };
    },
  };
}

const INTERNAL_FAILURE = 'Internal service failure.';

function resultEntry(stream: Stream, outcome: PutOutcome) {
  if (outcome.kind === 'stored') return { SequenceNumber: outcome.sequenceNumber, ShardId: outcome.shardId };
  if (outcome.kind === 'failed') return { ErrorCode: 'InternalFailure', ErrorMessage: INTERNAL_FAILURE };
  return {
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage: stream.throttledMessage(outcome.shardId),
  };
}

function recordToPut(input: JsonObject): RecordToPut {
  const partitionKey = requiredText(input, 'PartitionKey', { maxLength: PARTITION_KEY_CHARACTERS });
  const explicitHashKey = optionalText(input, 'ExplicitHashKey');
  const data = requiredBlob(input, 'Data');
  if (data.length > KINESIS_RECORD_BYTES) {
    const rule = `have length less than or equal to ${KINESIS_RECORD_BYTES}`;
    throw validationError('Data', `${data.length} bytes`, rule);
  }
  const record = {
    partitionKey,
    data,
    explicitHashKeyHex:
      explicitHashKey === undefined ? undefined : parseHashKey('ExplicitHashKey', explicitHashKey),
  };
  if (recordBytes(record) > KINESIS_RECORD_BYTES) {
    throw new AwsError(
      'InvalidArgumentException',
      `Record size is ${recordBytes(record)} bytes, data and partition key together must be at most ${KINESIS_RECORD_BYTES}.`,
    );
  }
  return record;
}

function recordBytes({ data, partitionKey }: RecordToPut): number {
  return data.length + Buffer.byteLength(partitionKey);
}
