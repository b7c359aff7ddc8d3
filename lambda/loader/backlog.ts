/**
 * Which messages one run holds, and for which objects. Pure.
 *
 * S3 tells of an object at least once, so several messages may name the same key, and a message may name several
 * keys: a message is done when all its keys are.
 */

/** A message that was received and neither deleted nor given back. */
export interface HeldMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  /** Times it was received, this one included. */
  readonly receives: number;
}

interface Entry {
  message: HeldMessage;
  readonly openKeys: Set<string>;
}

/** The messages of one run that wait for their objects. */
export class Backlog {
  private readonly entries = new Map<string, Entry>();
  private readonly entriesByKey = new Map<string, Set<Entry>>();
  private readonly settled = new Set<string>();

  /**
   * Holds a message until all its keys are settled. Received twice, only the later receipt handle counts.
   * @returns the keys that are new, and whether the message has nothing left to wait for and is not held
   */
  add(message: HeldMessage, keys: readonly string[]): { newKeys: string[]; isDone: boolean } {
    const known = this.entries.get(message.messageId);
    if (known !== undefined) {
      known.message = message;
      return { newKeys: [], isDone: false };
    }
    const openKeys = keys.filter((key) => !this.settled.has(key));
    if (openKeys.length === 0) return { newKeys: [], isDone: true };
    const newKeys = openKeys.filter((key) => !this.entriesByKey.has(key));
    const entry: Entry = { message, openKeys: new Set(openKeys) };
    this.entries.set(message.messageId, entry);
    for (const key of openKeys) {
      const entries = this.entriesByKey.get(key) ?? new Set();
      this.entriesByKey.set(key, entries.add(entry));
    }
    return { newKeys, isDone: false };
  }

  /** Messages held. */
  get size(): number {
    return this.entries.size;
  }

  /** Most times a message about a key was received. */
  receives(key: string): number {
    const entries = this.entriesByKey.get(key) ?? [];
    return Math.max(0, ...[...entries].map(({ message }) => message.receives));
  }

  /**
   * Closes keys that were loaded: later messages of this run about them are S3's repetitions.
   * @returns the messages that have no open key left and are no longer held
   */
  settle(keys: Iterable<string>): HeldMessage[] {
    const loaded = [...keys];
    for (const key of loaded) this.settled.add(key);
    return this.release(loaded);
  }

  /**
   * Closes keys there is nothing under any more. Whoever tells of them later means something new.
   * @returns the messages that have no open key left and are no longer held
   */
  release(keys: Iterable<string>): HeldMessage[] {
    const done: HeldMessage[] = [];
    for (const key of keys) {
      for (const entry of this.entriesByKey.get(key) ?? []) {
        entry.openKeys.delete(key);
        if (entry.openKeys.size > 0) continue;
        this.entries.delete(entry.message.messageId);
        done.push(entry.message);
      }
      this.entriesByKey.delete(key);
    }
    return done;
  }

  /** Messages held that name none of `keys`. */
  heldExcept(keys: ReadonlySet<string>): HeldMessage[] {
    return [...this.entries.values()]
      .filter(({ openKeys }) => [...openKeys].every((key) => !keys.has(key)))
      .map(({ message }) => message);
  }
}
