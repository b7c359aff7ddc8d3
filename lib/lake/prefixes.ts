/** Firehose's prefix expressions for what it writes into the lake. */
import {
  ERRORS_PREFIX,
  EVENTS_PREFIX,
  HOURLY_PARTITION_EXPRESSION,
  REJECTED_PREFIX,
} from '../contract/lakeLayout';

/** Parquet objects with events. */
export const EVENTS_OUTPUT_PREFIX = `${EVENTS_PREFIX}${HOURLY_PARTITION_EXPRESSION}`;
/** Records of the event stream that could not be transformed, converted or delivered. */
export const EVENTS_ERROR_PREFIX = `${ERRORS_PREFIX}!{firehose:error-output-type}/${HOURLY_PARTITION_EXPRESSION}`;
/** Rejected events. */
export const REJECTED_OUTPUT_PREFIX = `${REJECTED_PREFIX}${HOURLY_PARTITION_EXPRESSION}`;
/** Rejected events that could not be delivered. */
export const REJECTED_ERROR_PREFIX = `${ERRORS_PREFIX}rejected-!{firehose:error-output-type}/${HOURLY_PARTITION_EXPRESSION}`;
