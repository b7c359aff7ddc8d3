/** Chance that repeats: the same seed always gives the same sequence, on every machine. */

const TWO_TO_32 = 2 ** 32;
/** Numbers thrown away at the start, so that seeds that differ in one bit give sequences that have nothing in common. */
const WARM_UP = 16;

/** Every group of four hex digits: a UUID is eight of them. */
const HEX4 = Array.from({ length: 0x10000 }, (_, value) => value.toString(16).padStart(4, '0'));
const VERSION_4 = 0x4000;
const VARIANT_1 = 0x8000;

const hex4 = (bits: number) => HEX4[bits & 0xffff] ?? '';

/**
 * A sequence of numbers, and what is drawn from it. The generator is sfc32 (C. Doty-Humphrey, PractRand; public
 * domain): 128 bits of state, so that millions of identifiers drawn from it do not collide, as they would with 32.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** @param seed up to three whole numbers of 32 bits; another number at any place gives another sequence */
  constructor(...seed: readonly [number, number?, number?]) {
    this.a = seed[0] | 0;
    this.b = (seed[1] ?? 0) | 0;
    this.c = (seed[2] ?? 0) | 0;
    for (let round = 0; round < WARM_UP; round++) this.bits();
  }

  /** 32 random bits, as a signed number. */
  private bits(): number {
    const mixed = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + mixed) | 0;
    return mixed;
  }

  /** From 0 to below 1. */
  next(): number {
    return (this.bits() >>> 0) / TWO_TO_32;
  }

  /** A whole number from 0 to below the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** A whole number from low to high, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A waiting time whose length says nothing about how long one has waited. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** 32 hex digits. */
  hex32(): string {
    let digits = '';
    for (let word = 0; word < 4; word++) {
      const bits = this.bits();
      digits += hex4(bits >>> 16) + hex4(bits);
    }
    return digits;
  }

  /** A random UUID, version 4. */
  uuid(): string {
    const one = this.bits();
    const two = this.bits();
    const three = this.bits();
    const four = this.bits();
    return `${hex4(one >>> 16)}${hex4(one)}-${hex4(two >>> 16)}-${hex4((two & 0xfff) | VERSION_4)}-${hex4(
      ((three >>> 16) & 0x3fff) | VARIANT_1,
    )}-${hex4(three)}${hex4(four >>> 16)}${hex4(four)}`;
  }
}
