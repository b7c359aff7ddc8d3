/** Decides what becomes of objects that could not be loaded, and has the broken ones moved aside. */
import type { Failure } from './failures';
import type { Log } from './intake';
import type { LakeObject } from './lakeObject';
import { type BrokenObject, moveToQuarantine, type QuarantineTools } from './quarantine';
import type { LoadSummary } from './summary';

/** What a decision is based on and where it goes. */
export interface CourtOptions {
  readonly tools: QuarantineTools;
  /** Epoch milliseconds. */
  readonly deadlineMillis: number;
  readonly log: Log;
  /** Counted into. */
  readonly summary: LoadSummary;
  /** Gets what somebody may have to look at. */
  readonly failures: string[];
  /** The messages that tell of the objects. */
  readonly messages: {
    receives(key: string): number;
    release(keys: Iterable<string>): Promise<void>;
  };
}

/** An object that failed alone, and of what. */
export interface Case {
  readonly object: LakeObject;
  readonly failure: Failure;
  /** In Redshift's words. */
  readonly message: string;
}

/**
 * Times an object is received before one that may not be at fault (it fails alone of an error nobody knows, or looks
 * like one of a later release) is taken for broken: what passes has had time to pass.
 */
export const RECEIVES_UNTIL_BROKEN = 3;

/** The decisions of one run. */
export class Court {
  private readonly suspects: Case[] = [];

  constructor(private readonly options: CourtOptions) {}

  /** Decides about an object at once when Redshift's words allow it; else at the end of the run. */
  async judge(one: Case): Promise<void> {
    switch (one.failure.permanence) {
      case 'permanent':
        await this.quarantine([broken(one)]);
        return;
      case 'transient':
        this.leave(one);
        return;
      case 'unknown':
        this.suspects.push(one);
    }
  }

  /**
   * An error nobody knows is held against an object only when the warehouse loads others, and only after some runs:
   * else it may as well be the warehouse's.
   */
  async judgeSuspects(): Promise<void> {
    const { summary, messages } = this.options;
    const found: BrokenObject[] = [];
    for (const suspect of this.suspects) {
      const isTriedOften = messages.receives(suspect.object.key) >= RECEIVES_UNTIL_BROKEN;
      if (summary.batchesLoaded > 0 && isTriedOften) found.push(broken(suspect));
      else this.leave(suspect);
    }
    if (found.length > 0) await this.quarantine(found);
  }

  /** Moves objects aside, and deletes the messages of those that are there no more. */
  async quarantine(objects: readonly BrokenObject[]): Promise<void> {
    const { tools, deadlineMillis, log, summary, failures, messages } = this.options;
    const settled: string[] = [];
    for (const fate of await moveToQuarantine(tools, objects, deadlineMillis)) {
      const { key, reason, detail, bytes, rows } = fate.object;
      switch (fate.fate) {
        case 'moved':
          log.error('Object can never be loaded; moved to quarantine', { key, reason, detail, bytes, rows });
          summary.objectsQuarantined++;
          if (rows === undefined) summary.objectsQuarantinedUncounted++;
          else summary.rowsQuarantined += rows;
          settled.push(key);
          break;
        case 'gone':
          log.warn('Object is gone; nothing to move to quarantine', { key });
          summary.objectsVanished++;
          settled.push(key);
          break;
        case 'replaced':
          log.warn('Object was replaced before it was moved to quarantine; left for the next run', { key });
          break;
        case 'left':
          log.error('Object cannot be moved to quarantine', { key, reason, detail, why: fate.reason });
          failures.push(`${key} cannot be moved to quarantine (${detail}): ${fate.reason}`);
      }
    }
    await messages.release(settled);
  }

  private leave({ object, message }: Case): void {
    this.options.failures.push(`1 object, ${object.key}: ${message}`);
  }
}

function broken({ object, failure, message }: Case): BrokenObject {
  const { key, eTag, bytes, rows } = object;
  return { key, eTag, bytes, rows, reason: failure.code, detail: message };
}
