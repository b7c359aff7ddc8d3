/** How fast to send: finds the rate a stream takes, and gives way when it refuses. */

/** Bytes per second to begin with: what a small stream takes for the first seconds. */
const INITIAL_BYTES_PER_SECOND = 2_000_000;
/** Never slower than this, so that a stream that recovers is noticed soon. */
const MIN_BYTES_PER_SECOND = 100_000;
/** A refusal answers requests sent a moment ago: those that follow within this time count as the same one. */
const REACTION_MILLIS = 250;
/** Share of the rate kept after a refusal. */
const BACK_OFF = 0.7;
/** Growth of the rate per second of unrefused sending, once a refusal has shown where the limit is. */
const GROWTH_PER_SECOND = 0.1;
/** A request carries at most this much of a second's rate, so that many small bites follow each other evenly. */
const REQUEST_SECONDS = 0.25;

/**
 * Doubles the rate each second until the stream first
 * refuses, then gives way by 30 percent at each refusal and recovers by 10 percent a second.
 */
export class Pacer {
  private bytesPerSecond = INITIAL_BYTES_PER_SECOND;
  private hasBeenRefused = false;
  private nextTurnMillis: number;
  private lastRefusalMillis = Number.NEGATIVE_INFINITY;
  private lastGrowthMillis: number;

  /** @param nowMillis a clock that never goes back */
  constructor(private readonly nowMillis: () => number) {
    this.nextTurnMillis = nowMillis();
    this.lastGrowthMillis = nowMillis();
  }

  /** Most bytes one request should carry now. */
  requestBytes(): number {
    return this.bytesPerSecond * REQUEST_SECONDS;
  }

  /** Takes a turn for a request of this many bytes; answers the milliseconds to wait before sending it. */
  takeTurn(bytes: number): number {
    const now = this.nowMillis();
    const turn = Math.max(now, this.nextTurnMillis);
    this.nextTurnMillis = turn + (bytes / this.bytesPerSecond) * 1_000;
    return turn - now;
  }

  /** A request was taken whole. */
  onAccepted(): void {
    const now = this.nowMillis();
    const seconds = (now - this.lastGrowthMillis) / 1_000;
    this.lastGrowthMillis = now;
    // A rate that holds nobody back has nothing to prove, and would grow without end.
    const isBinding = this.nextTurnMillis > now;
    if (!isBinding || now - this.lastRefusalMillis < REACTION_MILLIS) return;
    this.bytesPerSecond *= this.hasBeenRefused ? 1 + GROWTH_PER_SECOND * seconds : 2 ** seconds;
  }

  /** A request was refused, in whole or in part, because a limit was reached. */
  onRefused(): void {
    const now = this.nowMillis();
    this.lastGrowthMillis = now;
    if (now - this.lastRefusalMillis < REACTION_MILLIS) return;
    this.lastRefusalMillis = now;
    this.hasBeenRefused = true;
    this.bytesPerSecond = Math.max(MIN_BYTES_PER_SECOND, this.bytesPerSecond * BACK_OFF);
  }
}
