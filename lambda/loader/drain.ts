/**
 * Drains the queue of notifications into the warehouse, batch after batch, while time remains.
 *
 * Right to be cut off anywhere and run again:
 * - before a load was submitted: the messages come back when their visibility timeout ends, nothing was done;
 * - while it runs: the next run finds the statement by its name and waits for it before it loads anything itself;
 * - after it committed, before its messages were deleted: the messages come back, and a second load of the same
 *   objects finds every event in the warehouse already and adds none;
 * - while broken objects are moved aside: see quarantine.ts.
 *
 * The visibility timeout is longer than the function may run, so no message comes back while it is being worked on.
 */

import { type Clock, StatementFailedError, StatementTimeoutError } from '../shared/dataApi';
import type { Partitions } from '../shared/partitions';
import { type BatchLimits, MAX_OBJECTS, nextBatch } from './batch';
import { Court } from './court';
import { Intake, type Log } from './intake';
import { Isolation } from './isolate';
import type { LakeObject } from './lakeObject';
import { LOAD_STATEMENT_PREFIX, type LoadOutcome, type LoadTools, loadBatch } from './load';
import type { NotificationQueue } from './queue';
import { emptySummary, type LoadSummary } from './summary';

/**
 * Something is left that somebody may have to look at: loads that failed for no fault of an object, objects that could
 * not be moved aside. What could be loaded was loaded; the rest is back in the queue.
 */
export class LoadError extends Error {
  override readonly name = 'LoadError';
}

/** What a run works with. */
export interface DrainOptions {
  readonly tools: LoadTools;
  readonly queue: NotificationQueue;
  readonly limits: BatchLimits;
  readonly log: Log;
  /** Where the hours of the lake are registered, so that they can be queried; left out: nowhere. */
  readonly partitions?: Pick<Partitions, 'register'>;
  /** When everything must have ended, epoch milliseconds. */
  readonly deadlineMillis: number;
}

/** A batch is begun only with this much time left; the first one always. */
const LEAST_TIME_FOR_A_BATCH_MILLIS = 60_000;

/** One run. */
export class Drain {
  readonly summary: LoadSummary = emptySummary();
  private readonly clock: Clock;
  private readonly intake: Intake;
  private readonly court: Court;
  private readonly isolation: Isolation;
  /** Keys of a load whose outcome is unknown: their messages stay hidden until it can have ended. */
  private readonly unknown = new Set<string>();
  private readonly failures: string[] = [];

  constructor(private readonly options: DrainOptions) {
    const { tools, queue, log, deadlineMillis } = options;
    this.clock = tools.clock;
    this.intake = new Intake({
      s3: tools.s3,
      bucketName: tools.bucketName,
      clusterIdentifier: tools.dataApi.clusterIdentifier,
      queue,
      log,
      summary: this.summary,
      onBroken: (objects) => this.court.quarantine(objects),
    });
    this.court = new Court({
      tools,
      deadlineMillis,
      log,
      summary: this.summary,
      failures: this.failures,
      messages: this.intake,
    });
    this.isolation = new Isolation({
      load: (objects) => this.load(objects),
      isolated: (object, failure, message) => this.court.judge({ object, failure, message }),
      hasTime: () => this.hasTimeForABatch(),
    });
  }

  /**
   * Loads until the queue is empty or the time is up.
   * @throws LoadError when something is left that is not the fault of an object; the others were loaded all the same
   */
  async run(): Promise<LoadSummary> {
    try {
      if (await this.waitForEarlierLoads()) {
        await this.loadAll();
        await this.court.judgeSuspects();
      }
    } finally {
      await this.intake.giveBack(this.unknown);
    }
    if (this.failures.length > 0) {
      throw new LoadError(`${this.failures.length} loads or objects failed. The first: ${this.failures[0]}`);
    }
    return this.summary;
  }

  /** False when one still runs at the deadline. It holds the lock: a load of ours would only queue behind it. */
  private async waitForEarlierLoads(): Promise<boolean> {
    const { tools, log, deadlineMillis } = this.options;
    for (const id of await tools.dataApi.unfinished(LOAD_STATEMENT_PREFIX)) {
      log.warn('Waiting for the load of an earlier run', { statementId: id });
      try {
        await tools.dataApi.follow(id, deadlineMillis);
      } catch (error) {
        if (error instanceof StatementTimeoutError) {
          this.summary.batchesRunning++;
          return false;
        }
        if (!(error instanceof StatementFailedError)) throw error;
        // Its objects are still in the queue and loaded again in their turn.
        log.warn('The load of an earlier run failed', { error: error.message });
      }
    }
    return true;
  }

  private async loadAll(): Promise<void> {
    const { limits, deadlineMillis } = this.options;
    const maxObjects = Math.min(limits.maxObjects, MAX_OBJECTS);
    const mayGoOn = () => this.clock.now() < deadlineMillis;
    let waiting: LakeObject[] = [];
    do {
      waiting.push(...(await this.intake.take(maxObjects - waiting.length, mayGoOn)));
      const { batch, rest } = nextBatch(waiting, limits);
      waiting = rest;
      if (batch.length > 0 && !(await this.loadBatch(batch))) return;
      if (this.intake.isQueueEmpty && rest.length === 0) return;
    } while (this.hasTimeForABatch());
  }

  private hasTimeForABatch(): boolean {
    return this.clock.now() + LEAST_TIME_FOR_A_BATCH_MILLIS < this.options.deadlineMillis;
  }

  /** Loads a batch, whatever is broken in it; false when there is no point in going on. */
  private async loadBatch(batch: readonly LakeObject[]): Promise<boolean> {
    const result = await this.isolation.load(batch);
    switch (result.end) {
      case 'done':
        return true;
      case 'no time':
        return false;
      case 'running':
        this.options.log.error('The load still runs; its messages stay hidden', { error: result.message });
        this.summary.batchesRunning++;
        for (const { key } of result.objects) this.unknown.add(key);
        return false;
      case 'hopeless':
        this.failures.push(result.message);
        return false;
    }
  }

  private async load(objects: readonly LakeObject[]): Promise<LoadOutcome> {
    const { tools, log, deadlineMillis } = this.options;
    const outcome = await loadBatch(tools, objects, deadlineMillis);
    if (outcome.fate === 'loaded') await this.settle(objects, outcome);
    if (outcome.fate === 'failed') {
      this.summary.batchesFailed++;
      log.error('Load failed', {
        objects: objects.length,
        first: objects[0]?.key,
        error: outcome.error.message,
      });
    }
    return outcome;
  }

  private async settle(
    batch: readonly LakeObject[],
    outcome: Extract<LoadOutcome, { fate: 'loaded' }>,
  ): Promise<void> {
    const { summary } = this;
    const { log } = this.options;
    const rowsMissing = outcome.rowsExpected - outcome.rowsStaged;
    const oldestMillis = Math.min(...batch.map(({ createdAtMillis }) => createdAtMillis));
    const ageSeconds = Math.max(0, (this.clock.now() - oldestMillis) / 1_000);
    summary.batchesLoaded++;
    summary.objectsLoaded += batch.length;
    summary.bytesLoaded += batch.reduce((total, { bytes }) => total + bytes, 0);
    summary.rowsStaged += outcome.rowsStaged;
    summary.rowsNew += outcome.rowsNew;
    summary.rowsDuplicate += outcome.rowsDuplicate;
    summary.rowsMissing += rowsMissing;
    summary.oldestObjectAgeSeconds = Math.max(summary.oldestObjectAgeSeconds ?? 0, ageSeconds);
    log.info('Batch loaded', { ...outcome, objects: batch.length });
    if (rowsMissing !== 0) {
      log.error('COPY staged another number of rows than the footers announce', { ...outcome });
    }
    const keys = batch.map(({ key }) => key);
    await this.registerPartitions(keys);
    await this.intake.settle(keys);
  }

  /** A catalog that fails holds no load up: the next one into the same hour tries again. */
  private async registerPartitions(keys: readonly string[]): Promise<void> {
    const { partitions, log } = this.options;
    try {
      await partitions?.register(keys);
    } catch (error) {
      this.summary.partitionsUnregistered++;
      log.error('Partitions could not be registered', { first: keys[0], error: `${error}` });
    }
  }
}
