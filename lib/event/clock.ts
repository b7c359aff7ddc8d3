/** Decides the time to analyse an event by, from what the device and the receiver said. All times in epoch ms. */
import { DAY_MILLIS, SECOND_MILLIS } from '../contract/units';

/** A receiver's clock may be ahead of Kinesis' by this much; a `received_at` further ahead is not believed. */
export const RECEIVED_AHEAD_TOLERANCE_MILLIS = 60 * SECOND_MILLIS;
/** A device clock this close to the receiver's is right: the rest is network delay. */
export const DEVICE_CLOCK_TOLERANCE_MILLIS = 1 * SECOND_MILLIS;
/** Without `sent_at`, an event may lie this far in the receiver's future before its clock is suspect. */
export const FUTURE_TOLERANCE_MILLIS = 5 * 60 * SECOND_MILLIS;
/** A device holds events back (offline) at most this long; an older event has a suspect clock. */
export const MAX_DELAY_MILLIS = 30 * DAY_MILLIS;
/** A device clock further off than this is not corrected but suspect: it is wrong by more than a setting. */
export const MAX_CORRECTED_SKEW_MILLIS = 30 * DAY_MILLIS;

/** Where `event_time` came from. */
export type EventTimeSource = 'device' | 'corrected' | 'received';

export interface EventTime {
  readonly millis: number;
  readonly source: EventTimeSource;
  /** Device clock minus receiver clock; known only with `sent_at`. */
  readonly skewMillis: number | undefined;
  readonly isSuspect: boolean;
}

/**
 * When a collector or producer received the event: what it said, unless it said nothing or a time after the event's
 * arrival in Kinesis (give or take `RECEIVED_AHEAD_TOLERANCE_MILLIS`), which cannot be.
 */
export function receivedTime(given: number | undefined, arrived: number): number {
  return given === undefined || given > arrived + RECEIVED_AHEAD_TOLERANCE_MILLIS ? arrived : given;
}

/**
 * The time to analyse by.
 *
 * With `occurred` and `sent`, both by the device's clock, the clock's error cancels out: the event happened
 * `sent - occurred` before it was received. With `occurred` alone it is believed when it is plausible. A clock that
 * is implausible (sent before it occurred, too old, in the future, off by more than a month) is suspect, and the
 * time is `received`. Log imports set `received` to the log's own time, so old logs are not suspect.
 */
export function eventTime(
  occurred: number | undefined,
  sent: number | undefined,
  received: number,
): EventTime {
  const skewMillis = sent === undefined ? undefined : sent - received;
  if (occurred === undefined) {
    return { millis: received, source: 'received', skewMillis, isSuspect: false };
  }
  if (sent === undefined || skewMillis === undefined) {
    const ahead = occurred - received;
    return ahead <= FUTURE_TOLERANCE_MILLIS && ahead >= -MAX_DELAY_MILLIS
      ? { millis: occurred, source: 'device', skewMillis, isSuspect: false }
      : { millis: received, source: 'received', skewMillis, isSuspect: true };
  }
  const delay = sent - occurred;
  const skew = Math.abs(skewMillis);
  if (
    delay < -DEVICE_CLOCK_TOLERANCE_MILLIS ||
    delay > MAX_DELAY_MILLIS ||
    skew > MAX_CORRECTED_SKEW_MILLIS
  ) {
    return { millis: received, source: 'received', skewMillis, isSuspect: true };
  }
  return skew <= DEVICE_CLOCK_TOLERANCE_MILLIS
    ? { millis: occurred, source: 'device', skewMillis, isSuspect: false }
    : { millis: received - delay, source: 'corrected', skewMillis, isSuspect: false };
}
