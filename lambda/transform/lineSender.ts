/** Delivers lines to a Direct-PUT delivery stream until each is taken. */
import {
  type FirehoseClient,
  PutRecordBatchCommand,
  type PutRecordBatchResponseEntry,
  ServiceUnavailableException,
} from '@aws-sdk/client-firehose';
import { FIREHOSE_PUT_BATCH_BYTES } from '../../lib/contract/limits';
import { LINE_RECORD_BYTES } from '../../lib/contract/lineRecords';

/**
 * How long to try. A flood of rejected events passes the quota of Direct PUT: while the function waits, Firehose holds
 * back (it has at most five invocations under way per shard) and the stream buffers. Giving up sooner would send whole
 * batches to errors/, their good events included. With the time for putting back it stays below the function's timeout.
 */
const MAX_SEND_MILLIS = 45_000;
/** Backoff after attempt n is random between 0 and base * 2^(n - 1), but not above the longest. */
const BASE_BACKOFF_MILLIS = 50;
const LONGEST_BACKOFF_MILLIS = 5_000;

/** Lines were not taken in spite of all attempts. */
export class LineDeliveryError extends Error {
  override readonly name = 'LineDeliveryError';
}

/** Time and chance; replaced in tests. */
export interface DeliveryRuntime {
  /** Epoch milliseconds. */
  now(): number;
  sleep(millis: number): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
}

/** How long to go on. */
export interface DeliveryPatience {
  /** @default 45 seconds */
  readonly maxMillis?: number;
  /** @default the system's */
  readonly runtime?: DeliveryRuntime;
}

const SYSTEM_RUNTIME: DeliveryRuntime = {
  now: Date.now,
  sleep: (millis) => new Promise((resolve) => setTimeout(resolve, millis)),
  random: Math.random,
};

/** Lines that are taken or refused together, each ended by a line feed. */
interface LineRecord {
  readonly data: Buffer;
  readonly lineCount: number;
}

/**
 * Delivers lines, several to a record, each ended by a line feed. Only what was refused is offered again. A line may be
 * delivered twice when an answer is lost on the way.
 * @throws LineDeliveryError when a line was still refused when the time was up; errors other than refusals pass
 *   through when the client has given up on them
 */
export async function deliverLines(
  client: FirehoseClient,
  deliveryStreamName: string,
  lines: readonly string[],
  { maxMillis = MAX_SEND_MILLIS, runtime = SYSTEM_RUNTIME }: DeliveryPatience = {},
): Promise<void> {
  const deadlineMillis = runtime.now() + maxMillis;
  for (const batch of batches(recordsOf(lines))) {
    await deliverBatch(client, deliveryStreamName, batch, deadlineMillis, runtime);
  }
}

async function deliverBatch(
  client: FirehoseClient,
  deliveryStreamName: string,
  batch: readonly LineRecord[],
  deadlineMillis: number,
  runtime: DeliveryRuntime,
): Promise<void> {
  let remaining = batch;
  for (let attempt = 1; ; attempt++) {
    const results = await put(client, deliveryStreamName, remaining);
    const isTaken = (index: number) => results[index]?.RecordId !== undefined && !results[index]?.ErrorCode;
    const failure = results.find((result) => result.ErrorCode !== undefined);
    remaining = remaining.filter((_, index) => !isTaken(index));
    if (remaining.length === 0) return;
    const longest = Math.min(BASE_BACKOFF_MILLIS * 2 ** (attempt - 1), LONGEST_BACKOFF_MILLIS);
    const backoff = runtime.random() * longest;
    if (runtime.now() + backoff > deadlineMillis) {
      const lineCount = remaining.reduce((sum, record) => sum + record.lineCount, 0);
      throw new LineDeliveryError(
        `${lineCount} lines were not taken by "${deliveryStreamName}" in ${attempt} attempts: ` +
          `${failure?.ErrorCode ?? 'no answer for them'} ${failure?.ErrorMessage ?? ''}`.trimEnd(),
      );
    }
    await runtime.sleep(backoff);
  }
}

/** One request. Firehose refuses records one by one, or the whole request when it is far above its quota. */
async function put(
  client: FirehoseClient,
  DeliveryStreamName: string,
  records: readonly LineRecord[],
): Promise<PutRecordBatchResponseEntry[]> {
  try {
    const Records = records.map(({ data }) => ({ Data: data }));
    const answer = await client.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
    return answer.RequestResponses ?? [];
  } catch (error) {
    if (!(error instanceof ServiceUnavailableException)) throw error;
    return records.map(() => ({ ErrorCode: error.name, ErrorMessage: error.message }));
  }
}

/** Lines in order, together up to `LINE_RECORD_BYTES`; a longer line is a record by itself. */
function* recordsOf(lines: readonly string[]): Generator<LineRecord> {
  for (const group of groups(lines, (line) => Buffer.byteLength(line) + 1, LINE_RECORD_BYTES)) {
    yield { data: Buffer.from(`${group.join('\n')}\n`), lineCount: group.length };
  }
}

/** Batches within the bytes of one PutRecordBatch; so many are fewer than the 500 records it may have. */
function batches(records: Iterable<LineRecord>): Generator<LineRecord[]> {
  return groups(records, ({ data }) => data.length, FIREHOSE_PUT_BATCH_BYTES);
}

/** Neighbours together, as many as fit; what does not fit at all stands alone. */
function* groups<Item>(
  items: Iterable<Item>,
  bytesOf: (item: Item) => number,
  maxBytes: number,
): Generator<Item[]> {
  let group: Item[] = [];
  let groupBytes = 0;
  for (const item of items) {
    const bytes = bytesOf(item);
    if (group.length > 0 && groupBytes + bytes > maxBytes) {
      yield group;
      group = [];
      groupBytes = 0;
    }
    group.push(item);
    groupBytes += bytes;
  }
  if (group.length > 0) yield group;
}
