/** Firehose's prefix expressions for what it writes into the lake. */
import { ERRORS_PREFIX, EVENTS_PREFIX, HOURLY_PARTITION_EXPRESSION } from '../contract/lakeLayout';

/** Parquet objects with events. */
export const EVENTS_OUTPUT_PREFIX = `${EVENTS_PREFIX}${HOURLY_PARTITION_EXPRESSION}`;
/** Records of the event stream that could not be transformed, converted or delivered. */
export const EVENTS_ERROR_PREFIX = `${ERRORS_PREFIX}!{firehose:error-output-type}/${HOURLY_PARTITION_EXPRESSION}`;

/** JSON lines below a prefix such as "rejected/". */
export function lineOutputPrefix(prefix: string): string {
  return `${prefix}${HOURLY_PARTITION_EXPRESSION}`;
}

/** Such lines that could not be delivered: `errors/rejected-...`. */
export function lineErrorPrefix(prefix: string): string {
  const name = prefix.replace('/', '');
  return `${ERRORS_PREFIX}${name}-!{firehose:error-output-type}/${HOURLY_PARTITION_EXPRESSION}`;
}
