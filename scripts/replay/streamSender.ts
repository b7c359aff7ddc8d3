/** Sends a chunk of a replay to the stream, all or nothing as far as the replay is concerned. */
import { isUtf8 } from 'node:buffer';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import {
  type PackedEntry,
  type PackOptions,
  type PackResult,
  packEvents,
  recordKeys,
  sendEntries,
  type UnsendableEvent,
} from '../../lambda/shared/packing';
import { PARTITION_KEY_BYTES } from '../../lambda/shared/packing/recordKeys';
import { KINESIS_RECORD_BYTES } from '../../lib/contract/limits';
import type { Pace } from './rate';

/** Where to, and how. */
export interface StreamTarget {
  readonly client: KinesisClient;
  readonly streamName: string;
  readonly packing: PackOptions;
  readonly pace: Pace;
}

/** What goes together. */
export interface Chunk {
  /** Events with id and time of receipt, ready to be packed. */
  readonly stamped: string[];
  /** Events as they came, ready to be packed. */
  readonly unchanged: string[];
  /** Records, or events that are not one line of text, as they came. */
  readonly records: Buffer[];
}

export function emptyChunk(): Chunk {
  return { stamped: [], unchanged: [], records: [] };
}

/** Counts of what was sent. */
export interface ChunkResult {
  readonly recordsSent: number;
  readonly bytesSent: number;
  /** What no record can carry; the bytes of `Chunk.records` in base64. */
  readonly unsendable: readonly UnsendableEvent[];
}

/** The stream did not take everything; nothing is lost, because the originals stay where they are. */
export class StreamRefusedError extends Error {
  override readonly name = 'StreamRefusedError';
}

/** Adds an original that the transform will reject, in the form that keeps its bytes. */
export function addUnchanged(chunk: Chunk, bytes: Buffer): void {
  const isLine = isUtf8(bytes) && !bytes.includes('\n') && bytes.toString('utf8').trim() !== '';
  if (isLine) chunk.unchanged.push(bytes.toString('utf8'));
  else chunk.records.push(bytes);
}

/**
 * Sends a chunk; without a target it is only packed.
 * @throws StreamRefusedError when records were not taken in spite of all attempts; SendStoppedError when no retry helps
 */
export async function sendChunk(
  chunk: Chunk,
  packing: PackOptions,
  target: StreamTarget | undefined,
): Promise<ChunkResult> {
  const unsendable: UnsendableEvent[] = [];
  const packs = entries(chunk, packing);
  if (target === undefined) {
    let recordsSent = 0;
    let bytesSent = 0;
    for await (const pack of packs) {
      if (pack.kind === 'unsendable') unsendable.push(pack);
      else {
        recordsSent += 1;
        bytesSent += pack.data.length;
      }
    }
    return { recordsSent, bytesSent, unsendable };
  }
  const refused: string[] = [];
  const counts = await sendEntries(target.client, target.streamName, target.pace.packs(packs), {
    onUnsent: (unsent) => {
      if (unsent.kind === 'unsendable') unsendable.push(unsent);
      else refused.push(`${unsent.errorCode}: ${unsent.errorMessage}`);
    },
  });
  if (refused.length > 0) {
    throw new StreamRefusedError(
      `The stream "${target.streamName}" did not take ${refused.length} records: ${refused[0]}. ` +
        'Nothing is lost: the same command goes on from here.',
    );
  }
  return { recordsSent: counts.entriesSent, bytesSent: counts.bytesSent, unsendable };
}

async function* entries(
  { stamped, unchanged, records }: Chunk,
  packing: PackOptions,
): AsyncGenerator<PackResult, void> {
  const keys = recordKeys();
  yield* packEvents([...stamped, ...unchanged], packing, keys);
  for (const data of records) {
    if (data.length + PARTITION_KEY_BYTES <= KINESIS_RECORD_BYTES) {
      const entry: PackedEntry = {
        kind: 'entry',
        data,
        eventCount: 1,
        expandedBytes: data.length,
        ...keys.next().value,
      };
      yield entry;
      continue;
    }
    yield {
      kind: 'unsendable',
      line: data.toString('base64'),
      reason: 'too_large',
      detail: `the record has ${data.length} bytes, it may have ${KINESIS_RECORD_BYTES - PARTITION_KEY_BYTES}`,
    };
  }
}
