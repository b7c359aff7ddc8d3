/** One case under way: what it may do with the pipeline, and what it has seen. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { SendCounts } from '../../lambda/shared/packing';
import { loadEnvironment } from '../../lib/config';
import { messageOf } from '../../lib/contract/words';
import type { Target } from '../../scripts/target/target';
import type { LoadCounts } from '../run/loading';
import { soleParts } from '../run/parts';
import type { LocalPipeline } from '../run/pipeline';
import type { FaultPlan } from './faultPlan';
import type { FaultSwitch, Faults } from './faultSwitch';
import { sendLines, type Traffic } from './traffic';

/** What a drill works with. */
export interface DrillOptions {
  readonly pipeline: LocalPipeline;
  /** Clients for it. */
  readonly target: Target;
  readonly faults: FaultSwitch;
  readonly plan: FaultPlan;
  readonly traffic: Traffic;
}

/** Something a case had to see. */
export interface Signal {
  /** Such as a metric's name. */
  readonly what: string;
  readonly found: number;
  /** In words. */
  readonly expected: string;
  readonly isRight: boolean;
}

/** What one run of the loader came to. */
export type LoadAttempt = { readonly counts: LoadCounts } | { readonly error: string };

/** Parts the traffic is sent in where objects are needed; each becomes one. */
export const OBJECTS = 6;

/** Everything must be in the warehouse so soon after things are calm. */
const RECOVERY_MILLIS = 90_000;
/** A fault that is armed strikes so soon. */
const STRIKE_MILLIS = 60_000;
const PAUSE_MILLIS = 250;

/** One case under way. */
export class Drill {
  readonly signals: Signal[] = [];
  readonly target: Target;
  readonly plan: FaultPlan;
  readonly traffic: Traffic;
  readonly loaderArn: string;
  readonly transformArn: string;
  /** Counts of all sends. */
  readonly sent: SendCounts[] = [];
  /** Epoch milliseconds when things became calm; undefined while they are not. */
  calmSince: number | undefined;
  private readonly objectsBefore: number;
  private readonly errorsBefore: ReadonlyMap<string, number>;
  private readonly metricsBefore: Readonly<Record<string, number>>;

  constructor(private readonly options: DrillOptions) {
    const { pipeline, target, plan, traffic } = options;
    this.target = target;
    this.plan = plan;
    this.traffic = traffic;
    const parts = soleParts(pipeline.definition);
    this.loaderArn = parts.schedule.functionArn;
    this.transformArn = parts.delivery.transform?.functionArn ?? '';
    this.objectsBefore = pipeline.counts().delivery.objects;
    this.metricsBefore = pipeline.metrics();
    this.errorsBefore = new Map(
      [this.loaderArn, this.transformArn].map((arn) => [arn, pipeline.functionErrors(arn)]),
    );
  }

  /** What follows goes wrong like this. */
  arm(faults: Faults): void {
    this.options.faults.arm(faults);
  }

  /** From now on nothing goes wrong; the time to recover begins. */
  calm(): void {
    this.options.faults.calm();
    this.calmSince ??= Date.now();
  }

  /** Sends lines: all of the traffic, or these. */
  async send(lines: readonly string[] = this.traffic.lines): Promise<void> {
    const { pipeline, target, plan } = this.options;
    const { packing } = loadEnvironment('dev');
    const seed = plan.between(0, 2 ** 31);
    this.sent.push(...(await sendLines(target.kinesis, pipeline.endpoints.streamName, lines, packing, seed)));
  }

  /** Takes everything that was sent to the lake. */
  deliver(): Promise<void> {
    return this.options.pipeline.deliver();
  }

  /** The traffic in parts of about the same size. */
  parts(count: number = OBJECTS): readonly (readonly string[])[] {
    const { lines } = this.traffic;
    const size = Math.ceil(lines.length / count);
    return Array.from({ length: count }, (_, part) => lines.slice(part * size, (part + 1) * size));
  }

  /** Sends the traffic in parts, each of which becomes an object of the lake. */
  async sendObjects(): Promise<void> {
    for (const part of this.parts()) {
      await this.send(part);
      await this.deliver();
    }
  }

  /** Has the loader run once. It may fail: that is what many cases are about. */
  async load(): Promise<LoadAttempt> {
    try {
      return { counts: await this.options.pipeline.load() };
    } catch (error) {
      return { error: messageOf(error) };
    }
  }

  /**
   * Calm from now on: delivers and loads until nothing waits.
   * @throws Error when it takes too long
   */
  async recover(): Promise<void> {
    this.calm();
    await this.deliver();
    const deadline = Date.now() + RECOVERY_MILLIS;
    for (;;) {
      const attempt = await this.load();
      const { notificationsWaiting } = this.options.pipeline.counts();
      if (notificationsWaiting === 0 && 'counts' in attempt) return;
      if (Date.now() > deadline) {
        const last = 'error' in attempt ? attempt.error : JSON.stringify(attempt.counts);
        throw new Error(`Not recovered: ${notificationsWaiting} notifications wait; the last load: ${last}`);
      }
      await sleep(PAUSE_MILLIS);
    }
  }

  /**
   * Waits until the first fault has struck.
   * @throws Error when none does
   */
  async whenInjected(): Promise<void> {
    const deadline = Date.now() + STRIKE_MILLIS;
    while (this.plan.injected === 0) {
      if (Date.now() > deadline) throw new Error('No fault has struck');
      await sleep(PAUSE_MILLIS / 10);
    }
  }

  /** Has the audit look at the hours of the run, and act on what it finds. */
  async audit(): Promise<void> {
    await this.options.pipeline.audit();
  }

  /** Ends a function in the middle of what it does. */
  kill(functionArn: string): Promise<void> {
    return this.options.pipeline.kill(functionArn);
  }

  /** Sum of a metric that functions published in this case. */
  metric(name: string): number {
    return (this.options.pipeline.metrics()[name] ?? 0) - (this.metricsBefore[name] ?? 0);
  }

  /** Notifications in the queue, those under way included. */
  get notificationsWaiting(): number {
    return this.options.pipeline.counts().notificationsWaiting;
  }

  /** Notifications that were given up. */
  get deadLetters(): number {
    return this.options.pipeline.counts().notificationsDead;
  }

  /** Objects with events delivered in this case. */
  get objects(): number {
    return this.options.pipeline.counts().delivery.objects - this.objectsBefore;
  }

  /** Invocations of a function that failed in this case: what CloudWatch counts as Errors. */
  functionErrors(functionArn: string): number {
    return this.options.pipeline.functionErrors(functionArn) - (this.errorsBefore.get(functionArn) ?? 0);
  }

  /** Rows of a query as the admin. */
  query(sql: string): ReturnType<LocalPipeline['query']> {
    return this.options.pipeline.query(sql);
  }

  /** Notes what must be exactly so. */
  mustBe(what: string, found: number, expected: number): void {
    this.signals.push({ what, found, expected: `${expected}`, isRight: found === expected });
  }

  /** Notes what must be at least so. */
  mustReach(what: string, found: number, least: number): void {
    this.signals.push({ what, found, expected: `at least ${least}`, isRight: found >= least });
  }

  /** Notes what a metric must be. */
  metricMustBe(name: string, expected: number): void {
    this.mustBe(name, this.metric(name), expected);
  }

  /** Notes what a metric must reach. */
  metricMustReach(name: string, least: number): void {
    this.mustReach(name, this.metric(name), least);
  }
}
