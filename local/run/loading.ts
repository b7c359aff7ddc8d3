/** Runs the loader: on its schedule, and at the end of a run until nothing is left to load. */

import { emptySummary, type LoadSummary } from '../../lambda/loader/summary';
import { messageOf } from '../../lib/contract/words';
import { amountText, type QuarantineAmount } from '../../scripts/quarantine/report';
import type { InvokeFunction } from '../firehose/transformInvoker';
import type { ScheduleDefinition } from '../template/definitions';
import { Schedule } from './schedule';

/** The counts of a load summary that can be added up. */
export type LoadCounts = Record<Exclude<keyof LoadSummary, 'oldestObjectAgeSeconds'>, number>;

/** Nothing loaded. */
export function noLoads(): LoadCounts {
  const { oldestObjectAgeSeconds: _, ...counts } = emptySummary();
  return counts;
}

/** What loads moved aside. */
export function quarantined(counts: LoadCounts): QuarantineAmount {
  return {
    objects: counts.objectsQuarantined,
    rows: counts.rowsQuarantined,
    uncounted: counts.objectsQuarantinedUncounted,
  };
}

/** What the loading needs. */
export interface LoadingOptions {
  readonly schedule: ScheduleDefinition;
  /** The schedule's rate is divided by this. */
  readonly speedUp: number;
  readonly invoke: InvokeFunction;
  /** Messages that could be received now. */
  readonly waitingMessages: () => number;
  readonly onProblem: (problem: string) => void;
  readonly onLoaded?: (counts: LoadCounts) => void;
}

/** The loader on its schedule, and the sums of what it answered. */
export class Loading {
  readonly totals = noLoads();
  private readonly timer: Schedule;

  constructor(private readonly options: LoadingOptions) {
    const { schedule, speedUp, onProblem } = options;
    this.timer = new Schedule(
      schedule.everyMillis / speedUp,
      async () => {
        await this.round();
      },
      (error) => onProblem(`Scheduled load failed: ${messageOf(error)}`),
    );
  }

  /**
   * Invokes the loader once, after one that is under way.
   * @throws InvocationError when it fails
   */
  async round(): Promise<LoadCounts> {
    const { schedule, invoke, onLoaded, onProblem } = this.options;
    const answer = Object(await invoke(schedule.functionArn, schedule.input));
    const counts = noLoads();
    for (const name of Object.keys(counts) as (keyof LoadCounts)[]) {
      counts[name] = Number(answer[name] ?? 0);
      this.totals[name] += counts[name];
    }
    if (counts.objectsLoaded > 0) onLoaded?.(counts);
    if (counts.objectsQuarantined > 0) {
      const amount = amountText(quarantined(counts));
      onProblem(`Went to quarantine, because they cannot be loaded: ${amount} (npm run quarantine -- list)`);
    }
    return counts;
  }

  /** Invokes the loader until nothing waits, or an invocation has achieved nothing. */
  async untilQuiet(): Promise<void> {
    for (;;) {
      const { objectsLoaded, objectsQuarantined, objectsVanished, messagesIgnored } = await this.round();
      const achieved = objectsLoaded + objectsQuarantined + objectsVanished + messagesIgnored;
      if (this.options.waitingMessages() === 0 || achieved === 0) return;
    }
  }

  /** Stops the schedule and waits for the load under way. */
  close(): Promise<void> {
    return this.timer.close();
  }
}
