/** Puts events that did not fit the answer back on the stream, in packs that will fit. */
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { ColumnName } from '../../lib/event/columns';
import type { Rejection } from '../../lib/event/rejections';
import {
  type FailedEntry,
  type PackedEntry,
  packEvents,
  recordKeys,
  type SendRuntime,
  sendEntries,
} from '../shared/packing';
import type { PutBackEvent } from './batch';
import { isJsonObject, type JsonObject, parseExactly } from './json';
import type { RejectedFate } from './row';

/**
 * Most bytes of rows a pack that goes back may give: several such packs fit one answer, so none is put back for
 * ever. Packs are not filled by their own bytes, because a short event gives a long row.
 */
const PACK_ROW_BYTES = 1024 * 1024;

/** How long to try; the function's timeout must be longer. */
const MAX_SEND_MILLIS = 60_000;

/** Keys that `putBackLine` fills. */
const STAMPED_KEYS: ReadonlySet<string> = new Set<ColumnName>(['event_id', 'received_at']);

/** Some events could neither be answered nor put back: Firehose has to invoke again with the same batch. */
export class PutBackError extends Error {
  override readonly name = 'PutBackError';
}

/**
 * Puts events back on the stream they came from.
 * @param maxExpandedBytes no pack expands to more
 * @param runtime time and chance; replaced in tests. @default the system's
 * @returns the events that cannot go back, as rejected
 * @throws PutBackError when Kinesis did not take a pack in spite of all attempts
 */
export async function putBackEvents(
  client: KinesisClient,
  streamName: string,
  events: readonly PutBackEvent[],
  maxExpandedBytes: number,
  runtime?: SendRuntime,
): Promise<RejectedFate[]> {
  if (events.length === 0) return [];
  const { entries, rejected } = await pack(events, maxExpandedBytes);
  const failures: FailedEntry[] = [];
  await sendEntries(client, streamName, entries, {
    maxMillis: MAX_SEND_MILLIS,
    ...(runtime === undefined ? {} : { runtime }),
    onUnsent: (unsent) => {
      // Only entries are given to it, so nothing is unsendable.
      if (unsent.kind === 'failed') failures.push(unsent);
    },
  });
  const [first] = failures;
  if (first !== undefined) {
    throw new PutBackError(
      `${failures.length} of ${entries.length} packs could not be put back on the stream "${streamName}"; ` +
        `the first after ${first.attempts} attempts: ${first.errorCode}: ${first.errorMessage}`,
    );
  }
  return rejected;
}

async function pack(events: readonly PutBackEvent[], maxExpandedBytes: number) {
  const options = { packBytes: maxExpandedBytes, compression: 'gzip', maxExpandedBytes } as const;
  const keys = recordKeys();
  const entries: PackedEntry[] = [];
  const rejected: RejectedFate[] = [];
  for (const group of groupByRowBytes(events)) {
    const lines = group.map(putBackLine);
    for await (const result of packEvents(lines, options, keys)) {
      if (result.kind === 'entry') {
        entries.push(result);
        continue;
      }
      const event = group[lines.indexOf(result.line)];
      if (event === undefined)
        throw new PutBackError(`The packer gave back a line it was not given: ${result.detail}`);
      const rejection: Rejection = { reason: 'cannot_put_back', detail: result.detail };
      rejected.push({ kind: 'rejected', rejection, original: event.line, origin: event.origin });
    }
  }
  return { entries, rejected };
}

function* groupByRowBytes(events: readonly PutBackEvent[]): Generator<PutBackEvent[]> {
  let group: PutBackEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    if (group.length > 0 && bytes + event.rowBytes > PACK_ROW_BYTES) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(event);
    bytes += event.rowBytes;
  }
  if (group.length > 0) yield group;
}

/**
 * The event with the id and the time of receipt it has been given, so that on its second way it is the same event,
 * however its place in the stream changes.
 */
export function putBackLine({
  line,
  eventId,
  receivedAt,
}: Pick<PutBackEvent, 'line' | 'eventId' | 'receivedAt'>): string {
  const event = parseExactly(line);
  const kept = Object.entries(isJsonObject(event) ? event : {}).filter(
    ([key]) => !STAMPED_KEYS.has(key.toLowerCase()),
  );
  const stamped: JsonObject = Object.fromEntries(kept);
  stamped.event_id = eventId;
  stamped.received_at = receivedAt;
  return JSON.stringify(stamped);
}
