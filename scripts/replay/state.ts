/** How far a replay has come, on disk: started again it goes on from there. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where state files lie by default; git ignores it. */
export const STATE_DIRECTORY = path.resolve(__dirname, '..', '..', '.replay');

/** What identifies a replay: the same arguments go on with the same state. */
export type ReplayArguments = Readonly<Record<string, unknown>>;

/** What has been done for good. `C` holds counts. */
export interface Progress<C> {
  /** Last object or file that is finished. */
  readonly finished?: string;
  /** The one that was under way, and how many of its lines are done. */
  readonly partial?: { readonly key: string; readonly lines: number };
  /** Objects that hold parts of originals that are not whole yet, by the original's id. */
  readonly waitingParts?: Readonly<Record<string, readonly string[]>>;
  readonly counts: C;
}

interface StateFile<C> {
  readonly arguments: ReplayArguments;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly progress: Progress<C>;
}

/** The replay was finished before, or the file belongs to another one; the message says what to do. */
export class ReplayStateError extends Error {
  override readonly name = 'ReplayStateError';
}

/** Only its owner may read it: names of objects are harmless, but side files beside it hold events. */
const OWNER_ONLY = 0o600;

/** The file a replay's state is in by default: named after its arguments. */
export function defaultStateFile(kind: string, args: ReplayArguments): string {
  const hash = createHash('sha256').update(JSON.stringify(args)).digest('hex').slice(0, 12);
  return path.join(STATE_DIRECTORY, `${kind}-${hash}.json`);
}

/**
 * Files beside the state: lines that are not what they should be, events too large to go back, keys of objects to be
 * restored, events of logs that were not sent.
 */
const SIDE_FILES = ['corrupt', 'unsendable', 'archived', 'unsent.ndjson'] as const;
type SideFileExtension = (typeof SIDE_FILES)[number];

function sideFileOf(file: string, extension: SideFileExtension): string {
  return `${file.replace(/\.json$/, '')}.${extension}`;
}

/** The state of one replay. */
export class ReplayState<C> {
  private constructor(
    /** Undefined in a dry run: nothing is kept. */
    readonly file: string | undefined,
    private content: StateFile<C>,
    readonly isResumed: boolean,
  ) {}

  /** State of a dry run, from the beginning and nowhere kept. */
  static dry<C>(args: ReplayArguments, counts: C, nowMillis: number): ReplayState<C> {
    return new ReplayState<C>(undefined, begin(args, counts, nowMillis), false);
  }

  /**
   * Takes up a replay, or begins it.
   * @param again begins anew where it was finished
   * @throws ReplayStateError
   */
  static open<C>(
    file: string,
    args: ReplayArguments,
    counts: C,
    again: boolean,
    nowMillis: number,
  ): ReplayState<C> {
    const content = read<C>(file);
    if (content === undefined || (content.finishedAt !== undefined && again)) {
      const state = new ReplayState<C>(file, begin(args, counts, nowMillis), false);
      for (const extension of SIDE_FILES) rmSync(sideFileOf(file, extension), { force: true });
      state.write();
      return state;
    }
    if (JSON.stringify(content.arguments) !== JSON.stringify(args)) {
      throw new ReplayStateError(
        `${file} belongs to another replay, with ${JSON.stringify(content.arguments)}: name another file with --state`,
      );
    }
    if (content.finishedAt !== undefined) {
      throw new ReplayStateError(
        `This replay was finished at ${content.finishedAt} (${file}). To do it again: --again. It adds nothing twice.`,
      );
    }
    return new ReplayState<C>(file, content, true);
  }

  get progress(): Progress<C> {
    return this.content.progress;
  }

  /** When the replay was begun first: what was stored later is none of its business. */
  get startedMillis(): number {
    return Date.parse(this.content.startedAt);
  }

  /** Notes what has been done. */
  save(progress: Progress<C>): void {
    this.content = { ...this.content, progress: structuredClone(progress) };
    this.write();
  }

  finish(nowMillis: number): void {
    this.content = { ...this.content, finishedAt: new Date(nowMillis).toISOString() };
    this.write();
  }

  /** A file beside the state, such as `<name>.corrupt`; in a dry run there is none. */
  sideFile(extension: SideFileExtension): string | undefined {
    return this.file === undefined ? undefined : sideFileOf(this.file, extension);
  }

  /** Whole or not at all: a kill while it is written leaves what was there. */
  private write(): void {
    if (this.file === undefined) return;
    mkdirSync(path.dirname(this.file), { recursive: true });
    const draft = `${this.file}.${process.pid}.new`;
    writeFileSync(draft, JSON.stringify(this.content), { mode: OWNER_ONLY });
    try {
      renameSync(draft, this.file);
    } finally {
      rmSync(draft, { force: true });
    }
  }
}

function begin<C>(args: ReplayArguments, counts: C, nowMillis: number): StateFile<C> {
  // A round trip through JSON, so that it compares with what is read from a file.
  return {
    arguments: JSON.parse(JSON.stringify(args)),
    startedAt: new Date(nowMillis).toISOString(),
    progress: { counts },
  };
}

function read<C>(file: string): StateFile<C> | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  try {
    const content: StateFile<C> = JSON.parse(text);
    if (typeof content.startedAt === 'string' && content.progress?.counts !== undefined) return content;
  } catch (error) {
    throw new ReplayStateError(`${file} is no state of a replay: it is not JSON`, { cause: error });
  }
  throw new ReplayStateError(`${file} is no state of a replay`);
}
