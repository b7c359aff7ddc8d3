/** Finds the originals in lines of `errors/` and `rejected/`. Pure. */
import type { RejectedLine } from '../../lambda/transform/rejectedLines';
import type { EventOrigin } from '../../lambda/transform/row';
import { shortHash } from '../../lib/event/text';
import { parseTimestamp } from '../../lib/event/timestamps';

/** What came once, as it came, and from where. */
export interface Original {
  /** A whole record, or the text of one event. */
  readonly bytes: Buffer;
  readonly kind: 'record' | 'event';
  /** `index` is that of the first event. */
  readonly origin: EventOrigin;
  /** Why it did not arrive. */
  readonly reason: string;
}

/** What a line holds. */
export type LineReading =
  | { readonly kind: 'original'; readonly original: Original }
  /** A line as the transform writes it to `rejected/`. */
  | { readonly kind: 'rejected'; readonly line: RejectedLine }
  | { readonly kind: 'corrupt'; readonly reason: string };

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a line Firehose wrote below `errors/`.
 *
 * Firehose tells a record's arrival but neither its shard nor, with a failed transform, its sequence number. A name
 * from arrival and content takes their place: the same for every copy of the line, so ids derived from it stay the same.
 */
export function readErrorLine(text: string): LineReading {
  const fields = parseObject(text);
  if (fields === undefined) return corrupt('it is no JSON object');
  const { rawData, arrivalTimestamp } = fields;
  if (typeof rawData !== 'string' || rawData === '') return corrupt('it has no rawData');
  const bytes = Buffer.from(rawData, 'base64');
  if (bytes.toString('base64') !== rawData) return corrupt('rawData is not base64');
  const arrivedMillis = parseTimestamp(arrivalTimestamp);
  if (arrivedMillis === undefined) {
    return corrupt(`arrivalTimestamp is ${String(arrivalTimestamp)}, it must be epoch milliseconds`);
  }
  const sequenceNumber = `error/${arrivedMillis}/${shortHash(rawData)}`;
  const reason = String(fields.errorCode ?? fields.lastErrorCode ?? fields.ErrorCode ?? 'unknown');
  const origin = { arrivedMillis, shardId: undefined, sequenceNumber, index: 0 };
  return { kind: 'original', original: { bytes, kind: 'record', origin, reason } };
}

/** Reads a line below `rejected/`. */
export function readRejectedLine(text: string): LineReading {
  const fields = parseObject(text);
  if (fields === undefined) return corrupt('it is no JSON object');
  const problem = rejectedProblem(fields);
  // Checked field by field.
  return problem === undefined
    ? { kind: 'rejected', line: fields as unknown as RejectedLine }
    : corrupt(problem);
}

function rejectedProblem(fields: Fields): string | undefined {
  const { part, parts, record_index, encoding, arrived_at, shard_id } = fields;
  for (const name of ['rejected_id', 'reason', 'original', 'sequence_number']) {
    if (typeof fields[name] !== 'string') return `${name} is ${typeof fields[name]}, it must be text`;
  }
  if (encoding !== 'utf8' && encoding !== 'base64') return `encoding is ${String(encoding)}`;
  if (shard_id !== undefined && typeof shard_id !== 'string') return 'shard_id is no text';
  if (parseTimestamp(arrived_at) === undefined)
    return `arrived_at is ${String(arrived_at)}, it must be a time`;
  if (!isCount(record_index)) return `record_index is ${String(record_index)}`;
  if (!isCount(part) || !isCount(parts) || part < 1 || part > parts) {
    return `part is ${String(part)} of ${String(parts)}`;
  }
  return undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Joins the parts of rejected originals. Parts may come in any order, from several objects, and more than once. */
export class RejectedJoiner {
  private readonly waiting = new Map<string, Map<number, RejectedLine>>();
  private readonly done = new Set<string>();

  /**
   * Takes a line.
   * @returns the original when it is whole, and how many lines that brought it are not counted yet
   */
  add(line: RejectedLine): { fate: 'duplicate' } | { fate: 'part' } | { fate: 'whole'; original: Original } {
    const id = line.rejected_id;
    const parts = this.waiting.get(id) ?? new Map<number, RejectedLine>();
    if (this.done.has(id) || parts.has(line.part)) return { fate: 'duplicate' };
    parts.set(line.part, line);
    if (parts.size < line.parts) {
      this.waiting.set(id, parts);
      return { fate: 'part' };
    }
    this.waiting.delete(id);
    this.done.add(id);
    return { fate: 'whole', original: join([...parts.values()]) };
  }

  /** Ids of originals of which parts are missing. */
  incomplete(): string[] {
    return [...this.waiting.keys()];
  }
}

function join(lines: readonly RejectedLine[]): Original {
  const sorted = [...lines].sort((a, b) => a.part - b.part);
  const [first] = sorted;
  if (first === undefined) throw new Error('An original has at least one part');
  const bytes = Buffer.concat(
    sorted.map(({ original, encoding }) => Buffer.from(original, encoding === 'base64' ? 'base64' : 'utf8')),
  );
  const { reason, shard_id: shardId, sequence_number: sequenceNumber, record_index: index } = first;
  const arrivedMillis = parseTimestamp(first.arrived_at) ?? 0;
  return {
    bytes,
    kind: first.encoding === 'utf8' ? 'event' : 'record',
    origin: { arrivedMillis, shardId, sequenceNumber, index },
    reason,
  };
}

function corrupt(reason: string): LineReading {
  return { kind: 'corrupt', reason };
}

function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? { ...value } : undefined;
  } catch {
    // Kept whole in the side file by the caller.
    return undefined;
  }
}
