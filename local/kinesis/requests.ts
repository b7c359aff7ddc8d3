/** Reads the request members that several Kinesis operations share. */
import { AwsError } from '../http/awsError';
import { type JsonObject, optionalText, requiredText } from '../http/members';
import type { Stream } from './stream';
import type { KinesisStreams } from './streams';

const STREAM_NAME = { maxLength: 128, pattern: /^[a-zA-Z0-9_.-]+$/ };
const SHARD_ID = { maxLength: 128, pattern: /^[a-zA-Z0-9_.-]+$/ };

/** The name for a new stream. */
export function newStreamName(input: JsonObject): string {
  return requiredText(input, 'StreamName', STREAM_NAME);
}

/**
 * The stream a request names, by StreamName or StreamARN.
 * @throws AwsError ResourceNotFoundException, InvalidArgumentException
 */
export function requestedStream(streams: KinesisStreams, input: JsonObject): Stream {
  const arn = optionalText(input, 'StreamARN', {
    maxLength: 2048,
    pattern: /^arn:aws.*:kinesis:.*:stream\/\S+$/,
  });
  const name = optionalText(input, 'StreamName', STREAM_NAME) ?? arn?.slice(arn.indexOf('/') + 1);
  if (name === undefined) {
    throw new AwsError('InvalidArgumentException', 'Either StreamName or StreamARN must be specified.');
  }
  const stream = streams.get(name);
  if (arn !== undefined && arn !== stream.arn) {
    throw new AwsError('ResourceNotFoundException', `Stream ${arn} not found: it is ${stream.arn}`);
  }
  return stream;
}

/** A shard id. */
export function requestedShardId(input: JsonObject, member = 'ShardId'): string {
  return requiredText(input, member, SHARD_ID);
}
