/** SplitShard, MergeShards and UpdateShardCount on a stream's hash key ranges. */
import { AwsError } from '../http/awsError';
import { evenBoundaries, fromHex, toHex } from './hashKeys';
import type { Shard } from './shard';
import type { Stream } from './stream';

/**
 * Splits a shard in two; the second begins at the hash key.
 * @throws AwsError InvalidArgumentException when the hash key is not inside the shard's range
 */
export function splitShard(stream: Stream, shard: Shard, newStartingHex: string): void {
  requireOpen(shard);
  const { startingHex, endingHex } = shard.hashKeys;
  if (newStartingHex <= startingHex || newStartingHex > endingHex) {
    throw new AwsError(
      'InvalidArgumentException',
      `NewStartingHashKey ${fromHex(newStartingHex)} used in SplitShard() on shard ${shard.id} in stream ` +
        `${stream.name} must be greater than ${fromHex(startingHex)} and at most ${fromHex(endingHex)}.`,
    );
  }
  stream.replaceShards(
    [shard],
    [
      { startingHex, endingHex: toHex(fromHex(newStartingHex) - 1n) },
      { startingHex: newStartingHex, endingHex },
    ],
  );
}

/**
 * Merges two shards whose ranges touch.
 * @throws AwsError InvalidArgumentException when they do not
 */
export function mergeShards(stream: Stream, shard: Shard, adjacent: Shard): void {
  requireOpen(shard);
  requireOpen(adjacent);
  const [lower, upper] =
    shard.hashKeys.startingHex < adjacent.hashKeys.startingHex ? [shard, adjacent] : [adjacent, shard];
  if (fromHex(lower.hashKeys.endingHex) + 1n !== fromHex(upper.hashKeys.startingHex)) {
    throw new AwsError(
      'InvalidArgumentException',
      `Shards ${shard.id} and ${adjacent.id} in stream ${stream.name} are not an adjacent pair of shards eligible for merging`,
    );
  }
  stream.replaceShards(
    [shard, adjacent],
    [{ startingHex: lower.hashKeys.startingHex, endingHex: upper.hashKeys.endingHex }],
  );
}

/**
 * Brings the stream to `target` even shards by splits, then merges, so that no shard has more than two parents.
 * Short-lived shards appear on the way, as on AWS.
 * @throws AwsError LimitExceededException past double or under half of the open shards
 */
export function updateShardCount(stream: Stream, target: number): void {
  const current = stream.openShards.length;
  if (target > current * 2 || target < current / 2) {
    throw new AwsError(
      'LimitExceededException',
      `UpdateShardCount to ${target} is refused: the stream has ${current} open shards, ` +
        `so the target must be from ${Math.ceil(current / 2)} to ${current * 2}`,
    );
  }
  const boundaries = new Set(evenBoundaries(target).map(toHex));
  for (const boundary of boundaries) {
    const around = stream.openShards.find(
      ({ hashKeys }) => hashKeys.startingHex < boundary && boundary <= hashKeys.endingHex,
    );
    if (around) splitShard(stream, around, boundary);
  }
  for (let i = 0; i < stream.openShards.length; ) {
    const [shard, next] = stream.openShards.slice(i, i + 2);
    if (shard && next && !boundaries.has(next.hashKeys.startingHex)) mergeShards(stream, shard, next);
    else i += 1;
  }
}

function requireOpen(shard: Shard): void {
  if (shard.isOpen) return;
  throw new AwsError('InvalidArgumentException', `Shard ${shard.id} is closed and cannot be split or merged`);
}
