/** Holds a flow of events to a rate. */

/** Time; replaced in tests. */
export interface PaceClock {
  nowMillis(): number;
  sleep(millis: number): Promise<void>;
}

const SYSTEM_CLOCK: PaceClock = {
  nowMillis: () => performance.now(),
  sleep: (millis) => new Promise((resolve) => setTimeout(resolve, millis)),
};

/** Shorter waits are put off: timers are no more exact than this. */
const LEAST_WAIT_MILLIS = 10;

/** Events per second, kept on average since the first event. Without a rate nothing waits. */
export class Pace {
  private events = 0;
  private startMillis: number | undefined;

  constructor(
    private readonly eventsPerSecond: number | undefined,
    private readonly clock: PaceClock = SYSTEM_CLOCK,
  ) {}

  /** Takes a turn for some events: how long they have to wait, 0 when not worth a timer. */
  takeTurn(events: number): number {
    if (this.eventsPerSecond === undefined) return 0;
    const now = this.clock.nowMillis();
    this.startMillis ??= now;
    const due = this.startMillis + (this.events / this.eventsPerSecond) * 1_000;
    this.events += events;
    const wait = due - now;
    return wait < LEAST_WAIT_MILLIS ? 0 : wait;
  }

  /** Waits until some events may go. */
  async turn(events: number): Promise<void> {
    const wait = this.takeTurn(events);
    if (wait > 0) await this.clock.sleep(wait);
  }
}
