/** Limits of the alarms, derived from what the environment is configured to do. */
import type { CapacityPlan } from '../capacity/types';
import type { EnvironmentConfig } from '../config';
import { TRANSFORM_RETRIES } from '../lake/eventDelivery';
import { LOADER_TIMEOUT } from '../loading/timing';

/** Above this Redshift slows down, and there is still time to resize. */
const DISK_PERCENT = 80;

/** Values from which on something is wrong, in the units of their names. */
export interface Thresholds {
  readonly behindLatestMillis: number;
  readonly freshnessSeconds: number;
  readonly rejectedFreshnessSeconds: number;
  readonly transformErrors: number;
  readonly rejectedPercent: number;
  readonly oldestObjectSeconds: number;
  /** Time from the stream to the end of a load, when everything is in order. */
  readonly loadWindowMinutes: number;
  readonly diskPercent: number;
}

/** Pure: the same configuration and plan give the same thresholds. */
export function thresholds(
  config: Pick<EnvironmentConfig, 'alarms' | 'warehouse'>,
  plan: Pick<CapacityPlan, 'transform' | 'delivery'>,
): Thresholds {
  const bufferSeconds = plan.transform.bufferSeconds + plan.delivery.bufferSeconds;
  // An object may just miss one run and wait through the next, which may take as long as the loader can.
  const waitMinutes = 2 * config.warehouse.loadIntervalMinutes + LOADER_TIMEOUT.toMinutes();
  const bufferMinutes = Math.ceil(bufferSeconds / 60);
  return {
    // A reader this late no longer keeps up: in order it is seconds behind.
    behindLatestMillis: plan.delivery.bufferSeconds * 1_000,
    freshnessSeconds: 2 * bufferSeconds,
    rejectedFreshnessSeconds: 2 * plan.delivery.bufferSeconds,
    // As many failures as one batch has attempts: from here on batches may have been given up.
    transformErrors: TRANSFORM_RETRIES + 1,
    rejectedPercent: config.alarms.rejectedPercent,
    oldestObjectSeconds: waitMinutes * 60,
    loadWindowMinutes: bufferMinutes + waitMinutes,
    diskPercent: DISK_PERCENT,
  };
}
