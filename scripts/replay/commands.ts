/** What the commands of `npm run replay` do: open the target and the state, replay, report. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { errorTypes } from '../../lambda/audit/lake';
import { loadEnvironment } from '../../lib/config';
import { ERRORS_PREFIX, REJECTED_PREFIX } from '../../lib/contract/lakeLayout';
import type { Format } from '../send/format';
import { localVisitorKey, readVisitorKey } from '../send/visitorKey';
import type { Target } from '../target/target';
import { type TargetFlags, withTarget } from '../target/targetCommand';
import { EXIT, UsageError } from '../terminal/program';
import type { Terminal } from '../terminal/terminal';
import { archiveFiles, type SourceNames } from './archive';
import { noOriginalCounts, type OriginalCounts, sum, violations } from './counts';
import { nowAndThen } from './progress';
import { Pace, type Rate, rateText, spareRate } from './rate';
import { noLakeCounts, replayLake } from './replayLake';
import { noLogCounts, replayLogs } from './replayLogs';
import { type OriginalsOptions, replayOriginals } from './replayOriginals';
import { lakeText, logsText, originalsText } from './report';
import { defaultStateFile, type ReplayArguments, ReplayState, STATE_DIRECTORY } from './state';

/** Flags of all commands together. */
export interface Flags extends TargetFlags {
  readonly from?: number;
  readonly to?: number;
  readonly dryRun?: true;
  readonly state?: string;
  readonly again?: true;
  readonly rate?: Rate;
  readonly reason?: string;
  readonly bucket?: string;
  readonly maxWaiting: number;
  readonly format?: Format;
  readonly site?: string;
  readonly siteUrl?: string;
  readonly visitorKeyFile?: string;
  readonly sourceNames: SourceNames;
}

/** Time between two looks at the loader's queue. */
const POLL_MILLIS = 2_000;

/** Below `errors/`, types of the delivery streams beside that of events: counts are no events. */
const COUNTS_TYPE = /^counts-/;
const REJECTED_TYPE = /^rejected-/;

/** `replay errors`. */
export function replayErrors(flags: Flags, terminal: Terminal): Promise<number> {
  return withTarget(flags, async (target) => {
    const { s3, bucketName } = target;
    const types = (await errorTypes({ s3, bucketName })).filter((type) => !COUNTS_TYPE.test(type)).sort();
    const sources = types.map((type) => ({
      prefix: `${ERRORS_PREFIX}${type}/`,
      form: REJECTED_TYPE.test(type) ? ('error_of_rejected' as const) : ('error' as const),
    }));
    return originals('errors', target, flags, terminal, sources, 'send unchanged');
  });
}

/** `replay rejected`. */
export function replayRejected(flags: Flags, terminal: Terminal): Promise<number> {
  return withTarget(flags, (target) =>
    originals('rejected', target, flags, terminal, [{ prefix: REJECTED_PREFIX, form: 'rejected' }], 'skip'),
  );
}

async function originals(
  kind: string,
  target: Target,
  flags: Flags,
  terminal: Terminal,
  sources: readonly { readonly prefix: string; readonly form: OriginalsOptions['sources'][number]['form'] }[],
  stillRejected: OriginalsOptions['stillRejected'],
): Promise<number> {
  const { reason, rate } = flags;
  const state = openState<OriginalCounts>(kind, target, flags, { reason }, noOriginalCounts(), terminal);
  const pace = await paceOf(target, rate, flags, terminal);
  const { packing } = loadEnvironment(target.environment);
  const { kinesis: client, streamName } = target;
  const progress = nowAndThen(terminal);
  const counts = await replayOriginals({
    store: target,
    sources: sources.map(({ prefix, form }) => ({
      form,
      selection: {
        prefix,
        fromMillis: flags.from,
        toMillis: flags.to,
        storedBeforeMillis: state.startedMillis,
      },
    })),
    packing,
    target: flags.dryRun ? undefined : { client, streamName, packing, pace },
    stillRejected,
    reason,
    state,
    onProgress: (key, { objects, lines, stamped, unchanged }) =>
      progress(`${objects} objects, ${lines} lines, ${stamped + unchanged} events; at ${key}\n`),
    onSkipped: (key, why) => terminal.err(`SKIPPED ${key}: ${why}\n`),
  });
  const wrong = violations(counts);
  for (const says of wrong) terminal.err(`COUNTS DO NOT ADD UP: ${says}\n`);
  const isWhole =
    wrong.length + counts.corrupt + counts.unsendable + sum(counts.objectsSkipped) + sum(counts.skipped) ===
    0;
  return finish(state, counts, originalsText(counts, isDry(flags)), isWhole, target, flags, terminal);
}

/** `replay lake`. */
export function replayLakeObjects(flags: Flags, terminal: Terminal): Promise<number> {
  return withTarget(flags, async (target) => {
    const { s3, sqs, bucketName, clusterIdentifier, objectQueueUrl: queueUrl } = target;
    const sourceBucketName = flags.bucket ?? bucketName;
    const state = openState('lake', target, flags, { bucket: sourceBucketName }, noLakeCounts(), terminal);
    const progress = nowAndThen(terminal);
    const counts = await replayLake({
      s3,
      sqs,
      queueUrl,
      bucketName,
      sourceBucketName,
      clusterIdentifier,
      range: { fromMillis: flags.from, toMillis: flags.to },
      isDryRun: isDry(flags),
      maxWaiting: flags.maxWaiting,
      pollMillis: POLL_MILLIS,
      state,
      onProgress: (key, { objects }) => progress(`${objects} objects; at ${key}\n`),
      onArchived: (key, storageClass) =>
        terminal.err(
          `SKIPPED ${key}: it is in ${storageClass}. Restore it, then say --again: ` +
            `aws s3api restore-object --bucket ${sourceBucketName} --key '${key}' --restore-request Days=7\n`,
        ),
    });
    const isWhole = (counts.objectsSkipped.archived ?? 0) === 0;
    return finish(state, counts, lakeText(counts, isDry(flags)), isWhole, target, flags, terminal);
  });
}

/** `replay logs`. */
export function replayArchive(flags: Flags, terminal: Terminal, inputs: readonly string[]): Promise<number> {
  return withTarget(flags, async (target) => {
    const { s3, kinesis: client, streamName: name } = target;
    const { format, site, siteUrl, sourceNames } = flags;
    const files = await archiveFiles(s3, inputs, sourceNames);
    // Paths as the state names them, so that the same directory is the same replay wherever the command is run.
    const paths = inputs.map((input) => (input.startsWith('s3://') ? input : path.resolve(input)));
    const selection = { inputs: paths, format, site, siteUrl, sourceNames };
    const state = openState('logs', target, flags, selection, noLogCounts(), terminal);
    const pace = await paceOf(target, flags.rate, flags, terminal);
    const progress = nowAndThen(terminal);
    const counts = await replayLogs({
      s3,
      files,
      stream: flags.dryRun ? undefined : { client, name },
      pace: flags.dryRun ? undefined : pace.packs,
      packing: loadEnvironment(target.environment).packing,
      format,
      siteId: site,
      siteUrl,
      visitorKey: visitorKeyOf(flags),
      sideDirectory: state.file === undefined ? path.join(STATE_DIRECTORY, 'dry-run') : `${state.file}.lines`,
      state,
      onProgress: (at, { files: done, sent }) =>
        progress(`${done} of ${files.length} files, ${sent} events; at ${at}\n`),
      onSkipped: (at, reason) => terminal.err(`SKIPPED ${at}: ${reason}\n`),
    });
    const isWhole = counts.unsent + sum(counts.filesSkipped) === 0;
    return finish(state, counts, logsText(counts, isDry(flags)), isWhole, target, flags, terminal);
  });
}

function isDry({ dryRun }: Flags): boolean {
  return dryRun === true;
}

function visitorKeyOf({ visitorKeyFile, env, directory, dryRun }: Flags): string | undefined {
  const key = readVisitorKey(visitorKeyFile);
  if (key !== undefined) return key;
  if (env === undefined) return localVisitorKey(directory);
  // A dry run shows no ids, so any key will do.
  return dryRun ? randomBytes(32).toString('hex') : undefined;
}

function openState<C>(
  kind: string,
  target: Target,
  flags: Flags,
  selection: ReplayArguments,
  counts: C,
  terminal: Terminal,
): ReplayState<C> {
  const { from, to, dryRun, again, state: file, env, directory } = flags;
  if (from !== undefined && to !== undefined && from >= to)
    throw new UsageError('--from must be before --to.');
  const pipeline = env ?? path.resolve(directory);
  const args = { kind, pipeline, bucket: target.bucketName, from, to, ...selection };
  if (dryRun) return ReplayState.dry(args, counts, Date.now());
  const stateFile = file ?? defaultStateFile(kind, args);
  const state = ReplayState.open(stateFile, args, counts, again === true, Date.now());
  const { finished } = state.progress;
  terminal.err(
    state.isResumed
      ? `Going on with the replay of ${kind} to the ${target.title}${finished === undefined ? '' : `, after ${finished}`}\n`
      : `Replaying ${kind} to the ${target.title}; state in ${stateFile}\n`,
  );
  return state;
}

async function paceOf(
  target: Target,
  rate: Rate | undefined,
  flags: Flags,
  terminal: Terminal,
): Promise<Pace> {
  const chosen = rate ?? (await spareRate(target.kinesis, target.streamName));
  if (!flags.dryRun) terminal.err(`At most ${rateText(chosen)} to ${target.streamName}\n`);
  return new Pace(chosen);
}

function finish<C>(
  state: ReplayState<C>,
  counts: C,
  text: string,
  isWhole: boolean,
  target: Target,
  { json, dryRun }: Flags,
  terminal: Terminal,
): number {
  if (!dryRun) {
    state.save({ ...state.progress, partial: undefined, counts });
    state.finish(Date.now());
  }
  const report = { isDryRun: dryRun === true, target: target.title, stateFile: state.file, ...counts };
  const heading = dryRun
    ? `Would go to the ${target.title}; nothing was done`
    : `Done, to the ${target.title}`;
  terminal.out(json ? `${JSON.stringify(report, null, 2)}\n` : `${heading}\n${text}\n`);
  if (!isWhole && state.file !== undefined) {
    terminal.err(`Not everything went: see above, and the files beside ${state.file}\n`);
  }
  return isWhole ? EXIT.done : EXIT.failed;
}
