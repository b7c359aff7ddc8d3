/** Times of the loading stage that more than one resource must agree on. */
import { Duration } from 'aws-cdk-lib';
import { LAMBDA_TIMEOUT_SECONDS } from '../contract/limits';

/** The loader follows its statement for as long as Lambda allows. */
export const LOADER_TIMEOUT = Duration.seconds(LAMBDA_TIMEOUT_SECONDS);

/** Messages stay hidden longer than the loader can run, so no other loader sees them meanwhile. */
export const OBJECT_VISIBILITY_TIMEOUT = Duration.minutes(20);

/**
 * How long an object is tried before it becomes a dead letter. A warehouse that is paused for the night must not spill
 * every object into the dead letters; an object that can never be loaded raises its alarm at the first try already.
 */
const TRIED_FOR = Duration.hours(24);
/** Most receives a queue's redrive policy takes (SQS API reference, SetQueueAttributes). */
const MOST_RECEIVES = 1_000;

/** Receives before a message is a dead letter, when every run of the loader receives it once. */
export function receivesBeforeDeadLetter(loadInterval: Duration): number {
  return Math.min(MOST_RECEIVES, Math.ceil(TRIED_FOR.toMinutes() / loadInterval.toMinutes()));
}
