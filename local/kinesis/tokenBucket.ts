/** A rate limit: a bucket that fills at so many units a second and holds one second's worth. */
export class TokenBucket {
  private level: number;

  /**
   * @param unitsPerSecond Infinity never limits
   * @param filledAtMillis now, on the clock of all later calls
   */
  constructor(
    private readonly unitsPerSecond: number,
    private filledAtMillis: number,
  ) {
    this.level = unitsPerSecond;
  }

  /** Whether `units` may be taken now. What is larger than the bucket needs it full. */
  has(units: number, nowMillis: number): boolean {
    if (this.unitsPerSecond === Number.POSITIVE_INFINITY) return true;
    const elapsedMillis = Math.max(0, nowMillis - this.filledAtMillis);
    this.filledAtMillis = Math.max(nowMillis, this.filledAtMillis);
    this.level = Math.min(this.unitsPerSecond, this.level + (elapsedMillis * this.unitsPerSecond) / 1000);
    return this.level >= Math.min(units, this.unitsPerSecond);
  }

  /** Takes `units`; the bucket may come to owe some, so that the mean rate holds whatever the size. */
  take(units: number): void {
    this.level -= units;
  }

  /**
   * Takes what is known only afterwards, such as the bytes of an answer. More than a second's worth is owed in
   * full: AWS refuses a shard's reads for five seconds after an answer of 10 MB.
   */
  charge(units: number): void {
    this.level = units > this.unitsPerSecond ? -units : this.level - units;
  }
}
