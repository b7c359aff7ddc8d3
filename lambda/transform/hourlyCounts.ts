/** Counts by arrival hour and site. */
import { hourNumber } from '../../lib/event/timestamps';

/** Numbers by site by UTC hour (yyyymmddhh). */
export type CountsByHour = Record<string, Record<string, number>>;

/** Adds up while a batch is transformed: events of one record share the hour, so it is looked up rarely. */
export class HourlyCounts {
  private readonly hours = new Map<number, Map<string, number>>();
  private lastHour = Number.NaN;
  private lastSites = new Map<string, number>();

  /** @param arrivedMillis when Kinesis accepted the event, epoch milliseconds */
  add(arrivedMillis: number, siteId: string): void {
    const hour = hourNumber(arrivedMillis);
    if (hour !== this.lastHour) {
      this.lastHour = hour;
      this.lastSites = this.hours.get(hour) ?? new Map();
      this.hours.set(hour, this.lastSites);
    }
    this.lastSites.set(siteId, (this.lastSites.get(siteId) ?? 0) + 1);
  }

  toJSON(): CountsByHour {
    return Object.fromEntries([...this.hours].map(([hour, sites]) => [hour, Object.fromEntries(sites)]));
  }
}
