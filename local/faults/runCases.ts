/** Runs cases one after the other on local pipelines, and holds the warehouse against the truth after each. */

import path from 'node:path';
import { messageOf } from '../../lib/contract/words';
import { compare, type Difference } from '../../scripts/generate/compare';
import { sourceOf } from '../../scripts/generate/settings';
import { openTarget, type Target } from '../../scripts/target/target';
import { type LocalPipeline, startLocalPipeline } from '../run/pipeline';
import { Drill, type Signal } from './drill';
import type { FaultCase } from './faultCase';
import { FaultPlan } from './faultPlan';
import { FaultSwitch } from './faultSwitch';
import { missingRejected, rejectedEvents } from './rejected';
import { adapted, MAX_LOADERS, type Surroundings } from './surroundings';
import { simulateTraffic, type Traffic } from './traffic';

/** How cases are run. */
export interface RunCasesOptions {
  readonly assemblyDirectory: string;
  /** Where the pipelines keep their state. */
  readonly directory: string;
  readonly seed: number;
  /** Events of each case, unless it needs more. */
  readonly events: number;
  readonly onCase?: (report: CaseReport) => void;
}

/** What came of a case. */
export interface CaseReport {
  readonly name: string;
  readonly injected: number;
  /** Events sent, copies and broken ones among them. */
  readonly eventsIn: number;
  /** Events of them in the warehouse. */
  readonly rowsOut: number;
  readonly lost: number;
  readonly duplicated: number;
  /** From when things were calm until everything was in the warehouse. */
  readonly secondsToRecover: number;
  /** Numbers that were compared with the truth. */
  readonly compared: number;
  readonly differences: readonly Difference[];
  readonly signals: readonly Signal[];
  /** What stopped the case; undefined when it came to its end. */
  readonly problem: string | undefined;
  readonly passed: boolean;
}

/** A pipeline that is up, with what makes it fail. */
interface Stage {
  readonly surroundings: Surroundings;
  readonly pipeline: LocalPipeline;
  readonly target: Target;
  readonly faults: FaultSwitch;
}

/** A second of a drill stands for so many on AWS. */
const SPEED_UP = 60;

/**
 * Runs cases. Those with the same surroundings share a pipeline, each with traffic of its own; after one that failed
 * the next gets a fresh one.
 */
export async function runCases(cases: readonly FaultCase[], options: RunCasesOptions): Promise<CaseReport[]> {
  const reports = new Map<string, CaseReport>();
  let stage: Stage | undefined;
  let stages = 0;
  const leave = async () => {
    stage?.target.close();
    await stage?.pipeline.abort();
    stage = undefined;
  };
  try {
    for (const one of cases.toSorted((a, b) => (a.surroundings < b.surroundings ? -1 : 1))) {
      if (stage !== undefined && stage.surroundings !== one.surroundings) await leave();
      stage ??= await setUp(one.surroundings, path.join(options.directory, `pipeline-${++stages}`), options);
      const report = await runCase(one, stage, options);
      reports.set(one.name, report);
      options.onCase?.(report);
      if (!report.passed) await leave();
    }
  } finally {
    await leave();
  }
  return cases.flatMap(({ name }) => reports.get(name) ?? []);
}

async function setUp(
  surroundings: Surroundings,
  directory: string,
  { assemblyDirectory }: RunCasesOptions,
): Promise<Stage> {
  const faults = new FaultSwitch();
  const pipeline = await startLocalPipeline({
    assemblyDirectory,
    directory,
    environment: 'dev',
    speedUp: SPEED_UP,
    faults: faults.points((definition) => adapted(definition, surroundings)),
    maxConcurrency: MAX_LOADERS,
    // Cases judge by what comes out at the end; what goes wrong on the way is what they are about.
    onProblem: () => {},
  });
  const target = await openTarget({ environment: undefined, directory });
  return { surroundings, pipeline, target, faults };
}

async function runCase(
  one: FaultCase,
  { pipeline, target, faults }: Stage,
  { seed, events }: RunCasesOptions,
): Promise<CaseReport> {
  const plan = new FaultPlan(seed, one.name);
  const traffic = simulateTraffic(plan.trafficSeed(), Math.max(events, one.leastEvents ?? 0));
  const rejectedBefore = await rejectedEvents(target);
  const drill = new Drill({ pipeline, target, faults, plan, traffic });
  let problem: string | undefined;
  try {
    await one.run(drill);
  } catch (error) {
    problem = messageOf(error);
  }
  const calmSince = drill.calmSince ?? Date.now();
  const secondsToRecover = (Date.now() - calmSince) / 1_000;
  faults.calm();
  const outcome = await compareWithTruth(pipeline, target, traffic, rejectedBefore);
  const found = { injected: plan.injected, ...outcome, signals: drill.signals, problem };
  return {
    name: one.name,
    eventsIn: traffic.truth.events,
    secondsToRecover,
    ...found,
    passed: hasPassed(found),
  };
}

/** Whether a case shows what it has to show: a fault struck, the warehouse equals the truth, the signals came. */
export function hasPassed(
  found: Pick<CaseReport, 'injected' | 'lost' | 'duplicated' | 'differences' | 'signals' | 'problem'>,
): boolean {
  const { injected, lost, duplicated, differences, signals, problem } = found;
  const equalsTruth = differences.length === 0 && lost === 0 && duplicated === 0;
  return problem === undefined && injected > 0 && equalsTruth && signals.every(({ isRight }) => isRight);
}

async function compareWithTruth(
  pipeline: LocalPipeline,
  target: Target,
  { settings, truth }: Traffic,
  rejectedBefore: ReadonlyMap<string, string>,
) {
  const { compared, differences } = await compare({ format: 'clickstream-truth/1', settings, truth }, (sql) =>
    pipeline.query(sql),
  );
  const [row] = await pipeline.query(
    `SELECT COUNT(*) AS row_count, COUNT(DISTINCT event_id) AS events FROM analysis.events
     WHERE source = '${sourceOf(settings)}'`,
  );
  const rowsOut = Number(row?.row_count);
  const distinct = Number(row?.events);
  const missing = missingRejected(truth, rejectedBefore, await rejectedEvents(target));
  const rejectedLost = missing.reduce((sum, { expected, found }) => sum + expected - found, 0);
  return {
    compared: compared + Object.keys(truth.rejectedByReason).length,
    differences: [...differences, ...missing],
    rowsOut,
    lost: Math.max(0, truth.valid - distinct) + rejectedLost,
    duplicated: rowsOut - distinct,
  };
}
