/**
 * What a pipeline must find in the simulated events. It is counted while they are simulated, from what the simulation
 * knows, never from what a pipeline makes of them.
 */
import type { RejectionReason } from '../../lib/event/rejections';

/** Orders and what was paid, in one currency. */
export interface Revenue {
  readonly purchases: number;
  /** Hundredths, so that sums are exact. */
  readonly cents: number;
}

/**
 * Visits that reached each step. A visit that adds to its cart has seen a product before, and one that purchases has
 * added before.
 */
export interface Funnel {
  readonly productViews: number;
  readonly addsToCart: number;
  readonly purchases: number;
}

/** How the time to analyse by comes about; see `event_time_source` in docs/events.md. */
export interface EventTimes {
  /** The device's clock was right. */
  readonly device: number;
  /** The device's clock was off and could be corrected. */
  readonly corrected: number;
  /** The device's clock was years off: the time is when the event was received. */
  readonly suspect: number;
}

/** The truth about simulated events. Valid events are those that become rows; each counts once, copies do not. */
export interface Truth {
  /** All events: valid + duplicates + rejected. The lines of a file. */
  readonly events: number;
  /** Valid events, each once: rows of the warehouse. */
  readonly valid: number;
  /** Copies of valid events. */
  readonly duplicates: number;
  readonly rejected: number;
  readonly rejectedByReason: Readonly<Partial<Record<RejectionReason, number>>>;
  /** Valid events by site, then by UTC hour of the corrected time, as `yyyy-mm-dd hh`. */
  readonly bySiteAndHour: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Valid events by name. */
  readonly byName: Readonly<Record<string, number>>;
  /** Valid events of bots: they have no visitor. */
  readonly bots: number;
  readonly eventTimes: EventTimes;
  /** Distinct visitor ids. */
  readonly visitors: number;
  /** Distinct user ids. */
  readonly users: number;
  /**
   * Sessions: a visitor's events with less than 30 minutes between each and the next, by the corrected time. The
   * simulation keeps away from that limit: pauses within a visit end after 21 minutes, those between visits last 34
   * at least, so a few seconds' error in correcting a time does not change the number.
   */
  readonly sessions: number;
  readonly funnel: Funnel;
  /** By ISO 4217 currency. */
  readonly revenue: Readonly<Record<string, Revenue>>;
}
