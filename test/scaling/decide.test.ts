import { HOUR_MILLIS, MINUTE_MILLIS } from '../../lib/contract/units';
import { decide, type Situation } from '../../lib/scaling/decide';
import { INITIAL_STATE } from '../../lib/scaling/state';
import type { MinuteTraffic } from '../../lib/scaling/types';
import { changed, day, minute, NOW, POLICY, settled } from '../support/scaling';

/** 100 shards, 70 MB/s, nothing changed so far. */
function decideWith(changes: Partial<Situation>) {
  return decide({
    observation: settled(100),
    state: INITIAL_STATE,
    minutes: day(70),
    policy: POLICY,
    ...changes,
  });
}

/** A day of 40 MB/s in which one minute, so long ago, had more. */
function dayWithPeak(megabytesPerSecond: number, minutesAgo: number): MinuteTraffic[] {
  return day(40).map((one) =>
    one.startMillis === NOW - minutesAgo * MINUTE_MILLIS ? minute(one.startMillis, megabytesPerSecond) : one,
  );
}

describe('going up', () => {
  it.each([
    // At 80 % of 1 MB/s a shard; 25 % steps of 100 shards.
    [94, 125],
    [105, 150],
    [130, 175],
    [150, 200],
  ])('to hold %d MB/s takes the smallest step of 25 %% that does: %d shards', (peak, toShards) => {
    const minutes = dayWithPeak(peak, 20 * 60);
    expect(decideWith({ minutes })).toMatchObject({ action: 'change', toShards, reason: 'day-peak' });
  });

  it('happens at once when the last minutes fill the shards beyond the target', () => {
    const decision = decideWith({ minutes: dayWithPeak(90, 3) });
    expect(decision).toEqual({
      action: 'change',
      toShards: 125,
      reason: 'traffic',
      explanation: 'the last minutes need 113 shards at 80 % of the limits, 100 are open',
      shardsNeeded: 113,
      changesLeft: 10,
    });
  });

  it('does not happen for noise of a few percent above the target', () => {
    expect(decideWith({ minutes: day(83, 83) })).toMatchObject({
      action: 'hold',
      reason: 'enough',
      shardsNeeded: 104,
    });
  });

  it('counts records where they bind: small records fill a shard before their bytes do', () => {
    const minutes = day(40).map((one) => ({ ...one, records: 90 * 60 * 1_000 }));
    expect(decideWith({ minutes })).toMatchObject({ action: 'change', toShards: 125, shardsNeeded: 113 });
  });

  it('waits out the cool-down that begins when the last change has ended', () => {
    const atMillis = NOW - 10 * MINUTE_MILLIS;
    const last = { atMillis, fromShards: 80, toShards: 100, reason: 'traffic' } as const;
    const settledAgo = (settledMinutesAgo: number) =>
      decideWith({
        minutes: day(90),
        state: {
          shards: 100,
          changes: [{ ...last, settledAtMillis: NOW - settledMinutesAgo * MINUTE_MILLIS }],
        },
      });
    expect(settledAgo(4)).toMatchObject({ action: 'hold', reason: 'cool-down', isBlocked: false });
    expect(settledAgo(5)).toMatchObject({ action: 'change', toShards: 125 });
  });

  it('waits while the stream is changing', () => {
    expect(
      decideWith({ minutes: day(99), observation: { ...settled(100), isSettled: false } }),
    ).toMatchObject({ action: 'hold', reason: 'resharding', isBlocked: false });
  });

  it('brings a stream below its floor up to it', () => {
    expect(decideWith({ observation: settled(3), minutes: day(0.1) })).toMatchObject({
      action: 'change',
      toShards: 4,
      reason: 'floor',
    });
  });

  it('restores what the last day’s peak needs after a deployment has set fewer shards', () => {
    const minutes = dayWithPeak(120, 20 * 60);
    const state = { shards: 100, changes: [{ ...outside(152, 100), settledAtMillis: NOW - HOUR_MILLIS }] };
    expect(decideWith({ minutes, state })).toMatchObject({
      action: 'change',
      toShards: 150,
      reason: 'day-peak',
    });
  });
});

function outside(fromShards: number, toShards: number) {
  return { atMillis: NOW - HOUR_MILLIS, fromShards, toShards, reason: 'outside' } as const;
}

describe('an emergency', () => {
  it('doubles when records are turned away: how many more were wanted is not measured', () => {
    const minutes = [...day(70), minute(NOW - 2 * MINUTE_MILLIS, 92, 50_000)];
    expect(decideWith({ minutes })).toMatchObject({ action: 'change', toShards: 200, reason: 'emergency' });
  });

  it('doubles when the shards are as good as full, before anything is turned away', () => {
    expect(decideWith({ minutes: dayWithPeak(95, 2) })).toMatchObject({ toShards: 200, reason: 'emergency' });
    expect(decideWith({ minutes: dayWithPeak(94.9, 2) })).toMatchObject({ toShards: 125, reason: 'traffic' });
  });

  it('does not wait for the cool-down, only for a measurement since the last change', () => {
    const state = (settledAtMillis: number) => ({
      shards: 100,
      changes: [{ ...outside(50, 100), settledAtMillis }],
    });
    const minutes = [minute(NOW - 3 * MINUTE_MILLIS, 90, 50_000)];
    expect(decideWith({ minutes, state: state(NOW - 3 * MINUTE_MILLIS) })).toMatchObject({
      reason: 'emergency',
    });
    // What was turned away before the change says nothing about the stream after it.
    expect(decideWith({ minutes, state: state(NOW - 2 * MINUTE_MILLIS) })).toMatchObject({
      action: 'hold',
      reason: 'cool-down',
      shardsNeeded: undefined,
    });
  });

  it('is none when a record here and there is turned away', () => {
    const one = minute(NOW - 2 * MINUTE_MILLIS, 75);
    const minutes = [...day(70), { ...one, throttledRecords: one.records / 101 }];
    expect(decideWith({ minutes })).toMatchObject({ action: 'hold', reason: 'enough' });
  });

  it('is none when a hot shard turns records away in a stream less than half full', () => {
    const minutes = [...day(40), minute(NOW - 2 * MINUTE_MILLIS, 49, 50_000)];
    expect(decideWith({ minutes })).toMatchObject({ action: 'hold', reason: 'hot-shard', isBlocked: false });
  });
});

describe('what forbids more shards is told', () => {
  it('the ceiling, to which a step goes and no further', () => {
    const policy = { ...POLICY, maxShards: 110 };
    expect(decideWith({ minutes: day(99), policy })).toMatchObject({ action: 'change', toShards: 110 });
    expect(decideWith({ minutes: day(99), policy, observation: settled(110) })).toMatchObject({
      action: 'hold',
      reason: 'ceiling',
      isBlocked: true,
    });
  });

  it('the reserve, which emergencies may use', () => {
    const state = changed(100, 6, 1);
    expect(decideWith({ minutes: day(90), state })).toMatchObject({
      action: 'hold',
      reason: 'reserve',
      isBlocked: true,
      changesLeft: 4,
    });
    expect(decideWith({ minutes: day(96), state })).toMatchObject({ action: 'change', reason: 'emergency' });
    expect(decideWith({ minutes: day(90), state: changed(100, 5, 1) })).toMatchObject({ action: 'change' });
  });

  it('the ten changes of 24 hours, even in an emergency', () => {
    expect(decideWith({ minutes: day(99), state: changed(100, 10, 1) })).toMatchObject({
      action: 'hold',
      reason: 'no-changes-left',
      isBlocked: true,
      changesLeft: 0,
    });
    // A day later they are given back.
    expect(decideWith({ minutes: day(99), state: changed(100, 10, 24.1) })).toMatchObject({
      action: 'change',
    });
  });
});

describe('going down', () => {
  it('is a step of a quarter, and only when the busiest minute of the whole last day fits it', () => {
    // 75 shards hold 60 MB/s at 80 %.
    expect(decideWith({ minutes: dayWithPeak(60, 24 * 60 + 30) })).toMatchObject({
      action: 'change',
      toShards: 75,
      reason: 'quiet-day',
    });
    expect(decideWith({ minutes: dayWithPeak(60.9, 24 * 60 + 30) })).toMatchObject({
      action: 'hold',
      reason: 'enough',
    });
  });

  it('stops at the floor', () => {
    const policy = { ...POLICY, minShards: 90 };
    expect(decideWith({ minutes: day(10), policy })).toMatchObject({ action: 'change', toShards: 90 });
    expect(decideWith({ minutes: day(10), policy, observation: settled(90) })).toMatchObject({
      action: 'hold',
      reason: 'enough',
    });
  });

  it('waits for hours after any change, and says until when', () => {
    expect(decideWith({ minutes: day(10), state: changed(100, 1, 5.9) })).toMatchObject({
      action: 'hold',
      reason: 'step-down-wait',
      explanation: expect.stringContaining('a step down is due at 2026-03-02T12:06:00.000Z'),
    });
    expect(decideWith({ minutes: day(10), state: changed(100, 1, 6) })).toMatchObject({ action: 'change' });
  });

  it('does not trust a day of which an hour was not measured', () => {
    const hole = (from: number, to: number) =>
      day(10).filter(
        ({ startMillis }) => startMillis < NOW - from * HOUR_MILLIS || startMillis >= NOW - to * HOUR_MILLIS,
      );
    expect(decideWith({ minutes: hole(12, 11) })).toMatchObject({ action: 'hold', reason: 'gap' });
    expect(decideWith({ minutes: hole(25, 24) })).toMatchObject({ action: 'hold', reason: 'gap' });
    // Half an hour is missing of each of two hours.
    expect(decideWith({ minutes: hole(11.5, 10.5) })).toMatchObject({ action: 'change' });
  });

  it('does not happen when nothing was measured just now', () => {
    const minutes = day(10).filter(({ startMillis }) => startMillis < NOW - 8 * MINUTE_MILLIS);
    expect(decideWith({ minutes })).toMatchObject({ action: 'hold', reason: 'no-measurements' });
    expect(decideWith({ minutes: [] })).toMatchObject({ action: 'hold', reason: 'no-measurements' });
  });

  it('leaves one change more than the reserve, to be taken back with', () => {
    expect(decideWith({ minutes: day(10), state: changed(100, 4, 6) })).toMatchObject({ action: 'change' });
    expect(decideWith({ minutes: day(10), state: changed(100, 5, 6) })).toMatchObject({
      action: 'hold',
      reason: 'reserve',
      isBlocked: false,
    });
  });

  it.each([
    [4, 3],
    [3, 2],
    [2, 1],
  ])('from %d shards is to %d', (from, toShards) => {
    const policy = { ...POLICY, minShards: 1 };
    expect(decideWith({ minutes: day(0.1), policy, observation: settled(from) })).toMatchObject({ toShards });
  });
});
