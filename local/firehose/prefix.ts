/** Evaluates Firehose's prefix expressions and names objects. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { DeliveryStreamDefinition } from '../template/definitions';
import { formatJavaDate } from './javaDateFormat';
import type { ErrorOutputType } from './records';

/** Firehose puts this after a prefix that holds no timestamp expression. */
const IMPLICIT_TIMESTAMP = 'yyyy/MM/dd/HH/';

const EXPRESSION = /!\{([^:}]*):([^}]*)\}/g;

/**
 * Evaluates a prefix.
 * @param millis the time `!{timestamp:...}` shows: arrival of the oldest record in the object
 * @param errorType what `!{firehose:error-output-type}` shows; undefined where it is not allowed
 * @throws Error for an expression that is unknown or not allowed there
 */
export function evaluatePrefix(
  prefix: string,
  millis: number,
  timeZone = 'UTC',
  errorType?: ErrorOutputType,
): string {
  let hasTimestamp = false;
  const evaluated = prefix.replace(EXPRESSION, (expression: string, namespace: string, value: string) => {
    if (namespace === 'timestamp') {
      hasTimestamp = true;
      return formatJavaDate(value, millis, timeZone);
    }
    if (namespace === 'firehose' && value === 'random-string') return randomString();
    if (namespace === 'firehose' && value === 'error-output-type' && errorType !== undefined)
      return errorType;
    throw new Error(
      `Prefix "${prefix}": the expression ${expression} is not understood, or not allowed here`,
    );
  });
  if (evaluated.includes('!{')) throw new Error(`Prefix "${prefix}" has an expression that is not closed`);
  const implicit = hasTimestamp || (errorType !== undefined && prefix.includes('!{'));
  return implicit ? evaluated : `${evaluated}${formatJavaDate(IMPLICIT_TIMESTAMP, millis, timeZone)}`;
}

/** A delivery stream is at version 1 until its destination is changed. */
const VERSION = 1;

/**
 * The key of a new object.
 * @param oldestArrivalMillis arrival of the oldest record in it
 * @param errorType for an object with failed records
 */
export function objectKey(
  stream: DeliveryStreamDefinition,
  oldestArrivalMillis: number,
  errorType?: ErrorOutputType,
): string {
  const expression = errorType === undefined ? stream.prefix : stream.errorPrefix;
  const prefix = evaluatePrefix(expression, oldestArrivalMillis, stream.timeZone, errorType);
  const time = formatJavaDate('yyyy-MM-dd-HH-mm-ss', oldestArrivalMillis, stream.timeZone);
  const extension = errorType === undefined ? fileExtension(stream) : '';
  return `${prefix}${stream.name}-${VERSION}-${time}-${randomUUID()}${extension}`;
}

function fileExtension({ fileExtension, conversion, compression }: DeliveryStreamDefinition): string {
  if (fileExtension !== undefined) return fileExtension;
  if (conversion !== undefined) return '.parquet';
  return compression === 'GZIP' ? '.gz' : '';
}

function randomString(): string {
  // Eleven letters and digits, as the service's are.
  return randomBytes(16).toString('base64url').replace(/[-_]/g, '0').slice(0, 11);
}
