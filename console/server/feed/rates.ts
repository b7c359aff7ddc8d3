/** Turns totals that only grow into flows. */
import type { Flow } from '../../wire';

/** Rates over shorter times jump too much to be read. */
const LEAST_SECONDS = 0.5;

/** Remembers the totals of the last look. */
export class Rates<Name extends string> {
  private last: { atMillis: number; totals: Readonly<Record<Name, number>> } | undefined;
  private flows: Readonly<Record<Name, Flow>> | undefined;

  /**
   * What flowed a second since the last look.
   * @param totals since the beginning
   * @param nowMillis a clock in milliseconds
   */
  look(totals: Readonly<Record<Name, number>>, nowMillis: number): Readonly<Record<Name, Flow>> {
    const seconds = this.last === undefined ? 0 : (nowMillis - this.last.atMillis) / 1_000;
    if (this.flows !== undefined && seconds < LEAST_SECONDS) return this.flows;
    const flows = {} as Record<Name, Flow>;
    for (const name of Object.keys(totals) as Name[]) {
      const total = totals[name];
      const grown = this.last === undefined ? 0 : total - this.last.totals[name];
      flows[name] = { total, perSecond: seconds > 0 ? Math.max(0, grown) / seconds : 0 };
    }
    this.last = { atMillis: nowMillis, totals };
    this.flows = flows;
    return flows;
  }
}
