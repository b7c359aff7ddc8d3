/** A seam through which tests and drills make the loopback servers fail the way AWS and networks do. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsError } from './awsError';

/** What goes wrong with one request. The parts combine: a delay comes first. */
export interface Fault {
  /** Wait so long before anything else. */
  readonly delayMillis?: number;
  /** Answer this and do not carry the operation out. */
  readonly error?: AwsError;
  /**
   * Cut the connection without an answer: `before` the operation is carried out, or `after`, so that it has
   * happened and the client cannot know.
   */
  readonly disconnect?: 'before' | 'after';
}

/** Decides about the fault of each request. */
export interface FaultHook {
  /**
   * Called before each operation.
   * @param operation AWS's name of it, such as PutRecords
   * @param input what the client asked: the JSON members, or for S3 the bucket, key and query
   */
  beforeOperation(operation: string, input: unknown): Fault | undefined | Promise<Fault | undefined>;
}

/** Thrown to make the HTTP layer cut the connection instead of answering. */
export class Disconnected extends Error {
  override readonly name = 'Disconnected';
}

/**
 * Carries an operation out under the hook's fault, if it has one.
 * @throws AwsError or Disconnected as the fault says, else whatever the operation throws
 */
export async function withFaults<T>(
  hook: FaultHook | undefined,
  operation: string,
  input: unknown,
  carryOut: () => T | Promise<T>,
): Promise<T> {
  const fault = await hook?.beforeOperation(operation, input);
  if (!fault) return carryOut();
  if (fault.delayMillis) await sleep(fault.delayMillis);
  if (fault.error) throw fault.error;
  if (fault.disconnect === 'before') throw new Disconnected(`${operation} was cut off before it was done`);
  const result = await carryOut();
  if (fault.disconnect === 'after') throw new Disconnected(`${operation} was cut off after it was done`);
  return result;
}
