/**
 * Takes somebody's events out of the originals under `errors/` and `rejected/`: JSON lines, gzipped or not, that hold
 * records (packs among them) in base64, rejected events as text or in parts, or events. Pure.
 *
 * What cannot be opened is searched byte by byte, expanded as far as it goes; where the identifier shows up the whole
 * record is dropped, because nothing tells where the event ends.
 */
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { splitOriginal } from '../../lambda/transform/rejectedLines';
import { eventOf, type Owner } from './subject';

/** What was taken out. */
export interface OriginalsFound {
  /** Lines of the object. */
  readonly lines: number;
  readonly linesAfter: number;
  /** Events taken out of records that could be opened. */
  readonly events: number;
  /** Records that could not be opened, hold the identifier and were dropped whole. */
  readonly unopenable: number;
}

/** The object without the owner's events; `bytes` is undefined when it holds none, and there is nothing to change. */
export interface ErasedOriginals extends OriginalsFound {
  readonly bytes: Buffer | undefined;
}

/** Bytes a record may expand to while it is searched; packs have a megabyte by default. */
const MAX_EXPANDED_BYTES = 256 * 1024 * 1024;

/** The object cannot be expanded, so its lines are not known. */
export class UnreadableOriginalsError extends Error {
  override readonly name = 'UnreadableOriginalsError';
}

/**
 * Takes the owner's events out of an object.
 * @throws UnreadableOriginalsError
 */
export function eraseOriginals(object: Buffer, owner: Owner): ErasedOriginals {
  const record = open(object);
  if (record.isBroken)
    throw new UnreadableOriginalsError(`its ${object.length} bytes of gzip do not decompress`);
  const lines = splitLines(record.bytes);
  const eraser = new Eraser(owner);
  const groups = partsByRecord(lines);
  const kept: Buffer[] = [];
  for (const line of lines) kept.push(...eraser.keptLines(line, groups));
  const { events, unopenable } = eraser;
  const found = { lines: lines.length, linesAfter: kept.length, events, unopenable };
  if (events + unopenable === 0) return { ...found, bytes: undefined };
  return { ...found, bytes: close(joinLines(kept), record.isGzip) };
}

interface Opened {
  readonly bytes: Buffer;
  readonly isGzip: boolean;
  /** The bytes are only as much as could be expanded. */
  readonly isBroken: boolean;
}

function open(bytes: Buffer): Opened {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { bytes, isGzip: false, isBroken: false };
  const limits = { maxOutputLength: MAX_EXPANDED_BYTES };
  try {
    return { bytes: gunzipSync(bytes, limits), isGzip: true, isBroken: false };
  } catch {
    return { bytes: expandWhatGoes(bytes), isGzip: true, isBroken: true };
  }
}

/** What a broken gzip stream still gives; nothing when not even that. */
function expandWhatGoes(bytes: Buffer): Buffer {
  try {
    const limits = { maxOutputLength: MAX_EXPANDED_BYTES, finishFlush: constants.Z_SYNC_FLUSH };
    return gunzipSync(bytes, limits);
  } catch {
    return Buffer.alloc(0);
  }
}

function close(bytes: Buffer, isGzip: boolean): Buffer {
  return isGzip ? gzipSync(bytes) : bytes;
}

/** A rejected event in parts, as the transform writes it; the fields around the original stay as they are. */
interface RejectedLine {
  readonly rejected_id: string;
  readonly original: string;
  readonly encoding: string;
  readonly part: number;
  readonly parts: number;
}

type Groups = ReadonlyMap<string, readonly RejectedLine[]>;

class Eraser {
  events = 0;
  unopenable = 0;
  private readonly doneWith = new Set<string>();

  constructor(private readonly owner: Owner) {}

  /** What is left of a line: itself, another, several for an original in parts, or nothing. */
  keptLines(line: Buffer, groups: Groups): Buffer[] {
    const value = eventOf(line.toString('utf8'));
    if (value === undefined) return this.keepUnlessMentioned(line);
    if ('attemptsMade' in value && typeof value.rawData === 'string') {
      const original = Buffer.from(value.rawData, 'base64');
      const left = this.keptOfRecord(original);
      if (left === original) return [line];
      return left === undefined ? [] : [jsonLine({ ...value, rawData: left.toString('base64') })];
    }
    if (isRejectedLine(value)) return this.keptOfRejected(line, value, groups);
    if (!this.owner.ownsEvent(value)) return [line];
    this.events++;
    return [];
  }

  private keptOfRejected(line: Buffer, rejected: RejectedLine, groups: Groups): Buffer[] {
    const id = rejected.rejected_id;
    const parts = groups.get(id) ?? [rejected];
    // The first part of a record stands for all of them.
    if (this.doneWith.has(id)) return [];
    const original = Buffer.concat(
      parts.map((part) => Buffer.from(part.original, part.encoding === 'base64' ? 'base64' : 'utf8')),
    );
    this.doneWith.add(id);
    const events = this.events + this.unopenable;
    const left = this.keptOfRecord(original);
    if (events === this.events + this.unopenable) return parts.length > 1 ? parts.map(jsonLine) : [line];
    if (left === undefined) return [];
    const isText = rejected.encoding !== 'base64';
    const pieces = splitOriginal(left, isText);
    return pieces.map((piece, at) =>
      jsonLine({
        ...rejected,
        original: piece.toString(isText ? 'utf8' : 'base64'),
        part: at + 1,
        parts: pieces.length,
      }),
    );
  }

  /** The record itself when nothing in it is theirs, what is left of it, or undefined when nothing is. */
  private keptOfRecord(record: Buffer): Buffer | undefined {
    const { bytes, isGzip, isBroken } = open(record);
    if (isBroken) return this.keepUnlessMentioned(record, bytes)[0];
    const whole = eventOf(bytes.toString('utf8'));
    const lines = whole === undefined ? splitLines(bytes) : [bytes];
    const before = this.events + this.unopenable;
    const kept = lines.flatMap((line) => this.keptLines(line, new Map()));
    if (before === this.events + this.unopenable) return record;
    return kept.length === 0 ? undefined : close(joinLines(kept), isGzip);
  }

  private keepUnlessMentioned(bytes: Buffer, expanded: Buffer = bytes): Buffer[] {
    if (!this.owner.isMentioned(bytes) && !this.owner.isMentioned(expanded)) return [bytes];
    this.unopenable++;
    return [];
  }
}

function isRejectedLine(value: object): value is RejectedLine {
  return (
    'rejected_id' in value &&
    'original' in value &&
    typeof value.rejected_id === 'string' &&
    typeof value.original === 'string'
  );
}

/** The parts of each original that has several, in order. */
function partsByRecord(lines: readonly Buffer[]): Map<string, RejectedLine[]> {
  const groups = new Map<string, RejectedLine[]>();
  for (const line of lines) {
    // Cheap to tell, and nearly no line has more than one part.
    if (!line.includes('"rejected_id"') || line.includes('"parts":1,')) continue;
    const value = eventOf(line.toString('utf8'));
    if (value === undefined || !isRejectedLine(value)) continue;
    const others = (groups.get(value.rejected_id) ?? []).filter(({ part }) => part !== value.part);
    groups.set(
      value.rejected_id,
      [...others, value].sort((a, b) => a.part - b.part),
    );
  }
  return groups;
}

function jsonLine(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** Lines without line ends; blank ones hold nothing. */
function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed;
    const line = bytes.subarray(start, end);
    if (line.length > 0) lines.push(line);
    start = end + 1;
  }
  return lines;
}

function joinLines(lines: readonly Buffer[]): Buffer {
  return Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
}
