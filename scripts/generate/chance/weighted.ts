/** Picks by weight, in the same time however many there are to choose from. */
import type { Random } from './random';

/** A value, and how often it is picked in relation to the others. */
export interface Choice<T> {
  readonly value: T;
  /** Above 0. */
  readonly weight: number;
}

/** Values to pick from by weight (Walker's alias method in Vose's form). */
export class Weighted<T> {
  private readonly threshold: Float64Array;
  private readonly alias: Int32Array;

  /** @throws RangeError when there is nothing to pick from, or a weight is not above 0 */
  constructor(readonly choices: readonly Choice<T>[]) {
    const total = choices.reduce((sum, { weight }) => sum + weight, 0);
    const wrong = choices.find(({ weight }) => !(weight > 0 && Number.isFinite(weight)));
    if (wrong !== undefined) throw new RangeError(`A weight is ${wrong.weight}, it must be above 0`);
    if (choices.length === 0) throw new RangeError('There is nothing to pick from, there must be one choice');
    this.threshold = new Float64Array(choices.length).fill(1);
    this.alias = Int32Array.from(choices.keys());
    const shares = Float64Array.from(choices, ({ weight }) => (weight / total) * choices.length);
    const small: number[] = [];
    const large: number[] = [];
    for (const [index, share] of shares.entries()) (share < 1 ? small : large).push(index);
    for (let less = small.pop(), more = large.pop(); less !== undefined && more !== undefined; ) {
      const share = shares[less] ?? 1;
      this.threshold[less] = share;
      this.alias[less] = more;
      const left = (shares[more] ?? 1) - (1 - share);
      shares[more] = left;
      less = left < 1 ? more : small.pop();
      if (left < 1) more = large.pop();
    }
  }

  pick(random: Random): T {
    const point = random.next() * this.threshold.length;
    const index = Math.floor(point);
    const chosen = point - index < (this.threshold[index] ?? 1) ? index : (this.alias[index] ?? index);
    const choice = this.choices[chosen];
    if (choice === undefined) throw new RangeError(`There is no choice ${chosen} of ${this.choices.length}`);
    return choice.value;
  }
}

/** Values with the weights of a power law: the n-th has the weight n^-exponent. */
export function powerLaw<T>(values: readonly T[], exponent: number): Weighted<T> {
  return new Weighted(values.map((value, index) => ({ value, weight: (index + 1) ** -exponent })));
}

/** Values that are all as likely. */
export function evenly<T>(values: readonly T[]): Weighted<T> {
  return new Weighted(values.map((value) => ({ value, weight: 1 })));
}
