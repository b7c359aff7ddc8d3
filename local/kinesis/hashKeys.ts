/** The 128-bit hash keys that route records to shards. Kept as 32 hex digits, which sort as the numbers do. */
import { hash } from 'node:crypto';
import { AwsError } from '../http/awsError';

const HASH_KEY_COUNT = 2n ** 128n;

/** A shard's range of hash keys, both ends included. */
export interface HashKeyRange {
  readonly startingHex: string;
  readonly endingHex: string;
}

export function toHex(hashKey: bigint): string {
  return hashKey.toString(16).padStart(32, '0');
}

export function fromHex(hex: string): bigint {
  return BigInt(`0x${hex}`);
}

/** Hash key of a partition key: its MD5. */
export function partitionKeyHash(partitionKey: string): string {
  return hash('md5', partitionKey, 'hex');
}

/**
 * A hash key given in decimal.
 * @throws AwsError when it is no integer from 0 to 2^128 - 1
 */
export function parseHashKey(member: string, decimal: string): string {
  if (!/^(0|[1-9]\d{0,38})$/.test(decimal) || BigInt(decimal) >= HASH_KEY_COUNT) {
    throw new AwsError(
      'InvalidArgumentException',
      `Invalid ${member}. ${member} must be in the range: [0, 2^128-1]. Specified value was ${decimal}`,
    );
  }
  return toHex(BigInt(decimal));
}

/** First hash keys of `count` ranges that share the hash keys evenly; the last takes what division leaves over. */
export function evenBoundaries(count: number): bigint[] {
  const width = HASH_KEY_COUNT / BigInt(count);
  return Array.from({ length: count }, (_, i) => BigInt(i) * width);
}

/** Ranges that start at the boundaries and together cover every hash key. */
export function rangesFrom(boundaries: readonly bigint[]): HashKeyRange[] {
  return boundaries.map((start, i) => ({
    startingHex: toHex(start),
    endingHex: toHex((boundaries[i + 1] ?? HASH_KEY_COUNT) - 1n),
  }));
}
