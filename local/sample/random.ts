/** Chance that repeats: the same seed always gives the same sequence. */

/** A sequence of numbers, and what is drawn from it. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 to below 1 (mulberry32, public domain). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from low to high, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws Error when there is nothing to pick from */
  pick<T>(choices: readonly T[]): T {
    return nonEmpty(choices[this.integer(0, choices.length - 1)]);
  }

  /**
   * Picks by weight.
   * @throws Error when there is nothing to pick from
   */
  weighted<T extends { readonly weight: number }>(choices: readonly T[]): T {
    let point = this.next() * choices.reduce((sum, choice) => sum + choice.weight, 0);
    return nonEmpty(
      choices.find((choice) => {
        point -= choice.weight;
        return point < 0;
      }),
    );
  }

  /** A random UUID, version 4. */
  uuid(): string {
    const hex = Array.from({ length: 32 }, () => this.integer(0, 15).toString(16)).join('');
    const variant = this.pick(['8', '9', 'a', 'b']);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}

function nonEmpty<T>(choice: T | undefined): T {
  if (choice === undefined) throw new Error('Nothing to pick from: there must be at least one choice');
  return choice;
}
