import { Pace } from '../../../scripts/generate/output/pace';

/** A clock that moves only when somebody sleeps. */
function fakeClock() {
  const clock = {
    millis: 5_000,
    nowMillis: () => clock.millis,
    sleep: async (millis: number) => {
      clock.millis += millis;
    },
  };
  return clock;
}

describe('a pace', () => {
  test('keeps to the rate on average', async () => {
    const clock = fakeClock();
    const pace = new Pace(1_000, clock);
    for (let turn = 0; turn <= 100; turn++) await pace.turn(50);
    expect(clock.millis).toBe(5_000 + 100 * 50);
  });

  test('catches up after a delay, and then keeps to the rate again', async () => {
    const clock = fakeClock();
    const pace = new Pace(1_000, clock);
    await pace.turn(100);
    clock.millis += 1_000;
    for (let turn = 0; turn < 9; turn++) await pace.turn(100);
    expect(clock.millis).toBe(6_000);
    await pace.turn(100);
    await pace.turn(100);
    expect(clock.millis).toBe(6_100);
  });

  test('does not wait for less than a timer can tell', async () => {
    const clock = fakeClock();
    const pace = new Pace(100_000, clock);
    for (let turn = 0; turn < 10; turn++) await pace.turn(100);
    expect(clock.millis).toBe(5_000);
  });

  test('waits for nothing when there is no rate', async () => {
    const clock = fakeClock();
    const pace = new Pace(undefined, clock);
    await pace.turn(1_000_000);
    await pace.turn(1_000_000);
    expect(clock.millis).toBe(5_000);
  });
});
