/** Units of time in milliseconds, and how often the function runs. */

export const MINUTE_MILLIS = 60_000;
export const HOUR_MILLIS = 60 * MINUTE_MILLIS;
export const DAY_MILLIS = 24 * HOUR_MILLIS;

/** CloudWatch measures streams by the minute: looking more often would see nothing new. */
export const RUN_INTERVAL_MINUTES = 1;
