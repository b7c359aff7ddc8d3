/** GetShardIterator and GetRecords. */
import { AwsError } from '../http/awsError';
import type { JsonOperation } from '../http/jsonService';
import { type JsonObject, optionalInteger, optionalText, requiredText } from '../http/members';
import { decodeIterator, encodeIterator } from './iterators';
import { GET_RECORDS_COUNT } from './limits';
import { requestedShardId, requestedStream } from './requests';
import { hashKeyRange } from './shapes';
import type { StartingPosition } from './stream';
import type { KinesisStreams } from './streams';

const ITERATOR_TYPES = [
  'AT_SEQUENCE_NUMBER',
  'AFTER_SEQUENCE_NUMBER',
  'TRIM_HORIZON',
  'LATEST',
  'AT_TIMESTAMP',
] as const;

export function readOperations(streams: KinesisStreams): Record<string, JsonOperation> {
  return {
    GetShardIterator(input) {
      const stream = requestedStream(streams, input);
      const shard = stream.shard(requestedShardId(input));
      const position = stream.startAt(shard.id, startingPosition(input, streams.clock()));
      if (!shard.admitIterator(streams.clock())) throw stream.throttled(shard.id);
      return { ShardIterator: encodeIterator(stream, position, streams.clock()) };
    },

    GetRecords(input) {
      const iterator = requiredText(input, 'ShardIterator', { maxLength: 512 });
      const limit = optionalInteger(input, 'Limit', 1, GET_RECORDS_COUNT);
      const state = decodeIterator(iterator, streams.clock());
      const stream = streams.get(state.streamName);
      if (stream.createdAtMillis !== state.streamCreatedAtMillis) {
        throw new AwsError('InvalidArgumentException', `Stream ${stream.name} was created anew since.`);
      }
      const result = stream.read(state, limit);
      return {
        Records: result.records.map((record) => ({
          SequenceNumber: record.sequenceNumber,
          ApproximateArrivalTimestamp: record.arrivedAtMillis / 1000,
          Data: record.data.toString('base64'),
          PartitionKey: record.partitionKey,
          EncryptionType: 'NONE',
        })),
        ...(result.next ? { NextShardIterator: encodeIterator(stream, result.next, streams.clock()) } : {}),
        MillisBehindLatest: result.millisBehindLatest,
        ...(result.children.length > 0
          ? {
              ChildShards: result.children.map((shard) => ({
                ShardId: shard.id,
                ParentShards: [shard.parentId, shard.adjacentParentId].filter((id) => id !== undefined),
                HashKeyRange: hashKeyRange(shard),
              })),
            }
          : {}),
      };
    },
  };
}

function startingPosition(input: JsonObject, nowMillis: number): StartingPosition {
  const text = requiredText(input, 'ShardIteratorType', { oneOf: ITERATOR_TYPES });
  const type = ITERATOR_TYPES.find((known) => known === text);
  const sequenceNumber = optionalText(input, 'StartingSequenceNumber', { pattern: /^(0|[1-9]\d{0,128})$/ });
  if ((type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER') && sequenceNumber !== undefined) {
    return { type, sequenceNumber };
  }
  if ((type === 'TRIM_HORIZON' || type === 'LATEST') && sequenceNumber === undefined) return { type };
  if (type === 'AT_TIMESTAMP') return { type, timestampMillis: requestedTimestamp(input, nowMillis) };
  throw new AwsError(
    'InvalidArgumentException',
    'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
      `(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${text} and ` +
      `${sequenceNumber === undefined ? 'no' : 'also a'} StartingSequenceNumber.`,
  );
}

function requestedTimestamp(input: JsonObject, nowMillis: number): number {
  const seconds = input.Timestamp;
  if (typeof seconds !== 'number') {
    throw new AwsError(
      'InvalidArgumentException',
      'Must specify Timestamp for iterator of type AT_TIMESTAMP.',
    );
  }
  const millis = Math.round(seconds * 1000);
  if (millis > nowMillis) {
    throw new AwsError(
      'InvalidArgumentException',
      `The timestamp ${millis} cannot be greater than the current time ${nowMillis}, in milliseconds.`,
    );
  }
  return millis;
}
