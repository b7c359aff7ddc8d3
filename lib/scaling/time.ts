/** How often the function runs. */

/** CloudWatch measures streams by the minute: looking more often would see nothing new. */
export const RUN_INTERVAL_MINUTES = 1;
