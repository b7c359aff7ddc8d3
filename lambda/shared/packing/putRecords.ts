/** One PutRecords request: which of its entries Kinesis refused, and why. */
import { isNativeError } from 'node:util/types';
import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { PackedEntry } from './types';

/** Kinesis's code for a shard whose limit of bytes or records per second was reached. */
const THROTTLED_CODE = 'ProvisionedThroughputExceededException';
/** Errors of whole requests that pass with time, though some of them blame the caller. */
const PASSING_ERRORS: ReadonlySet<string> = new Set([
  THROTTLED_CODE,
  'KMSThrottlingException',
  'LimitExceededException',
  'RequestTimeout',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
]);

/** An entry that was not taken. */
export interface Refusal {
  readonly entry: PackedEntry;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly isThrottled: boolean;
}

/**
 * Offers entries to a stream, once (the client itself repeats requests that failed on the way).
 * @returns the entries that were refused and may be offered again; none when all were taken
 * @throws the client's error when no later attempt can succeed: no such stream, no permission, malformed request
 */
export async function putRecords(
  client: KinesisClient,
  streamName: string,
  entries: readonly PackedEntry[],
): Promise<Refusal[]> {
  const command = new PutRecordsCommand({
    StreamName: streamName,
    Records: entries.map(({ data, partitionKey, explicitHashKey }) => ({
      Data: data,
      PartitionKey: partitionKey,
      ExplicitHashKey: explicitHashKey,
    })),
  });
  try {
    const { Records: results = [] } = await client.send(command);
    return entries.flatMap((entry, index) => {
      const result = results[index];
      if (result?.SequenceNumber !== undefined && result.ErrorCode === undefined) return [];
      return [
        refusal(entry, result?.ErrorCode ?? 'MissingResult', result?.ErrorMessage ?? 'no answer for it'),
      ];
    });
  } catch (error) {
    if (!isNativeError(error) || !mayPass(error)) throw error;
    return entries.map((entry) => refusal(entry, error.name, error.message));
  }
}

function refusal(entry: PackedEntry, errorCode: string, errorMessage: string): Refusal {
  return { entry, errorCode, errorMessage, isThrottled: errorCode === THROTTLED_CODE };
}

/** True for the service's own faults and for what goes wrong on the way; what blames the caller stays wrong. */
function mayPass(error: Error): boolean {
  if (PASSING_ERRORS.has(error.name)) return true;
  if ('$fault' in error) return error.$fault === 'server';
  // Node's errors of sockets and name resolution have a code; errors of configuration have none.
  return 'code' in error && typeof error.code === 'string' && error.code.startsWith('E');
}
