/** Chance that decides what goes wrong in a drill. The same seed and case give the same decisions in the same order. */
import { createHash } from 'node:crypto';
import { Random } from '../../scripts/generate/chance/random';

/** The decisions of one case, and how often something was injected. */
export class FaultPlan {
  /** Faults injected so far. */
  injected = 0;
  private readonly random: Random;

  /**
   * @param seed a whole number of 32 bits
   * @param caseName cases do not share decisions, so a case alone gets the same faults as in a run of all
   */
  constructor(seed: number, caseName: string) {
    this.random = new Random(seed, createHash('sha256').update(caseName).digest().readInt32LE());
  }

  /** A seed for the simulated traffic of the case. */
  trafficSeed(): number {
    return this.random.below(2 ** 32);
  }

  /** True for a share of the calls, until `most` faults are injected; true counts as one. */
  strikes(share: number, most: number): boolean {
    if (this.injected >= most || !this.random.chance(share)) return false;
    this.injected++;
    return true;
  }

  /** True for the first `most` calls; true counts as an injected fault. */
  first(most: number): boolean {
    return this.strikes(1, most);
  }

  /** One of several. */
  pick<T>(from: readonly T[]): T {
    const picked = from[this.random.below(from.length)];
    if (picked === undefined) throw new RangeError('There is nothing to pick from');
    return picked;
  }

  /** A whole number from low to high, both included. */
  between(low: number, high: number): number {
    return this.random.between(low, high);
  }

  /** In another order: never the given one, when there are two or more. */
  shuffled<T>(items: readonly T[]): T[] {
    const [first, ...rest] = items;
    if (first === undefined) return [];
    const order = rest.map((item) => ({ item, at: this.random.next() })).sort((a, b) => a.at - b.at);
    return [...order.map(({ item }) => item), first];
  }
}
