/**
 * Decides whether the stream's shard count is to change, and why. Pure: clock, stream, measurements and memory are
 * given.
 *
 * Up at once, down slowly. AWS allows few changes, so a daily curve is not followed through the day: the count never
 * goes below what the last day's peak needs, and what it follows is that peak, from day to day.
 */
import { HOUR_MILLIS, MINUTE_MILLIS } from '../contract/units';
import { type Look, look } from './look';
import type { ScalingPolicy } from './policy';
import { changesLeft, lastChange } from './state';
import { doubled, stepDown, stepUp } from './steps';
import type {
  ChangeReason,
  Decision,
  HoldReason,
  MinuteTraffic,
  ScalingState,
  StreamObservation,
} from './types';

/**
 * Going up takes a need this much above the open shards: a few percent are noise, and the target leaves room for them.
 */
const TOLERANCE = 1.05;

/** Everything a decision depends on. */
export interface Situation {
  readonly observation: StreamObservation;
  /** Already held against the stream, see `reconcile`. */
  readonly state: ScalingState;
  /** Measured minutes of the last `LOOK_BACK_HOURS`. */
  readonly minutes: readonly MinuteTraffic[];
  readonly policy: ScalingPolicy;
}

/** A decision without the numbers that every decision carries. */
type Verdict =
  | {
      readonly action: 'change';
      readonly toShards: number;
      readonly reason: ChangeReason;
      readonly explanation: string;
    }
  | {
      readonly action: 'hold';
      readonly reason: HoldReason;
      readonly isBlocked: boolean;
      readonly explanation: string;
    };

/** What to do now. */
export function decide(situation: Situation): Decision {
  const { observation, state, minutes, policy } = situation;
  const seen = look(observation, state, minutes, policy);
  const left = changesLeft(state, observation.nowMillis);
  return { ...verdict(situation, seen, left), shardsNeeded: seen.now, changesLeft: left };
}

function verdict(situation: Situation, seen: Look, left: number): Verdict {
  const { observation, policy } = situation;
  const shards = observation.openShards;
  if (!observation.isSettled) return hold('resharding', 'the last change is still under way');
  const wanted = Math.max(
    policy.minShards,
    exceeds(seen.now, shards) ? seen.now : 0,
    exceeds(seen.day, shards) ? seen.day : 0,
    seen.isEmergency ? shards + 1 : 0,
  );
  if (wanted > shards) return goUp(situation, seen, left, wanted);
  if (seen.hasHotShard) {
    return hold(
      'hot-shard',
      `records are turned away at ${percent(seen.utilization)} of the limits: a key or a shard is hot, more shards ` +
        'would not help',
    );
  }
  if (seen.now === undefined) return hold('no-measurements', 'nothing was measured in the last minutes');
  return goDown(situation, seen, left);
}

function exceeds(needed: number | undefined, shards: number): needed is number {
  return needed !== undefined && needed > shards * TOLERANCE;
}

function goUp({ observation, state, policy }: Situation, seen: Look, left: number, wanted: number): Verdict {
  const shards = observation.openShards;
  const { reason, explanation } = whyUp(shards, seen, policy);
  if (policy.maxShards <= shards) {
    return blocked('ceiling', `${explanation}; the ceiling is ${policy.maxShards}`);
  }
  if (reason !== 'emergency' && isCoolingDown(observation, state, policy)) {
    return hold(
      'cool-down',
      `${explanation}; the last change ended less than ${policy.cooldownMinutes} minutes ago`,
    );
  }
  if (left === 0)
    return blocked('no-changes-left', `${explanation}; AWS allows no more changes in these 24 hours`);
  if (reason !== 'emergency' && left <= policy.reservedChanges) {
    return blocked('reserve', `${explanation}; the ${left} changes left are kept for emergencies`);
  }
  // How much is turned away is not measured, and changes are few: an emergency goes as far as AWS lets it.
  const step = reason === 'emergency' ? doubled(shards) : stepUp(shards, wanted);
  return { action: 'change', toShards: Math.min(step, policy.maxShards), reason, explanation };
}

function whyUp(
  shards: number,
  seen: Look,
  { targetUtilization, minShards }: ScalingPolicy,
): { reason: ChangeReason; explanation: string } {
  const at = `at ${percent(targetUtilization)} of the limits`;
  if (seen.isEmergency) {
    return {
      reason: 'emergency',
      explanation: `${shards} shards are ${percent(seen.utilization)} full and turn records away, or soon will`,
    };
  }
  if (exceeds(seen.now, shards)) {
    return {
      reason: 'traffic',
      explanation: `the last minutes need ${seen.now} shards ${at}, ${shards} are open`,
    };
  }
  if (exceeds(seen.day, shards)) {
    return {
      reason: 'day-peak',
      explanation: `the last day’s peak needs ${seen.day} shards ${at}, ${shards} are open`,
    };
  }
  return { reason: 'floor', explanation: `${shards} shards are open, the floor is ${minShards}` };
}

function goDown({ observation, state, policy }: Situation, seen: Look, left: number): Verdict {
  const shards = observation.openShards;
  const lower = Math.max(stepDown(shards), policy.minShards);
  const needed = `the last day’s peak needs ${seen.day} shards, ${shards} are open`;
  if (lower >= shards) return hold('enough', `${needed}, the floor is ${policy.minShards}`);
  if (seen.day === undefined || seen.day > lower)
    return hold('enough', `${needed}, a step down gives ${lower}`);
  const due = (lastChange(state)?.atMillis ?? 0) + policy.stepDownHours * HOUR_MILLIS;
  if (observation.nowMillis < due) {
    return hold('step-down-wait', `${needed}; a step down is due at ${new Date(due).toISOString()}`);
  }
  if (!seen.isDayComplete) {
    return hold(
      'gap',
      `${needed}; but an hour of the last day has no measurement and may have held the peak`,
    );
  }
  // One more than the reserve has to be left afterwards: the step may have to be taken back.
  if (left < policy.reservedChanges + 2) {
    return hold('reserve', `${needed}; the ${left} changes left are kept for going up`);
  }
  return { action: 'change', toShards: lower, reason: 'quiet-day', explanation: needed };
}

function isCoolingDown(
  { nowMillis }: StreamObservation,
  state: ScalingState,
  { cooldownMinutes }: ScalingPolicy,
): boolean {
  const ended = lastChange(state)?.settledAtMillis ?? 0;
  return nowMillis < ended + cooldownMinutes * MINUTE_MILLIS;
}

function hold(reason: HoldReason, explanation: string): Verdict {
  return { action: 'hold', reason, isBlocked: false, explanation };
}

function blocked(reason: HoldReason, explanation: string): Verdict {
  return { action: 'hold', reason, isBlocked: true, explanation };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
