/** How far one change goes: AWS's rules for UpdateShardCount, and the steps it makes fastest. */
import { KINESIS_SHARD_COUNT_TARGET } from '../contract/limits';

/**
 * AWS advises multiples of 25 %: other targets take longer, and the short-lived shards they need count towards the
 * account's quota.
 */
const STEPS_UP = [1.25, 1.5, 1.75, 2];
const STEP_DOWN = 0.75;

/** The most shards one change may go up to: AWS refuses more than double. */
export function doubled(shards: number): number {
  return Math.min(2 * shards, KINESIS_SHARD_COUNT_TARGET);
}

/** The smallest step up that gives `wanted` shards, or the largest that AWS allows when none does. */
export function stepUp(shards: number, wanted: number): number {
  const enough = STEPS_UP.map((factor) => Math.ceil(shards * factor)).find((target) => target >= wanted);
  return Math.min(enough ?? doubled(shards), doubled(shards));
}

/** One step down: a quarter fewer, rounded up, and at least one fewer. Never below AWS's half, never below 1. */
export function stepDown(shards: number): number {
  return Math.max(1, Math.min(Math.ceil(shards * STEP_DOWN), shards - 1));
}
