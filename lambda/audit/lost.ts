/** Which objects nobody will load unless somebody tells the loader of them again. Pure. */
import type { ListedObject } from './lake';

/** What is known of the loading. */
export interface LoadingState {
  readonly nowMillis: number;
  /** How long an object may wait when everything is in order. */
  readonly graceMillis: number;
  /** When the youngest object of all that were loaded was created; undefined when none was. */
  readonly newestLoadedMillis: number | undefined;
  /** Messages in the loader's queue, those under way included. */
  readonly queuedMessages: number;
}

/** What is to be done. */
export interface LostObjects {
  /** To be put on the queue again. */
  readonly lost: readonly ListedObject[];
  /** Objects that have waited too long, but whose messages are most likely still in the queue. */
  readonly queued: readonly ListedObject[];
}

/** So few may be put on the queue whatever is in it: a message too many costs a look at the object. */
const ALWAYS = 100;

/**
 * Objects whose notification is lost: they have waited for longer than the grace, and either the queue is empty, or
 * objects that came a grace later have been loaded before them. While the warehouse is down nothing is overtaken, so
 * the backlog is not put on the queue a second time; while a backlog is being loaded, in whatever order SQS gives it
 * out, the queue still holds as many messages as objects wait.
 */
export function lostObjects(waiting: readonly ListedObject[], state: LoadingState): LostObjects {
  const { nowMillis, graceMillis, newestLoadedMillis = 0, queuedMessages } = state;
  const late = waiting.filter(({ createdAtMillis }) => createdAtMillis + graceMillis <= nowMillis);
  if (queuedMessages === 0) return { lost: late, queued: [] };
  if (late.length > ALWAYS && late.length <= queuedMessages) return { lost: [], queued: late };
  const isOvertaken = ({ createdAtMillis }: ListedObject) =>
    createdAtMillis + graceMillis <= newestLoadedMillis;
  return { lost: late.filter(isOvertaken), queued: late.filter((object) => !isOvertaken(object)) };
}
