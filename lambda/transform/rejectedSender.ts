/** Delivers lines to a Direct-PUT delivery stream until each is taken. */
import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { FIREHOSE_PUT_BATCH_BYTES, FIREHOSE_PUT_BATCH_COUNT } from '../../lib/contract/limits';

/** Attempts at delivering a batch, the first included. */
const MAX_ATTEMPTS = 8;
/** Backoff after attempt n is random between 0 and base * 2^(n - 1). */
const BASE_BACKOFF_MILLIS = 50;

/** Lines were not taken in spite of all attempts: Firehose has to invoke again with the same batch. */
export class RejectedDeliveryError extends Error {
  override readonly name = 'RejectedDeliveryError';
}

/** Time and chance; replaced in tests. */
export interface DeliveryRuntime {
  sleep(millis: number): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
}

const SYSTEM_RUNTIME: DeliveryRuntime = {
  sleep: (millis) => new Promise((resolve) => setTimeout(resolve, millis)),
  random: Math.random,
};

/**
 * Delivers lines, each as one record that ends in a line feed. Only what was refused is offered again. A line may be
 * delivered twice when an answer is lost on the way.
 * @throws RejectedDeliveryError when a line was refused each time; errors of whole requests pass through when the
 *   client has given up on them
 */
export async function deliverLines(
  client: FirehoseClient,
  deliveryStreamName: string,
  lines: readonly string[],
  runtime: DeliveryRuntime = SYSTEM_RUNTIME,
): Promise<void> {
  const records = lines.map((line) => Buffer.from(`${line}\n`));
  for (const batch of batches(records)) await deliverBatch(client, deliveryStreamName, batch, runtime);
}

async function deliverBatch(
  client: FirehoseClient,
  deliveryStreamName: string,
  batch: readonly Buffer[],
  runtime: DeliveryRuntime,
): Promise<void> {
  let remaining = batch;
  for (let attempt = 1; ; attempt++) {
    const command = new PutRecordBatchCommand({
      DeliveryStreamName: deliveryStreamName,
      Records: remaining.map((Data) => ({ Data })),
    });
    const { RequestResponses: results = [] } = await client.send(command);
    const isTaken = (index: number) => results[index]?.RecordId !== undefined && !results[index]?.ErrorCode;
    const failure = results.find((result) => result.ErrorCode !== undefined);
    remaining = remaining.filter((_, index) => !isTaken(index));
    if (remaining.length === 0) return;
    if (attempt >= MAX_ATTEMPTS) {
      throw new RejectedDeliveryError(
        `${remaining.length} rejected events were not taken by "${deliveryStreamName}" in ${attempt} attempts: ` +
          `${failure?.ErrorCode ?? 'no answer for them'} ${failure?.ErrorMessage ?? ''}`.trimEnd(),
      );
    }
    await runtime.sleep(runtime.random() * BASE_BACKOFF_MILLIS * 2 ** (attempt - 1));
  }
}

/** Batches within the limits of one PutRecordBatch. */
function* batches(records: readonly Buffer[]): Generator<Buffer[]> {
  let batch: Buffer[] = [];
  let bytes = 0;
  for (const record of records) {
    if (batch.length === FIREHOSE_PUT_BATCH_COUNT || bytes + record.length > FIREHOSE_PUT_BATCH_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += record.length;
  }
  if (batch.length > 0) yield batch;
}
