/** Replays what lies in `errors/` or `rejected/` onto the stream, object by object, chunk by chunk. */
import type { PackOptions } from '../../lambda/shared/packing';
import type { RejectedLine } from '../../lambda/transform/rejectedLines';
import { InputError, type Line } from '../send/lines';
import { SideFile } from '../send/sideFile';
import { countReason, type OriginalCounts } from './counts';
import { type Original, RejectedJoiner, readErrorLine, readRejectedLine } from './originals';
import { replayedEvents } from './stamp';
import type { ReplayState } from './state';
import { isArchived, listStored, objectLines, type Selection, type Store, type StoredObject } from './stored';
import { addUnchanged, type Chunk, emptyChunk, type StreamTarget, sendChunk } from './streamSender';

/** What lines of a prefix are: Firehose's errors, those around rejected lines, or rejected lines. */
export type LineForm = 'error' | 'error_of_rejected' | 'rejected';

/** What to replay, where to, and how. */
export interface OriginalsOptions {
  readonly store: Store;
  readonly sources: readonly { readonly selection: Selection; readonly form: LineForm }[];
  readonly packing: PackOptions;
  /** Undefined in a dry run. */
  readonly target: StreamTarget | undefined;
  /** What becomes of events the transform would reject again. */
  readonly stillRejected: 'send unchanged' | 'skip';
  /** Only originals that were rejected for this reason. */
  readonly reason?: string;
  readonly state: ReplayState<OriginalCounts>;
  /** Told after each chunk. */
  readonly onProgress: (key: string, counts: OriginalCounts) => void;
  /** Told of objects that are not read. */
  readonly onSkipped: (key: string, reason: string) => void;
}

/** A chunk is sent when it has this much: what a kill makes the next start send again. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * Replays.
 * @throws what `sendChunk` throws; then the state tells how far it came
 */
export async function replayOriginals(options: OriginalsOptions): Promise<OriginalCounts> {
  return new OriginalsReplay(options).run();
}

class OriginalsReplay {
  private readonly counts: OriginalCounts;
  private readonly joiner = new RejectedJoiner();
  /** Objects with parts of originals, by id. */
  private readonly partKeys = new Map<string, Set<string>>();
  private chunk: Chunk = emptyChunk();
  private chunkBytes = 0;
  private finished: string | undefined;

  constructor(private readonly options: OriginalsOptions) {
    const { counts, finished } = options.state.progress;
    this.counts = structuredClone(counts);
    this.finished = finished;
  }

  async run(): Promise<OriginalCounts> {
    await this.gatherWaitingParts();
    const { store, sources, state } = this.options;
    const { partial, finished } = state.progress;
    for (const { selection, form } of sources) {
      for await (const object of listStored(store, { ...selection, after: finished })) {
        await this.replayObject(object, form, partial?.key === object.key ? partial.lines : 0);
      }
    }
    for (const _ of this.joiner.incomplete()) countReason(this.counts.skipped, 'parts_missing');
    this.counts.events += this.joiner.incomplete().length;
    return this.counts;
  }

  private async replayObject(object: StoredObject, form: LineForm, doneLines: number): Promise<void> {
    const { key } = object;
    const { store, onSkipped } = this.options;
    const skipped = (await isArchived(store, object))
      ? 'archived'
      : await this.readObject(key, form, doneLines);
    if (skipped === undefined) {
      this.counts.objects += 1;
      this.counts.bytes += object.bytes;
    } else {
      countReason(this.counts.objectsSkipped, skipped);
      onSkipped(key, skipped);
    }
    this.finished = key;
    await this.flush(undefined);
    this.options.onProgress(key, this.counts);
  }

  /** Reads an object, from behind the lines that are done; why not to its end, if so. */
  private async readObject(
    key: string,
    form: LineForm,
    doneLines: number,
  ): Promise<'unreadable' | undefined> {
    try {
      for await (const line of objectLines(this.options.store, key)) {
        if (line.number <= doneLines) continue;
        this.take(line, key, form);
        if (this.chunkBytes < CHUNK_BYTES) continue;
        await this.flush({ key, lines: line.number });
        this.options.onProgress(key, this.counts);
      }
      return undefined;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.keep('corrupt', `${key}\t-\t${error.message}\t\n`);
      return 'unreadable';
    }
  }

  private take(line: Line, key: string, form: LineForm): void {
    if (form !== 'error_of_rejected') {
      this.takeLine(line, key, form);
      return;
    }
    const reading = line.isTooLong || line.text.trim() === '' ? undefined : readErrorLine(line.text);
    if (reading?.kind !== 'original') {
      this.takeLine(line, key, 'error');
      return;
    }
    // One record of the delivery stream of rejected events: lines as they would lie in rejected/.
    const lines = reading.original.bytes.toString('utf8').replace(/\n$/, '').split('\n');
    for (const text of lines) this.takeLine({ ...line, text }, key, 'rejected');
  }

  private takeLine(line: Line, key: string, form: 'error' | 'rejected'): void {
    const { counts } = this;
    counts.lines += 1;
    if (line.text.trim() === '' && !line.isTooLong) {
      counts.blank += 1;
      return;
    }
    const reading = line.isTooLong
      ? ({ kind: 'corrupt', reason: 'it is too long' } as const)
      : (form === 'error' ? readErrorLine : readRejectedLine)(line.text);
    switch (reading.kind) {
      case 'corrupt':
        counts.corrupt += 1;
        this.keep('corrupt', `${key}\t${line.number}\t${reading.reason}\t${line.text}\n`);
        break;
      case 'original':
        this.takeOriginal(reading.original);
        break;
      case 'rejected':
        this.takeRejected(reading.line, key);
    }
  }

  private takeRejected(line: RejectedLine, key: string): void {
    const { counts, options, partKeys } = this;
    if (options.reason !== undefined && line.reason !== options.reason) {
      counts.otherReason += 1;
      return;
    }
    const joined = this.joiner.add(line);
    if (joined.fate === 'duplicate') {
      counts.duplicate += 1;
    } else if (joined.fate === 'part') {
      counts.parts += 1;
      partKeys.set(line.rejected_id, (partKeys.get(line.rejected_id) ?? new Set()).add(key));
    } else {
      partKeys.delete(line.rejected_id);
      this.takeOriginal(joined.original);
    }
  }

  private takeOriginal(original: Original): void {
    const { counts, chunk } = this;
    const { packing, stillRejected } = this.options;
    counts.records += 1;
    for (const event of replayedEvents(original, packing.maxExpandedBytes)) {
      counts.events += 1;
      if (event.kind === 'event') {
        counts.stamped += 1;
        chunk.stamped.push(event.line);
        this.chunkBytes += event.line.length;
      } else if (stillRejected === 'skip') {
        countReason(counts.skipped, `still_rejected_${event.reason}`);
      } else {
        counts.unchanged += 1;
        addUnchanged(chunk, event.bytes);
        this.chunkBytes += event.bytes.length;
      }
    }
  }

  /** Sends what has gathered and notes it as done. */
  private async flush(partial: { readonly key: string; readonly lines: number } | undefined): Promise<void> {
    const { chunk, counts, options, finished } = this;
    const stamped = new Set(chunk.stamped);
    const result = await sendChunk(chunk, options.packing, options.target);
    counts.recordsSent += result.recordsSent;
    counts.bytesSent += result.bytesSent;
    for (const { line, detail } of result.unsendable) {
      counts.unsendable += 1;
      if (stamped.has(line)) counts.stamped -= 1;
      else counts.unchanged -= 1;
      this.keep('unsendable', `${detail}\t${line}\n`);
    }
    this.chunk = emptyChunk();
    this.chunkBytes = 0;
    const waitingParts = Object.fromEntries([...this.partKeys].map(([id, keys]) => [id, [...keys]]));
    options.state.save({ finished, partial, waitingParts, counts });
  }

  /** Reads the parts again that an earlier start had found, so that they meet what is still to come. */
  private async gatherWaitingParts(): Promise<void> {
    const { store, state } = this.options;
    const ids = Object.entries(state.progress.waitingParts ?? {});
    const partial = state.progress.partial;
    for (const key of new Set(ids.flatMap(([, keys]) => keys))) {
      for await (const line of objectLines(store, key)) {
        if (partial?.key === key && line.number > partial.lines) break;
        for (const text of rejectedTexts(line.text)) {
          const reading = readRejectedLine(text);
          if (reading.kind !== 'rejected') continue;
          const id = reading.line.rejected_id;
          if (!ids.some(([waiting, keys]) => waiting === id && keys.includes(key))) continue;
          this.joiner.add(reading.line);
          this.partKeys.set(id, (this.partKeys.get(id) ?? new Set()).add(key));
        }
      }
    }
  }

  /** Keeps text in a file beside the state; a dry run keeps nothing. */
  private keep(extension: 'corrupt' | 'unsendable', text: string): void {
    const file = this.options.state.sideFile(extension);
    if (file === undefined) return;
    const side = new SideFile(file, 'append');
    side.write(text);
    side.close();
  }
}

/** Rejected lines in a line: itself, or what Firehose's error wraps. */
function rejectedTexts(text: string): string[] {
  const reading = readErrorLine(text);
  return reading.kind === 'original' ? reading.original.bytes.toString('utf8').split('\n') : [text];
}
