/** Numbers by arrival hour and site. Pure. */

/** Numbers that can be added to and taken from; what was never touched is 0. */
export class BySite {
  private readonly hours = new Map<number, Map<string, number>>();

  /** @param hour start of the hour, epoch milliseconds */
  add(hour: number, siteId: string, amount: number): void {
    const sites = this.hours.get(hour) ?? new Map<string, number>();
    this.hours.set(hour, sites.set(siteId, (sites.get(siteId) ?? 0) + amount));
  }

  /** Adds every number of another, so many times. */
  addAll(other: BySite, times = 1): void {
    for (const [hour, sites] of other.hours) {
      for (const [siteId, amount] of sites) this.add(hour, siteId, times * amount);
    }
  }

  get(hour: number, siteId: string): number {
    return this.hours.get(hour)?.get(siteId) ?? 0;
  }

  /** Sites with a number in an hour. */
  sites(hour: number): Iterable<string> {
    return this.hours.get(hour)?.keys() ?? [];
  }
}
