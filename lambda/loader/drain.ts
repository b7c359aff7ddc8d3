/**
 * Drains the queue of notifications into the warehouse, batch after batch, while time remains.
 *
 * Right to be cut off anywhere and run again:
 * - before a load was submitted: the messages come back when their visibility timeout ends, nothing was done;
 * - while it runs: the next run finds the statement by its name and waits for it before it loads anything itself;
 * - after it committed, before its messages were deleted: the messages come back, and a second load of the same
 *   objects finds every event in the warehouse already and adds none.
 *
 * The visibility timeout is longer than the function may run, so no message comes back while it is being worked on.
 */
import { type Clock, StatementFailedError, StatementTimeoutError } from '../shared/dataApi';
import { type BatchLimits, halves, MAX_OBJECTS, nextBatch } from './batch';
import { Intake, type Log } from './intake';
import type { LakeObject } from './lakeObject';
import { LOAD_STATEMENT_PREFIX, type LoadOutcome, type LoadTools, loadBatch } from './load';
import type { NotificationQueue } from './queue';
import { mayBeObjectsFault } from './sql';
import { emptySummary, type LoadSummary } from './summary';

/** Some loads failed for good. What could be loaded was loaded; the rest is back in the queue. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
}

/** What a run works with. */
export interface DrainOptions {
  readonly tools: LoadTools;
  readonly queue: NotificationQueue;
  readonly limits: BatchLimits;
  readonly log: Log;
  /** When everything must have ended, epoch milliseconds. */
  readonly deadlineMillis: number;
}

/** A batch is begun only with this much time left; the first one always. */
const LEAST_TIME_FOR_A_BATCH_MILLIS = 60_000;

/**
 * Refused loads one run puts up with while it looks for the objects at fault: enough to find one among a thousand,
 * few enough to stop soon when the warehouse refuses everything.
 */
const MAX_FAILED_BATCHES = 20;

/** One run. */
export class Drain {
  readonly summary: LoadSummary = emptySummary();
  private readonly clock: Clock;
  private readonly intake: Intake;
  /** Keys of a load whose outcome is unknown: their messages stay hidden until it can have ended. */
  private readonly unknown = new Set<string>();
  private readonly failures: string[] = [];

  constructor(private readonly options: DrainOptions) {
    const { tools, queue, log } = options;
    this.clock = tools.clock;
    this.intake = new Intake({
      s3: tools.s3,
      bucketName: tools.bucketName,
      queue,
      log,
      summary: this.summary,
    });
  }

  /**
   * Loads until the queue is empty or the time is up.
   * @throws LoadError when Redshift refused objects; the others were loaded all the same
   */
  async run(): Promise<LoadSummary> {
    try {
      if (await this.waitForEarlierLoads()) await this.loadAll();
    } finally {
      await this.intake.giveBack(this.unknown);
    }
    if (this.failures.length > 0) {
      throw new LoadError(`${this.failures.length} loads failed. The first: ${this.failures[0]}`);
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
      if (batch.length > 0 && !(await this.loadOrDivide(batch))) return;
      if (this.intake.isQueueEmpty && rest.length === 0) return;
    } while (this.hasTimeForABatch());
  }

  private hasTimeForABatch(): boolean {
    return this.clock.now() + LEAST_TIME_FOR_A_BATCH_MILLIS < this.options.deadlineMillis;
  }

  /**
   * Loads a batch. One that Redshift refuses is divided, until the objects at fault stand alone: COPY from Parquet
   * has no MAXERROR, and one bad object must not keep the good ones out for ever.
   * @returns false when there is no point in going on
   */
  private async loadOrDivide(batch: readonly LakeObject[]): Promise<boolean> {
    const { tools, log, deadlineMillis } = this.options;
    const outcome = await loadBatch(tools, batch, deadlineMillis);
    if (outcome.fate === 'loaded') {
      await this.settle(batch, outcome);
      return true;
    }
    if (outcome.fate === 'running') {
      log.error('The load still runs; its messages stay hidden', { error: outcome.error.message });
      this.summary.batchesRunning++;
      for (const { key } of batch) this.unknown.add(key);
      return false;
    }
    this.summary.batchesFailed++;
    const what = `${batch.length} objects from ${batch[0]?.key} on: ${outcome.error.message}`;
    log.error('Load failed', { error: what });
    const isHopeless =
      !mayBeObjectsFault(outcome.error.sqlIndex) ||
      this.summary.batchesFailed >= MAX_FAILED_BATCHES ||
      !this.hasTimeForABatch();
    if (isHopeless || batch.length === 1) {
      this.failures.push(what);
      return !isHopeless;
    }
    const [first, second] = halves(batch);
    return (await this.loadOrDivide(first)) && (await this.loadOrDivide(second));
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
    await this.intake.settle(batch.map(({ key }) => key));
  }
}
