/** Times of the audit. Pure: the tools need them too. */
import type { CapacityPlan } from '../capacity/types';
import { LAMBDA_TIMEOUT_SECONDS } from '../contract/limits';

/** How often it runs. */
export const AUDIT_INTERVAL_MINUTES = 60;

/** How long after the transform has counted rows they may be on their way into the lake: twice the buffers' time. */
export function settleSeconds({ transform, delivery }: Pick<CapacityPlan, 'transform' | 'delivery'>): number {
  return 2 * (transform.bufferSeconds + delivery.bufferSeconds);
}

/**
 * How long an object may wait for its load when everything is in order: it may just miss one run of the loader and
 * wait through the next, which may take as long as Lambda allows.
 */
export function graceSeconds(loadIntervalMinutes: number): number {
  return 2 * loadIntervalMinutes * 60 + LAMBDA_TIMEOUT_SECONDS;
}
