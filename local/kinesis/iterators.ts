/** Shard iterators: a place in a shard that expires. Clients must treat them as opaque. */
import { AwsError } from '../http/awsError';
import { ITERATOR_LIFETIME_MILLIS } from './limits';
import type { ShardPosition, Stream } from './stream';

interface IteratorState extends ShardPosition {
  readonly streamName: string;
  /** Tells a stream from an earlier one of the same name. */
  readonly streamCreatedAtMillis: number;
  readonly issuedAtMillis: number;
}

export function encodeIterator(stream: Stream, position: ShardPosition, nowMillis: number): string {
  const fields = [stream.name, stream.createdAtMillis, position.shardId, position.offset, nowMillis];
  return Buffer.from(JSON.stringify(fields)).toString('base64');
}

/** @throws AwsError InvalidArgumentException, ExpiredIteratorException */
export function decodeIterator(iterator: string, nowMillis: number): IteratorState {
  const state = parse(iterator);
  const ageMillis = nowMillis - state.issuedAtMillis;
  if (ageMillis > ITERATOR_LIFETIME_MILLIS) {
    throw new AwsError(
      'ExpiredIteratorException',
      `Iterator expired. It is ${ageMillis} milliseconds old, more than the ${ITERATOR_LIFETIME_MILLIS} tolerated.`,
    );
  }
  return state;
}

function parse(iterator: string): IteratorState {
  try {
    const fields: unknown = JSON.parse(Buffer.from(iterator, 'base64').toString());
    if (Array.isArray(fields)) {
      const [streamName, streamCreatedAtMillis, shardId, offset, issuedAtMillis] = fields;
      const areTexts = typeof streamName === 'string' && typeof shardId === 'string';
      if (areTexts && [streamCreatedAtMillis, offset, issuedAtMillis].every(Number.isInteger)) {
        return { streamName, streamCreatedAtMillis, shardId, offset, issuedAtMillis };
      }
    }
  } catch {
    // Not JSON: as invalid as JSON of another shape.
  }
  throw new AwsError('InvalidArgumentException', 'Invalid ShardIterator.');
}
