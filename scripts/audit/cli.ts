/** The command line of `npm run audit`. */

import { Command, InvalidArgumentError, Option } from 'commander';
import { type AuditFindings, audit, together } from '../../lambda/audit/audit';
import { groupsFromLast, hourOf, hoursBetween, hourText, parseHour } from '../../lambda/audit/hours';
import { listPrefix } from '../../lambda/audit/lake';
import { summarize } from '../../lambda/audit/summary';
import { systemClock } from '../../lambda/shared/dataApi';
import { graceSeconds, settleSeconds } from '../../lib/audit/timing';
import { planCapacity } from '../../lib/capacity';
import { loadEnvironment } from '../../lib/config';
import { COUNTS_PREFIX, EVENTS_PREFIX, partitionHour } from '../../lib/contract/lakeLayout';
import { WAREHOUSE } from '../../lib/contract/names';
import { HOUR_MILLIS } from '../../lib/contract/units';
import { messageOf } from '../../lib/contract/words';
import type { Target } from '../target/target';
import { addTargetOptions, type TargetFlags, withTarget } from '../target/targetCommand';
import { EXIT, runProgram, UsageError } from '../terminal/program';
import type { Terminal } from '../terminal/terminal';
import { findingsText, type Grouping, rowObjects } from './report';

/** What the command touches of its process. */
export interface AuditContext extends Terminal {
  /** Epoch milliseconds. */
  now(): number;
}

interface Flags extends TargetFlags {
  readonly from?: number;
  readonly to?: number;
  readonly all?: true;
  readonly by: Grouping;
  readonly requeue?: true;
}

const EXAMPLES = `
Examples:
  npm run audit                                           the last 24 hours of the local run that is up
  npm run audit -- --all                                  every hour its lake holds
  npm run audit -- --from 2026-11-21T00 --to 2026-11-22T00 --env prod
  npm run audit -- --by site --json --env prod
  npm run audit -- --requeue                              and have lost objects loaded

It only looks, unless --requeue is given. Hours are those in which Kinesis accepted the events, in UTC.
Exit code: 0 everything is in the warehouse or explained, 1 something is missing or lost, or the audit failed,
2 wrong usage.
`;

const DAY_HOURS = 24;
/** Whose statements fit the Data API together, with hundreds of sites. */
const HOURS_AT_ONCE = 24;
/** Statements of an audit are short; one that takes so long will not end. */
const PATIENCE_MILLIS = 30 * 60_000;

/** Runs the command; the exit code. */
export function runAudit(args: readonly string[], context: AuditContext): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = new Command('npm run audit --')
    .usage('[options]')
    .description('Holds what the transform accepted against what the lake and the warehouse hold.')
    .option('--from <hour>', 'first hour, such as 2026-11-21T00 (default: 24 hours before --to)', hour)
    .option('--to <hour>', 'hour after the last (default: the one after the present)', hour)
    .addOption(new Option('--all', 'every hour the lake holds').conflicts(['from', 'to', 'env']))
    .addOption(new Option('--by <grouping>', 'a line for each').choices(['hour', 'site']).default('hour'))
    .option('--requeue', 'put lost objects on the loader’s queue, and write the result into the warehouse')
    .addOption(new Option('--local', 'the local run that is up, which is the default').conflicts('env'))
    .addHelpText('after', EXAMPLES);
  addTargetOptions(program, 'print JSON: the sums, and every hour and site').action(async (flags: Flags) => {
    const { from, to } = flags;
    if (from !== undefined && to !== undefined && from >= to) {
      throw new UsageError(`--from ${hourText(from)} must be before --to ${hourText(to)}`);
    }
    exitCode = await onTarget(flags, context);
  });
  return runProgram(program, args, context, () => exitCode);
}

function hour(text: string): number {
  try {
    return parseHour(text);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}

function onTarget(flags: Flags, context: AuditContext): Promise<number> {
  return withTarget(flags, async (target) => {
    context.err(`Audit of the ${target.title}\n`);
    const hours = await hoursOf(flags, target, context.now());
    const started = performance.now();
    const findings = await auditAll(target, hours, flags, context);
    const seconds = (performance.now() - started) / 1_000;
    const summary = summarize(findings);
    const { lost, changed, foreign } = findings;
    context.out(
      flags.json
        ? `${JSON.stringify({ summary, rows: rowObjects(findings.rows), lost, changed, foreign }, null, 2)}\n`
        : `${findingsText(findings, flags.by, flags.requeue === true)}\n`,
    );
    const perMinute = Math.round((findings.objectsListed / seconds) * 60).toLocaleString('en-US');
    context.err(
      `${findings.objectsListed} objects of ${hours.length} hours checked in ${seconds.toFixed(1)} s (${perMinute} a minute)\n`,
    );
    const { unexplained, objectsChanged, shortBatches } = summary;
    const leftLost = flags.requeue ? 0 : lost.length;
    return unexplained + objectsChanged + shortBatches + leftLost === 0 ? EXIT.done : EXIT.failed;
  });
}

async function hoursOf({ all, from, to }: Flags, target: Target, nowMillis: number): Promise<number[]> {
  if (all) {
    const listed = await Promise.all(
      [EVENTS_PREFIX, COUNTS_PREFIX].map((prefix) => listPrefix(target, prefix)),
    );
    const hours = listed.flat().flatMap(({ key }) => partitionHour(key) ?? []);
    return hours.length === 0
      ? []
      : hoursBetween(Math.min(...new Set(hours)), Math.max(...new Set(hours)) + 1);
  }
  const end = to ?? (from === undefined ? hourOf(nowMillis) + HOUR_MILLIS : from + DAY_HOURS * HOUR_MILLIS);
  return hoursBetween(from ?? end - DAY_HOURS * HOUR_MILLIS, end);
}

async function auditAll(
  target: Target,
  hours: readonly number[],
  flags: Flags,
  context: AuditContext,
): Promise<AuditFindings> {
  const config = loadEnvironment(target.environment);
  const tools = {
    ...target,
    queueUrl: target.objectQueueUrl,
    dataApi: target.dataApi(WAREHOUSE.auditorUser),
    clock: { ...systemClock, now: context.now },
  };
  const grace = graceSeconds(config.warehouse.loadIntervalMinutes);
  const found: AuditFindings[] = [];
  for (const group of groupsFromLast(hours, HOURS_AT_ONCE)) {
    found.push(
      await audit(tools, {
        hours: group,
        settleMillis: (settleSeconds(planCapacity(config)) * 1_000) / target.speedUp,
        graceMillis: (grace * 1_000) / target.speedUp,
        isDryRun: flags.requeue === undefined,
        deadlineMillis: Date.now() + PATIENCE_MILLIS,
      }),
    );
  }
  return together(found);
}
