/** A clock that moves only when somebody sleeps. */
import type { Clock } from '../../lambda/shared/dataApi';

export class FakeClock implements Clock {
  readonly naps: number[] = [];

  constructor(private millis = Date.parse('2026-03-01T13:00:00.000Z')) {}

  now(): number {
    return this.millis;
  }

  async sleep(millis: number): Promise<void> {
    this.naps.push(millis);
    this.millis += millis;
  }
}
