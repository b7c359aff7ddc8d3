/** Counts the truth: while simulating, and together over several processes. */
import { HOUR_MILLIS } from '../../lib/contract/units';
import type { RejectionReason } from '../../lib/event/rejections';
import type { Revenue, Truth } from './truth';
import { siteIdOf } from './world/sites';

/** More than there are hours from 1970 to 2089: site and hour fit one number. */
const HOURS = 2 ** 21;

const ZEROS = {
  valid: 0,
  duplicates: 0,
  rejected: 0,
  bots: 0,
  device: 0,
  corrected: 0,
  suspect: 0,
  visitors: 0,
  users: 0,
  sessions: 0,
  productViews: 0,
  addsToCart: 0,
  purchases: 0,
};

/** What was counted, as it travels between processes. All of it adds up: no visitor is simulated in two. */
export interface Counted {
  readonly numbers: typeof ZEROS;
  readonly bySiteAndHour: Map<number, number>;
  readonly byName: Map<string, number>;
  readonly byReason: Map<RejectionReason, number>;
  readonly revenue: Map<string, Revenue>;
}

export class Tally {
  /** Counts that need nothing but adding; whoever simulates adds to them. */
  readonly numbers = { ...ZEROS };
  private readonly bySiteAndHour = new Map<number, number>();
  private readonly byName = new Map<string, number>();
  private readonly byReason = new Map<RejectionReason, number>();
  private readonly revenue = new Map<string, Revenue>();

  /** A valid event, not a copy of one. */
  valid(siteIndex: number, name: string, eventMillis: number): void {
    this.numbers.valid++;
    add(this.bySiteAndHour, siteIndex * HOURS + Math.floor(eventMillis / HOUR_MILLIS), 1);
    add(this.byName, name, 1);
  }

  rejected(reason: RejectionReason): void {
    this.numbers.rejected++;
    add(this.byReason, reason, 1);
  }

  purchase(currency: string, cents: number): void {
    this.addRevenue(currency, { purchases: 1, cents });
  }

  counted(): Counted {
    const { numbers, bySiteAndHour, byName, byReason, revenue } = this;
    return { numbers, bySiteAndHour, byName, byReason, revenue };
  }

  /** Adds what another process counted. */
  merge(other: Counted): void {
    for (const name of Object.keys(ZEROS) as (keyof typeof ZEROS)[])
      this.numbers[name] += other.numbers[name];
    for (const [key, count] of other.bySiteAndHour) add(this.bySiteAndHour, key, count);
    for (const [key, count] of other.byName) add(this.byName, key, count);
    for (const [key, count] of other.byReason) add(this.byReason, key, count);
    for (const [currency, revenue] of other.revenue) this.addRevenue(currency, revenue);
  }

  truth(): Truth {
    const { valid, duplicates, rejected, bots, visitors, users, sessions } = this.numbers;
    const { device, corrected, suspect, productViews, addsToCart, purchases } = this.numbers;
    return {
      events: valid + duplicates + rejected,
      valid,
      duplicates,
      rejected,
      rejectedByReason: sorted(this.byReason),
      bySiteAndHour: this.hoursBySite(),
      byName: sorted(this.byName),
      bots,
      eventTimes: { device, corrected, suspect },
      visitors,
      users,
      sessions,
      funnel: { productViews, addsToCart, purchases },
      revenue: sorted(this.revenue),
    };
  }

  private addRevenue(currency: string, { purchases, cents }: Revenue): void {
    const sum = this.revenue.get(currency) ?? { purchases: 0, cents: 0 };
    this.revenue.set(currency, { purchases: sum.purchases + purchases, cents: sum.cents + cents });
  }

  private hoursBySite(): Truth['bySiteAndHour'] {
    const bySite: Record<string, Record<string, number>> = {};
    for (const [key, count] of [...this.bySiteAndHour].sort(([one], [other]) => one - other)) {
      const site = siteIdOf(Math.floor(key / HOURS));
      const hour = new Date((key % HOURS) * HOUR_MILLIS).toISOString().slice(0, 13).replace('T', ' ');
      bySite[site] ??= {};
      bySite[site][hour] = count;
    }
    return bySite;
  }
}

function add<K>(counts: Map<K, number>, key: K, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

/** The entries by key, so that equal truths are equal text. */
function sorted<K extends string, V>(entries: ReadonlyMap<K, V>): { [key in K]?: V } & Record<string, V> {
  return Object.fromEntries([...entries].sort(([one], [other]) => (one < other ? -1 : 1))) as Record<K, V>;
}
