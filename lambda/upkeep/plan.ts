/** What upkeep has to do to the slices of events: which to close, which to drop. Pure. */
import { DAY_MILLIS } from '../../lib/contract/units';

/** A slice as `ops.slices` has it. */
export interface Slice {
  /** Without its schema; the current one is `events`. */
  readonly name: string;
  readonly openedAtMillis: number;
  /** Undefined while loads insert into it. */
  readonly closedAtMillis: number | undefined;
}

/** How long things are kept. */
export interface UpkeepSettings {
  /** A slice is closed when it is so old. */
  readonly sliceDays: number;
  /** Events are kept this long after they were loaded, and at most a slice longer. */
  readonly retentionDays: number;
  /** Page views of the models are kept this long. */
  readonly modelRetentionDays: number;
}

/** What is due. */
export interface SlicePlan {
  readonly closeCurrent: boolean;
  /** Closed slices all of whose events are past their time, oldest first. */
  readonly drop: readonly string[];
}

/** Slices dropped in one transaction, which takes 40 statements; the next run goes on. */
const MOST_DROPPED = 20;

/**
 * What is due at a time.
 * @throws Error when there is no current slice, or more than one
 */
export function planSlices(slices: readonly Slice[], settings: UpkeepSettings, nowMillis: number): SlicePlan {
  const open = slices.filter(({ closedAtMillis }) => closedAtMillis === undefined);
  const [current] = open;
  if (current === undefined || open.length > 1) {
    throw new Error(`ops.slices has ${open.length} slices that are not closed, there must be one`);
  }
  const drop = slices
    .filter(({ closedAtMillis }) => isPast(closedAtMillis, settings.retentionDays, nowMillis))
    .toSorted((a, b) => a.openedAtMillis - b.openedAtMillis);
  return {
    closeCurrent: isPast(current.openedAtMillis, settings.sliceDays, nowMillis),
    drop: drop.slice(0, MOST_DROPPED).map(({ name }) => name),
  };
}

function isPast(atMillis: number | undefined, days: number, nowMillis: number): boolean {
  return atMillis !== undefined && atMillis + days * DAY_MILLIS <= nowMillis;
}

/** Start of the first day whose page views are kept, in UTC. */
export function modelCutoffMillis({ modelRetentionDays }: UpkeepSettings, nowMillis: number): number {
  return Math.floor(nowMillis / DAY_MILLIS) * DAY_MILLIS - modelRetentionDays * DAY_MILLIS;
}
