/** Replays an archive of logs through `npm run send`, file by file. */
import path from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import type { PackOptions } from '../../lambda/shared/packing';
import type { Format } from '../send/format';
import { type SendFilesOptions, type SendSummary, sendFiles } from '../send/sendFiles';
import { type ArchiveFile, withFile } from './archive';
import { type ByReason, countReason } from './counts';
import type { ReplayState } from './state';
import { StreamRefusedError } from './streamSender';

/** Counts of a replay of logs. lines = blank + unparsable + events; events = sent + unsent. */
export interface LogCounts {
  files: number;
  bytes: number;
  /** Files that were not read, or not to their end, by reason. */
  filesSkipped: ByReason;
  lines: number;
  blank: number;
  unparsable: number;
  events: number;
  sent: number;
  /** Too large for a record; kept in a side file. */
  unsent: number;
  /** Kinesis records sent, and their bytes. */
  recordsSent: number;
  bytesSent: number;
}

export function noLogCounts(): LogCounts {
  return {
    files: 0,
    bytes: 0,
    filesSkipped: {},
    lines: 0,
    blank: 0,
    unparsable: 0,
    events: 0,
    sent: 0,
    unsent: 0,
    recordsSent: 0,
    bytesSent: 0,
  };
}

/** What to replay, where to, and how. */
export interface LogOptions {
  readonly s3: S3Client;
  readonly files: readonly ArchiveFile[];
  /** Undefined in a dry run. */
  readonly stream: SendFilesOptions['stream'];
  readonly pace: SendFilesOptions['pace'];
  readonly packing: PackOptions;
  readonly format?: Format;
  readonly siteId?: string;
  readonly siteUrl?: string;
  readonly visitorKey?: string;
  readonly sideDirectory: string;
  readonly state: ReplayState<LogCounts>;
  readonly onProgress: (name: string, counts: LogCounts) => void;
  readonly onSkipped: (name: string, reason: string) => void;
}

/**
 * Replays.
 * @throws StreamRefusedError when the stream did not take records; SendStoppedError when no retry helps
 */
export async function replayLogs(options: LogOptions): Promise<LogCounts> {
  const { s3, files, state, onProgress, onSkipped } = options;
  const counts = structuredClone(state.progress.counts);
  const { finished } = state.progress;
  for (const file of files) {
    if (finished !== undefined && file.name <= finished) continue;
    const summary = await withFile(s3, file, (at) => send(options, file, at));
    const problem = summary === undefined ? 'archived' : summary.sources[0]?.problem;
    if (problem === undefined) {
      counts.files += 1;
      counts.bytes += file.bytes;
    } else {
      countReason(counts.filesSkipped, summary === undefined ? 'archived' : 'unreadable');
      onSkipped(file.name, problem);
    }
    if (summary !== undefined) add(counts, summary);
    state.save({ finished: file.name, counts });
    onProgress(file.name, counts);
  }
  return counts;
}

async function send(options: LogOptions, { source, name }: ArchiveFile, file: string): Promise<SendSummary> {
  const { stream, pace, packing, format, siteId, siteUrl, visitorKey, sideDirectory, state } = options;
  const refused: string[] = [];
  const summary = await sendFiles({
    inputs: [file],
    source,
    stream,
    pace,
    packing,
    format,
    siteId,
    siteUrl,
    visitorKey,
    sideDirectory,
    unsentFile: state.sideFile('unsent.ndjson') ?? path.join(sideDirectory, 'unsent.ndjson'),
    onUnsent: (unsent) => {
      if (unsent.kind === 'failed') refused.push(`${unsent.errorCode}: ${unsent.errorMessage}`);
    },
  });
  if (refused.length === 0) return summary;
  throw new StreamRefusedError(
    `The stream did not take ${refused.length} records of ${name}: ${refused[0]}. ` +
      'Nothing is lost: the same command sends the file again, which adds nothing twice.',
  );
}

function add(counts: LogCounts, summary: SendSummary): void {
  counts.lines += summary.lines;
  counts.blank += summary.blank;
  counts.unparsable += summary.unparsable;
  counts.events += summary.events;
  counts.sent += summary.eventsSent;
  counts.unsent += summary.eventsUnsent;
  counts.recordsSent += summary.packs;
  counts.bytesSent += summary.bytes;
}
