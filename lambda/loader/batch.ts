/** Which objects make one load. Pure. */
import type { LakeObject } from './lakeObject';

/** How much one COPY takes. */
export interface BatchLimits {
  readonly maxObjects: number;
  readonly maxBytes: number;
}

/**
 * Most objects in one load, whatever the configuration says: the ledger rows of so many, with keys as long as S3
 * allows, still fit the statements of one Data API batch.
 */
export const MAX_OBJECTS = 1_000;

/**
 * Splits objects into the next batch and the rest. The batch holds at least one object, however large, so that every
 * object gets its turn.
 */
export function nextBatch(
  objects: readonly LakeObject[],
  limits: BatchLimits,
): { batch: LakeObject[]; rest: LakeObject[] } {
  const maxObjects = Math.min(limits.maxObjects, MAX_OBJECTS);
  let bytes = 0;
  let count = 0;
  for (const object of objects) {
    bytes += object.bytes;
    if (count === maxObjects || (count > 0 && bytes > limits.maxBytes)) break;
    count++;
  }
  return { batch: objects.slice(0, count), rest: objects.slice(count) };
}
