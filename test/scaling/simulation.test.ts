import { simulateWeek } from '../../lib/scaling/simulation/simulate';
import { FULLEST_SHARD, fixedShards, onDemand } from '../../lib/scaling/simulation/strategies';
import { RefusedChangeError, SimulatedStream } from '../../lib/scaling/simulation/stream';
import { weekOfTraffic } from '../../lib/scaling/simulation/week';

const DAY = 86_400;

describe('the simulated stream', () => {
  it('takes a minute and a second a shard to change, with the fewer shards of before and after meanwhile', () => {
    const stream = new SimulatedStream(100, 1_000);
    stream.updateShardCount(0, 200);
    expect([stream.openShards(259), stream.isSettled(259)]).toEqual([100, false]);
    expect([stream.openShards(260), stream.isSettled(260)]).toEqual([200, true]);
    stream.updateShardCount(1_000, 150);
    expect(stream.openShards(1_001)).toBe(150);
  });

  it.each([
    ['more than double', 201, /from 100 to 201/],
    ['less than half', 49, /from 100 to 49/],
    ['the count it has', 100, /target 100/],
    ['half a shard', 120.5, /target 120.5/],
  ])('refuses %s', (_, target, message) => {
    expect(() => new SimulatedStream(100, 1_000).updateShardCount(0, target)).toThrow(message);
  });

  it('refuses more than the quota', () => {
    expect(() => new SimulatedStream(100, 150).updateShardCount(0, 151)).toThrow('151 shards pass the quota');
  });

  it('refuses a change while one is under way', () => {
    const stream = new SimulatedStream(100, 1_000);
    stream.updateShardCount(0, 125);
    expect(() => stream.updateShardCount(60, 150)).toThrow('ResourceInUseException');
  });

  it('refuses the eleventh change in 24 hours, and takes it when the first is a day old', () => {
    const stream = new SimulatedStream(100, 1_000);
    for (let index = 0; index < 10; index++) stream.updateShardCount(index * 3_600, 101 + index);
    expect(() => stream.updateShardCount(DAY - 1, 150)).toThrow(RefusedChangeError);
    stream.updateShardCount(DAY, 150);
    expect(stream.changeSeconds).toHaveLength(11);
  });
});

describe('the week', () => {
  const week = weekOfTraffic({ meanBytesPerSecond: 10e6, peakFactor: 2, random: () => 0.5 });
  const mean = (from: number, to: number) =>
    week.slice(from, to).reduce((sum, bytes) => sum + bytes, 0) / (to - from);

  it('is a Sunday and seven days, second by second', () => {
    expect(week).toHaveLength(8 * DAY);
  });

  it('has working days with the configured mean and peak, and quieter weekends', () => {
    expect(mean(DAY, 2 * DAY)).toBeCloseTo(10e6, -3);
    expect(Math.max(...week.slice(DAY, 2 * DAY))).toBeCloseTo(20e6, -3);
    expect(mean(6 * DAY, 7 * DAY)).toBeCloseTo(7.5e6, -3);
  });

  it('has three times the traffic when the crowd is there', () => {
    const second = 3 * DAY + 20 * 3_600 + 10 * 60;
    expect((week[second] ?? 0) / (week[second - DAY] ?? 1)).toBeCloseTo(3, 5);
  });

  it('loses two fifths while a region is away, and gets half of them later', () => {
    const noon = 12 * 3_600;
    const [fridayNoon, mondayNoon] = [5 * DAY + noon, DAY + noon];
    const lost = mean(fridayNoon, fridayNoon + 10_800) / mean(mondayNoon, mondayNoon + 10_800);
    const caughtUp =
      mean(fridayNoon + 10_800, fridayNoon + 13_500) / mean(mondayNoon + 10_800, mondayNoon + 13_500);
    expect(lost).toBeCloseTo(0.6, 5);
    // 0.4 * 3 h * 1/2 in three quarters of an hour.
    expect(caughtUp).toBeCloseTo(1.8, 5);
  });
});

describe('a simulated week', () => {
  /** 8 days of 1 MB/s, with 3 MB/s for a hundred seconds of the first reported day. */
  const traffic = new Float64Array(8 * DAY).fill(1e6);
  traffic.fill(3e6, DAY + 600, DAY + 700);

  it('counts shard-hours, and the seconds until what was turned away has been taken', () => {
    const result = simulateWeek(traffic, fixedShards('two', 2), 50_000);
    // Two shards take 2 MB/s over 1.1: of 300 MB 118.18 are left after 100 s, and drain at 0.8182 MB/s for 144.4 s.
    expect(FULLEST_SHARD).toBe(1.1);
    expect(result.throttledSeconds).toBe(100 + 144);
    expect(result.longestDelaySeconds).toBeCloseTo(118.1818 / 1.81818, 3);
    expect(result.shardHours).toBe(2 * 7 * 24);
    expect(result.takenBytesPerSecond).toBeCloseTo((7 * DAY * 1e6 + 200e6) / (7 * DAY), 3);
    expect(result.samples).toHaveLength(7 * 24 * 60);
  });

  it('is not throttled with enough shards', () => {
    expect(simulateWeek(traffic, fixedShards('four', 4), 50_000)).toMatchObject({
      throttledSeconds: 0,
      longestDelaySeconds: 0,
      changes: 0,
      mostChangesInOneDay: 0,
    });
  });

  it('on demand takes twice the highest minute, which counts a quarter of an hour later', () => {
    const options = { leastBytesPerSecond: 1e6, earlierPeakBytesPerSecond: 1e6 };
    const strategy = onDemand('on-demand', options);
    const nominal = () => strategy.takes(0) * FULLEST_SHARD;
    expect(nominal()).toBeCloseTo(2e6, 3);
    for (let minute = 1; minute <= 15; minute++) {
      strategy.afterMinute(minute * 60, { startMillis: 0, bytes: 60 * 3e6, records: 0, throttledRecords: 0 });
    }
    expect(nominal()).toBeCloseTo(2e6, 3);
    strategy.afterMinute(16 * 60, { startMillis: 0, bytes: 0, records: 0, throttledRecords: 0 });
    expect(nominal()).toBeCloseTo(6e6, 3);
  });
});
