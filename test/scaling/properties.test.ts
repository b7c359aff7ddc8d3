import fc from 'fast-check';
import { decide, type Situation } from '../../lib/scaling/decide';
import type { ScalingPolicy } from '../../lib/scaling/policy';
import { SimulatedStream } from '../../lib/scaling/simulation/stream';
import { INITIAL_STATE, reconcile, withChange } from '../../lib/scaling/state';
import { stepDown, stepUp } from '../../lib/scaling/steps';
import type { MinuteTraffic } from '../../lib/scaling/types';
import { POLICY } from '../support/scaling';

const QUOTA = 1_000;

const anyPolicy: fc.Arbitrary<ScalingPolicy> = fc
  .record({
    minShards: fc.integer({ min: 1, max: 60 }),
    room: fc.integer({ min: 0, max: 500 }),
    targetUtilization: fc.double({ min: 0.4, max: 1, noNaN: true }),
    cooldownMinutes: fc.integer({ min: 1, max: 60 }),
    stepDownHours: fc.integer({ min: 1, max: 24 }),
    reservedChanges: fc.integer({ min: 0, max: 8 }),
  })
  .map(({ room, ...policy }) => ({ ...policy, maxShards: policy.minShards + room }));

interface Level {
  readonly megabytesPerSecond: number;
  readonly hours: number;
}

/** Levels of traffic, each for an hour to a day. */
const anyTraffic: fc.Arbitrary<Level[]> = fc.array(
  fc.record({
    megabytesPerSecond: fc.oneof(
      fc.double({ min: 0, max: 30, noNaN: true }),
      fc.double({ min: 0, max: 600, noNaN: true }),
    ),
    hours: fc.integer({ min: 1, max: 24 }),
  }),
  { minLength: 1, maxLength: 12 },
);

interface Change {
  readonly situation: Situation;
  readonly toShards: number;
  readonly reason: string;
}

/** Looking every ten minutes instead of every minute keeps the tests quick. */
const STEP_SECONDS = 600;

/**
 * Runs the decision against a stream that refuses what Kinesis refuses; at some steps somebody else doubles the count.
 */
function run(policy: ScalingPolicy, traffic: readonly Level[], outsideSteps: readonly number[]): Change[] {
  const stream = new SimulatedStream(policy.minShards, QUOTA);
  const minutes: MinuteTraffic[] = [];
  const changes: Change[] = [];
  let state = INITIAL_STATE;
  for (const level of traffic.flatMap(({ megabytesPerSecond, hours }) =>
    Array.from({ length: hours * 6 }, () => megabytesPerSecond),
  )) {
    const second = (minutes.length + 1) * STEP_SECONDS;
    const nowMillis = second * 1_000;
    const taken = Math.min(level, stream.openShards(second));
    minutes.push({
      startMillis: nowMillis - 2 * 60_000,
      bytes: taken * 60e6,
      records: taken * 1_200,
      throttledRecords: (level - taken) * 1_200,
    });
    const observation = {
      nowMillis,
      openShards: stream.openShards(second),
      isSettled: stream.isSettled(second),
    };
    state = reconcile(state, observation).state;
    const situation = { observation, state, minutes: minutes.slice(-160), policy };
    const decision = decide(situation);
    if (decision.action === 'change') {
      const { toShards, reason } = decision;
      stream.updateShardCount(second, toShards);
      const { openShards: fromShards } = observation;
      state = withChange(state, { atMillis: nowMillis, fromShards, toShards, reason });
      changes.push({ situation, toShards, reason });
    } else if (observation.isSettled && outsideSteps.includes(minutes.length) && decision.changesLeft > 0) {
      const target = Math.min(policy.maxShards, 2 * observation.openShards);
      if (target > observation.openShards) stream.updateShardCount(second, target);
    }
  }
  return changes;
}

const anyRun = fc
  .tuple(anyPolicy, anyTraffic, fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 12 }))
  .map(([policy, traffic, outsideSteps]) => ({ policy, changes: run(policy, traffic, outsideSteps) }));

function peakNeed({ minutes, observation, policy }: Situation): number {
  const day = minutes.filter(({ startMillis }) => startMillis >= observation.nowMillis - 25 * 3_600_000);
  return Math.max(...day.map(({ bytes }) => bytes / 60e6)) / policy.targetUtilization;
}

/** Grows a little, is overrun, and is quiet for two days: every kind of change comes at least once. */
const FULL_RUN = {
  policy: POLICY,
  changes: run(
    POLICY,
    [
      { megabytesPerSecond: 3, hours: 30 },
      { megabytesPerSecond: 3.6, hours: 2 },
      { megabytesPerSecond: 30, hours: 2 },
      { megabytesPerSecond: 0.5, hours: 48 },
    ],
    [],
  ),
};

it('whatever the traffic, the policy and other people do, Kinesis refuses no change and each keeps to its rules', () => {
  const reasons = new Set<string>();
  fc.assert(
    fc.property(anyRun, ({ policy, changes }) => {
      for (const { situation, toShards, reason } of changes) {
        reasons.add(reason);
        const { openShards, nowMillis } = situation.observation;
        expect(toShards).toBeLessThanOrEqual(policy.maxShards);
        expect(toShards).toBeGreaterThanOrEqual(policy.minShards);
        // Only a quiet day lowers the count, and never below what that day's peak needs.
        expect(toShards < openShards).toBe(reason === 'quiet-day');
        if (reason === 'quiet-day') expect(toShards).toBeGreaterThanOrEqual(peakNeed(situation) - 1e-6);
        // Only emergencies use the reserve; a step down leaves one change more.
        const used = situation.state.changes.filter(
          ({ atMillis }) => atMillis > nowMillis - 86_400_000,
        ).length;
        const kept =
          { emergency: 0, 'quiet-day': policy.reservedChanges + 1 }[reason] ?? policy.reservedChanges;
        expect(10 - used - 1).toBeGreaterThanOrEqual(kept);
      }
    }),
    { numRuns: 60, examples: [[FULL_RUN]] },
  );
  expect([...reasons].sort()).toEqual(expect.arrayContaining(['emergency', 'quiet-day', 'traffic']));
});

describe('steps', () => {
  const anyShards = fc.integer({ min: 1, max: 5_000 });

  it('up hold what is wanted or double, and are a multiple of 25 % rounded up', () => {
    fc.assert(
      fc.property(anyShards, fc.integer({ min: 1, max: 5_000 }), (shards, more) => {
        const target = stepUp(shards, shards + more);
        expect(target).toBeGreaterThan(shards);
        expect(target).toBeLessThanOrEqual(2 * shards);
        expect(target >= shards + more || target === 2 * shards).toBe(true);
        expect([5, 6, 7, 8].map((quarters) => Math.ceil((shards * quarters) / 4))).toContain(target);
      }),
    );
  });

  it('up never pass the 10,000 shards that Kinesis resizes to', () => {
    expect(stepUp(8_000, 20_000)).toBe(10_000);
  });

  it('down are a quarter rounded up, at least one shard, and never below half', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 10_000 }), (shards) => {
        const target = stepDown(shards);
        expect(target).toBeLessThan(shards);
        expect(target).toBeGreaterThanOrEqual(shards / 2);
        expect(target).toBe(shards < 4 ? shards - 1 : Math.ceil((shards * 3) / 4));
      }),
    );
  });
});

it('more traffic never gets fewer shards', () => {
  const nowMillis = 10 * 86_400_000;
  fc.assert(
    fc.property(
      anyPolicy,
      fc.integer({ min: 1, max: 300 }),
      fc.double({ min: 0, max: 400, noNaN: true }),
      fc.double({ min: 1, max: 3, noNaN: true }),
      (policy, openShards, megabytesPerSecond, factor) => {
        const after = (level: number) => {
          const minutes = Array.from({ length: 300 }, (_, index) => ({
            startMillis: nowMillis - (index + 1) * 300_000,
            bytes: level * 60e6,
            records: level * 1_200,
            throttledRecords: 0,
          }));
          const observation = { nowMillis, openShards, isSettled: true };
          const decision = decide({
            observation,
            state: { shards: openShards, changes: [] },
            minutes,
            policy,
          });
          return decision.action === 'change' ? decision.toShards : openShards;
        };
        expect(after(megabytesPerSecond * factor)).toBeGreaterThanOrEqual(after(megabytesPerSecond));
      },
    ),
  );
});
