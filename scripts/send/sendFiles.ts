/** Sends files of events or access logs to a stream, and accounts for every line. */
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import {
  expandEntry,
  noCounts,
  type PackInput,
  type PackOptions,
  type PackResult,
  packEvents,
  type SendCounts,
  sendEntries,
  type Unsent,
} from '../../lambda/shared/packing';
import { SideFile } from './sideFile';
import { type SendInput, type SourceOptions, SourceReader, type SourceSummary, sourceName } from './source';

/** What to send, where, and how. */
export interface SendFilesOptions extends SourceOptions {
  readonly inputs: readonly SendInput[];
  /** Where to; left out: everything is read, packed and counted, and nothing is sent. */
  readonly stream?: { readonly client: KinesisClient; readonly name: string };
  /** An environment's `packing` settings fit. */
  readonly packing: PackOptions;
  /** NDJSON file to which events that could not be sent are appended. */
  readonly unsentFile: string;
  /** Told after each chunk read and each batch sent. */
  readonly onProgress?: (progress: SendProgress) => void;
  /** Told of everything that did not reach the stream, which is also in `unsentFile`. */
  readonly onUnsent?: (unsent: Unsent) => void;
  /** Lets packs through at a rate. @default as fast as the stream takes them */
  readonly pace?: (packs: AsyncIterable<PackResult>) => AsyncIterable<PackResult>;
}

export interface SendProgress {
  /** Bytes read of all files, before decompression. */
  readonly bytesRead: number;
  readonly eventsSent: number;
  readonly eventsUnsent: number;
}

/** Why an event did not reach the stream. */
export interface UnsentSample {
  readonly events: number;
  readonly reason: string;
}

/**
 * What became of every line. Always lines = blank + unparsable + events, and events = eventsSent + eventsUnsent.
 * In a dry run "sent" means packed.
 */
export interface SendSummary {
  readonly isDryRun: boolean;
  readonly sources: readonly SourceSummary[];
  readonly lines: number;
  readonly blank: number;
  readonly unparsable: number;
  readonly events: number;
  readonly eventsSent: number;
  readonly eventsUnsent: number;
  /** Kinesis records sent. */
  readonly packs: number;
  /** Bytes of the records sent, and of the same before compression. */
  readonly bytes: number;
  readonly expandedBytes: number;
  /** Times a record was refused because a shard's limit was reached, and offered again. */
  readonly throttledPacks: number;
  /** The first few reasons for events not sent. */
  readonly firstUnsent: readonly UnsentSample[];
  /** Holds the events that could not be sent; undefined when there are none. */
  readonly unsentFile: string | undefined;
}

const SHOWN_SAMPLES = 5;

/**
 * Reads, packs and sends, all streaming. A source that cannot be read does not keep the others from being sent:
 * see `sources[].problem`.
 * @throws Error when two inputs have the same source name, because their events would get the same ids
 * @throws SendStoppedError when the stream refuses for a reason that no retry mends
 */
export async function sendFiles(options: SendFilesOptions): Promise<SendSummary> {
  checkSourceNames(options);
  const sources: SourceReader[] = [];
  const unsentFile = new SideFile(options.unsentFile, 'append');
  const firstUnsent: UnsentSample[] = [];
  const progress = { bytesRead: 0, eventsSent: 0, eventsUnsent: 0 };
  const tell = () => options.onProgress?.({ ...progress });

  async function* events(): AsyncGenerator<PackInput, void> {
    for (const input of options.inputs) {
      const source = new SourceReader(input, options, (bytes) => {
        progress.bytesRead += bytes;
        tell();
      });
      sources.push(source);
      yield* source.events();
    }
  }
  const onUnsent = (unsent: Unsent) => {
    unsentFile.write(unsent.kind === 'failed' ? expandEntry(unsent.entry) : `${unsent.line}\n`);
    if (firstUnsent.length < SHOWN_SAMPLES) firstUnsent.push(explain(unsent));
    options.onUnsent?.(unsent);
  };
  const onProgress = ({ eventsSent, eventsUnsent }: SendCounts) => {
    Object.assign(progress, { eventsSent, eventsUnsent });
    tell();
  };

  try {
    const packed = packEvents(events(), options.packing);
    const packs = options.pace?.(packed) ?? packed;
    const counts =
      options.stream === undefined
        ? await countPacks(packs, onUnsent, onProgress)
        : await sendEntries(options.stream.client, options.stream.name, packs, { onUnsent, onProgress });
    const summaries = sources.map((source) => source.summary());
    const total = (name: 'lines' | 'blank' | 'unparsable' | 'events') =>
      summaries.reduce((sum, summary) => sum + summary[name], 0);
    return {
      isDryRun: options.stream === undefined,
      sources: summaries,
      lines: total('lines'),
      blank: total('blank'),
      unparsable: total('unparsable'),
      events: total('events'),
      eventsSent: counts.eventsSent,
      eventsUnsent: counts.eventsUnsent,
      packs: counts.entriesSent,
      bytes: counts.bytesSent,
      expandedBytes: counts.expandedBytesSent,
      throttledPacks: counts.throttledEntries,
      firstUnsent,
      unsentFile: unsentFile.isUsed ? unsentFile.file : undefined,
    };
  } finally {
    unsentFile.close();
  }
}

function checkSourceNames({ inputs, source }: SendFilesOptions): void {
  const names = inputs.map((input) => source ?? sourceName(input));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new Error(
    `Two inputs have the source name "${twice}", so equal lines would get equal event ids: ` +
      'send them one at a time, each with a source name of its own',
  );
}

function explain(unsent: Unsent): UnsentSample {
  if (unsent.kind === 'unsendable') return { events: 1, reason: unsent.detail };
  const { errorCode, errorMessage, attempts, entry } = unsent;
  return { events: entry.eventCount, reason: `${errorCode}: ${errorMessage} (${attempts} attempts)` };
}

/** The counts of a dry run. */
async function countPacks(
  packs: AsyncIterable<PackResult>,
  onUnsent: (unsent: Unsent) => void,
  onProgress: (counts: SendCounts) => void,
): Promise<SendCounts> {
  const counts = noCounts();
  for await (const pack of packs) {
    if (pack.kind === 'entry') {
      counts.eventsIn += pack.eventCount;
      counts.eventsSent += pack.eventCount;
      counts.entriesSent += 1;
      counts.bytesSent += pack.data.length;
      counts.expandedBytesSent += pack.expandedBytes;
    } else {
      counts.eventsIn += 1;
      counts.eventsUnsent += 1;
      onUnsent(pack);
    }
    onProgress(counts);
  }
  return counts;
}
