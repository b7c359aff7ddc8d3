/** Reads the request members that several SQS operations share. */
import { SQS_BATCH_COUNT } from '../../lib/contract/limits';
import { AwsError } from '../http/awsError';
import { type JsonObject, objectList, optionalText } from '../http/members';
import { invalidParameter, sqsError } from './errors';
import type { Queue } from './queue';
import type { Queues } from './queues';

/** The longest a message can be hidden: 12 hours. */
export const MAX_VISIBILITY_SECONDS = 43_200;
export const MAX_DELAY_SECONDS = 900;
export const MAX_WAIT_SECONDS = 20;

/**
 * The queue that QueueUrl names. Only the end of the URL counts: the server's port changes from run to run.
 * @throws AwsError MissingParameter, QueueDoesNotExist
 */
export function requestedQueue(queues: Queues, input: JsonObject): Queue {
  return queues.get(parameter(input, 'QueueUrl').split('/').at(-1) ?? '');
}

/**
 * A text parameter that must be there.
 * @throws AwsError MissingParameter
 */
export function parameter(input: JsonObject, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined) {
    throw sqsError('MissingParameter', `The request must contain the parameter ${name}.`);
  }
  return value;
}

/**
 * An integer parameter between the bounds, or undefined when absent.
 * @throws AwsError InvalidParameterValue
 */
export function integerParameter(
  input: JsonObject,
  name: string,
  minimum: number,
  maximum: number,
): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum || value > maximum) {
    throw invalidParameter(name, value, `Must be between ${minimum} and ${maximum}, if provided`);
  }
  return value;
}

/** What a batch operation answers: the entries that were done and those that failed. */
export interface BatchResult {
  readonly Successful: readonly unknown[];
  readonly Failed: readonly unknown[];
}

/**
 * Carries a batch out entry by entry; one entry's error fails only that entry.
 * @param carryOut answers the members of the entry's result besides its Id
 * @throws AwsError when the batch as a whole is refused
 */
export function batch(input: JsonObject, carryOut: (entry: JsonObject) => object): BatchResult {
  const entries = objectList(input, 'Entries');
  if (entries.length === 0) {
    throw batchError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > SQS_BATCH_COUNT) {
    throw batchError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${SQS_BATCH_COUNT}. You have sent ${entries.length}.`,
    );
  }
  const ids = entries.map((entry) => parameter(entry, 'Id'));
  for (const [i, id] of ids.entries()) {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(id)) {
      throw batchError(
        'InvalidBatchEntryId',
        `Id "${id}" can only hold alphanumeric characters, hyphens and underscores, at most 80.`,
      );
    }
    if (ids.indexOf(id) !== i) throw batchError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
  }
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const [i, entry] of entries.entries()) {
    const Id = ids[i];
    try {
      Successful.push({ Id, ...carryOut(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

export function batchError(code: string, message: string): AwsError {
  return sqsError(code, message, `AWS.SimpleQueueService.${code}`);
}
