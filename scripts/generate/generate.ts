/** Simulates events and puts them where they are to go, in one process or several. */
import type { PackOptions } from '../../lambda/shared/packing';
import { LineFile } from './output/lineFile';
import { Pace } from './output/pace';
import type { SentSimulation } from './output/sendSimulation';
import type { StreamTarget } from './output/streamTarget';
import type { GeneratorSettings } from './settings';
import { PARTITIONS } from './simulation/simulation';
import { Tally } from './tally';
import type { Truth } from './truth';
import { carryOut } from './workers/carryOut';
import type { EncodedLines, LinesSlice, Purpose, WorkDone } from './workers/protocol';
import { WorkerProcess } from './workers/workerProcess';

/** Where events go. `none` only counts them. */
export type Destination =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'stream'; readonly stream: StreamTarget; readonly packing: PackOptions }
  | { readonly kind: 'none' };

/** What to generate, and how. */
export interface GenerateOptions {
  readonly settings: GeneratorSettings;
  readonly destination: Destination;
  /** From 1 to `MOST_PROCESSES`. @default 1 */
  readonly processes?: number;
  /** @default as fast as it goes */
  readonly eventsPerSecond?: number;
  /** Told of the events written, sent or counted so far. */
  readonly onProgress?: (events: number) => void;
}

/** What was sent to a stream, by all processes together. Always events = eventsSent + eventsUnsent. */
export interface SentEvents {
  readonly eventsSent: number;
  /** The truth does not hold for a stream that did not get them; sending the same simulation again repairs it. */
  readonly eventsUnsent: number;
  readonly records: number;
  readonly bytes: number;
  /** Times a record was refused because a shard's limit was reached, and offered again. */
  readonly throttledRecords: number;
  /** The first reason for events that were not sent. */
  readonly firstProblem: string | undefined;
}

/** What came of a generation. */
export interface Generated {
  readonly truth: Truth;
  /** Bytes written to the file; undefined for other destinations. */
  readonly fileBytes?: number;
  /** For a stream. */
  readonly sent?: SentEvents;
}

/** Most processes: none can have less than one partition. */
export const MOST_PROCESSES = PARTITIONS;

/**
 * Generates. The file's bytes, and the events sent, depend on the settings only.
 * @throws TablesError when the tables that are asked for cannot be read
 * @throws WorkerError when a process failed
 * @throws SendStoppedError when the stream refuses for a reason that no retry mends
 */
export async function generate(options: GenerateOptions): Promise<Generated> {
  const { destination } = options;
  switch (destination.kind) {
    case 'file':
      return toFile(options, destination.file);
    case 'stream': {
      const { stream, packing } = destination;
      const { processes = 1, eventsPerSecond } = options;
      const rate = eventsPerSecond === undefined ? {} : { eventsPerSecond: eventsPerSecond / processes };
      const done = await inShares(options, { kind: 'send', stream, packing, ...rate });
      return { truth: truthOf(done), sent: sumOf(done.flatMap(({ sent }) => sent ?? [])) };
    }
    case 'none':
      return { truth: truthOf(await inShares(options, { kind: 'count' })) };
  }
}

async function toFile(options: GenerateOptions, path: string): Promise<Generated> {
  const pace = new Pace(options.eventsPerSecond);
  const file = new LineFile(path);
  let events = 0;
  try {
    const done = await inShares(options, { kind: 'lines' }, async (lines) => {
      await pace.turn(lines.events);
      file.write(lines.bytes);
      events += lines.events;
      options.onProgress?.(events);
    });
    return { truth: truthOf(done), fileBytes: file.bytes };
  } finally {
    file.close();
  }
}

/**
 * Has the partitions simulated, by as many processes as asked for.
 * @param onLines given the lines of all partitions in the order of the simulation
 * @returns what each process came to
 */
async function inShares(
  { settings, processes = 1, onProgress }: GenerateOptions,
  purpose: Purpose,
  onLines: (lines: EncodedLines) => Promise<void> = async () => undefined,
): Promise<WorkDone[]> {
  const progress = new Array<number>(processes).fill(0);
  const workers = processes === 1 ? [] : progress.map(() => new WorkerProcess());
  const shares = progress.map((_, share) => {
    const work = { settings, purpose, partitions: partitionsOf(share, processes) };
    const onShareProgress = (events: number) => {
      progress[share] = events;
      onProgress?.(progress.reduce((sum, value) => sum + value, 0));
    };
    return workers[share]?.carryOut(work, onShareProgress) ?? carryOut(work, onShareProgress);
  });
  try {
    for (;;) {
      const next = await Promise.all(shares.map(nextOf));
      const done = next.filter((message) => message.kind === 'done');
      if (done.length === processes) return done;
      const slices = next.filter((message) => message.kind === 'slice');
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const lines = slices[partition % processes]?.lines[Math.floor(partition / processes)];
        if (lines !== undefined) await onLines(lines);
      }
    }
  } catch (error) {
    for (const worker of workers) worker.stop();
    throw error;
  }
}

/** Partitions go round, so that every process is as busy. */
function partitionsOf(share: number, processes: number): number[] {
  return [...Array(PARTITIONS).keys()].filter((partition) => partition % processes === share);
}

async function nextOf(share: AsyncGenerator<LinesSlice | WorkDone, void>): Promise<LinesSlice | WorkDone> {
  const { value } = await share.next();
  if (value === undefined)
    throw new Error('A share of the work has no end, though it must tell when it is done');
  return value;
}

function truthOf(done: readonly WorkDone[]): Truth {
  const tally = new Tally();
  for (const { counted } of done) tally.merge(counted);
  return tally.truth();
}

function sumOf(sent: readonly SentSimulation[]): SentEvents {
  const sum = (name: 'eventsSent' | 'eventsUnsent' | 'entriesSent' | 'bytesSent' | 'throttledEntries') =>
    sent.reduce((total, { counts }) => total + counts[name], 0);
  return {
    eventsSent: sum('eventsSent'),
    eventsUnsent: sum('eventsUnsent'),
    records: sum('entriesSent'),
    bytes: sum('bytesSent'),
    throttledRecords: sum('throttledEntries'),
    firstProblem: sent.find(({ firstProblem }) => firstProblem !== undefined)?.firstProblem,
  };
}
