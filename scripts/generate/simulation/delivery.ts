/** How an event gets from a device to the stream: when it is sent, received, handed over, and sent again. */
import { HOUR_MILLIS, MINUTE_MILLIS, SECOND_MILLIS } from '../../../lib/contract/units';
import type { Random } from '../chance/random';

const LEAST_WAIT = 20;
const MEAN_WAIT = 600;
const MOST_WAIT = 5 * SECOND_MILLIS;

/** Shares of visits in which the device loses its connection, and keeps what happens until it is back. */
const OFFLINE_CHANCE = 0.02;
const OFFLINE = { least: 5 * MINUTE_MILLIS, most: 20 * HOUR_MILLIS } as const;

/** Collector to stream, batched. */
const MEAN_HAND_OVER = 400;

/** Of the events sent again, those the device sent; the others were sent by a producer between device and stream. */
const DEVICE_SHARE = 0.35;
/** Of either, those sent again after hours rather than seconds. */
const HOURS_SHARE = 0.2;
const SOON = { least: 1 * SECOND_MILLIS, most: 90 * SECOND_MILLIS } as const;
/**
 * A device's copy gets another `received_at`; the warehouse looks for duplicates in a window around it, of 6 hours or
 * more in every environment. A producer's copy keeps `received_at`, so that it is found whenever it comes.
 */
const DEVICE_LATER = { least: 10 * MINUTE_MILLIS, most: 4 * HOUR_MILLIS } as const;
const PRODUCER_LATER = { least: 10 * MINUTE_MILLIS, most: 12 * HOUR_MILLIS } as const;

/** When the device is back, for a visit during which it lost its connection; else no time. */
export function offlineUntil(random: Random, startMillis: number): number | undefined {
  return random.chance(OFFLINE_CHANCE)
    ? startMillis + random.between(OFFLINE.least, OFFLINE.most)
    : undefined;
}

/** Milliseconds from an event until its device sends it. Later events may overtake earlier ones. */
export function waitMillis(random: Random, trueMillis: number, onlineMillis: number | undefined): number {
  const wait = LEAST_WAIT + Math.min(MOST_WAIT, Math.floor(random.exponential(MEAN_WAIT)));
  return onlineMillis === undefined || onlineMillis <= trueMillis ? wait : onlineMillis - trueMillis + wait;
}

/** Milliseconds from the receipt of an event until it is handed over to the stream. */
export function handOverMillis(random: Random): number {
  return Math.floor(random.exponential(MEAN_HAND_OVER));
}

/** Who sends an event again, and how much later. */
export interface Resend {
  readonly by: 'device' | 'producer';
  readonly afterMillis: number;
}

/** @param byDevice whether the device may be the one; else it is a producer */
export function resend(random: Random, byDevice: boolean): Resend {
  const by = random.chance(DEVICE_SHARE) && byDevice ? 'device' : 'producer';
  const later = by === 'device' ? DEVICE_LATER : PRODUCER_LATER;
  const { least, most } = random.chance(HOURS_SHARE) ? later : SOON;
  return { by, afterMillis: random.between(least, most) };
}
