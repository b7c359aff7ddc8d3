/**
 * Loads a batch that may hold broken objects. COPY from Parquet has no MAXERROR: one of them fails the whole load. So a
 * batch that is refused is divided and its parts are loaded, all of them before any is divided further: where broken
 * objects lie together, as those of one bad hour do, the others are in after a few loads.
 */
import { blamedKey, classify, type Failure } from './failures';
import type { LakeObject } from './lakeObject';
import type { LoadOutcome } from './load';
import { mayBeObjectsFault } from './sql';

/** What an isolation works with. */
export interface IsolationSteps {
  /** Loads objects in one transaction, and settles them when it was committed. */
  load(objects: readonly LakeObject[]): Promise<LoadOutcome>;
  /** Told of an object that failed alone, or that Redshift blames by name. */
  isolated(object: LakeObject, failure: Failure, message: string): Promise<void>;
  /** Whether there is time for another load. */
  hasTime(): boolean;
}

/**
 * How the loading of a batch ended.
 * - `done`: every object was loaded or isolated.
 * - `no time`: some were not tried.
 * - `running`: a load had not ended at the deadline; `objects` are those of it.
 * - `hopeless`: no object is to blame, or everything is refused: there is no point in going on.
 */
export type IsolationResult =
  | { readonly end: 'done' | 'no time' }
  | { readonly end: 'running'; readonly objects: readonly LakeObject[]; readonly message: string }
  | { readonly end: 'hopeless'; readonly message: string };

/** Parts a refused batch is divided into. */
const PARTS = 4;

/**
 * Refused loads in a row, with nothing loaded and no broken object found between them, after which the warehouse is
 * taken to refuse everything. Dividing a thousand objects down to one takes 1 + 5 x 4 of them.
 */
export const MAX_FRUITLESS_LOADS = 24;

/** The loads of one run. */
export class Isolation {
  private fruitless = 0;

  constructor(private readonly steps: IsolationSteps) {}

  /** Loads what can be loaded of a batch. The first load is tried whatever the time. */
  async load(batch: readonly LakeObject[]): Promise<IsolationResult> {
    const refused: (readonly LakeObject[])[] = [];
    let parts: (readonly LakeObject[])[] = [batch];
    for (let isFirst = true; ; isFirst = false) {
      const refusedNow: (readonly LakeObject[])[] = [];
      for (const part of parts) {
        if (!isFirst && !this.steps.hasTime()) return { end: 'no time' };
        const rest = await this.loadPart(part);
        if ('end' in rest) return rest;
        if (rest.objects.length > 0) refusedNow.push(rest.objects);
      }
      refused.push(...refusedNow.reverse());
      const next = refused.pop();
      if (next === undefined) return { end: 'done' };
      parts = divide(next);
    }
  }

  /** Loads a part; the objects of it that have to be tried again, in smaller parts. */
  private async loadPart(
    part: readonly LakeObject[],
  ): Promise<{ readonly objects: readonly LakeObject[] } | IsolationResult> {
    const outcome = await this.steps.load(part);
    if (outcome.fate === 'loaded') {
      this.fruitless = 0;
      return { objects: [] };
    }
    if (outcome.fate === 'running') return { end: 'running', objects: part, message: outcome.error.message };
    const { reason, sqlIndex, message } = outcome.error;
    const what = `${part.length} objects from ${part[0]?.key} on: ${message}`;
    const failure = classify(reason);
    this.fruitless++;
    if (!mayBeObjectsFault(sqlIndex) || !failure.isWorthDividing) return { end: 'hopeless', message: what };
    const suspect = this.suspect(part, failure, reason);
    if (suspect !== undefined) {
      if (failure.permanence === 'permanent') this.fruitless = 0;
      await this.steps.isolated(suspect, failure, message);
    }
    if (this.fruitless >= MAX_FRUITLESS_LOADS) return { end: 'hopeless', message: what };
    return { objects: part.filter((object) => object !== suspect) };
  }

  /** The object that is at fault for certain: the only one, or one that a permanent failure names. */
  private suspect(
    part: readonly LakeObject[],
    { permanence }: Failure,
    reason: string,
  ): LakeObject | undefined {
    if (part.length === 1) return part[0];
    if (permanence !== 'permanent') return undefined;
    const key = blamedKey(
      reason,
      part.map((object) => object.key),
    );
    return part.find((object) => object.key === key);
  }
}

/** Up to `PARTS` parts of about the same size, by key: objects of the same hour stay together. */
export function divide(objects: readonly LakeObject[]): LakeObject[][] {
  const sorted = objects.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const size = Math.ceil(sorted.length / PARTS);
  const parts: LakeObject[][] = [];
  for (let start = 0; start < sorted.length; start += size) parts.push(sorted.slice(start, start + size));
  return parts;
}
