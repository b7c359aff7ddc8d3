/** Times of the loading stage that more than one resource must agree on. */
import { Duration } from 'aws-cdk-lib';

/** The loader follows its statement for as long as Lambda allows. */
export const LOADER_TIMEOUT = Duration.minutes(15);

/** Messages stay hidden longer than the loader can run, so no other loader sees them meanwhile. */
export const OBJECT_VISIBILITY_TIMEOUT = Duration.minutes(20);
