-- Slices of events: see lambda/shared/eventSlices.ts.

-- One row a slice, written in the transaction that opens, closes or drops it.
CREATE TABLE ops.slices (
  -- Without its schema; the current one is `events`.
  slice_name VARCHAR(64) NOT NULL,
  opened_at TIMESTAMP NOT NULL,
  closed_at TIMESTAMP,
  dropped_at TIMESTAMP
)
DISTSTYLE ALL
SORTKEY (opened_at);

INSERT INTO ops.slices (slice_name, opened_at) SELECT 'events', GETDATE();

GRANT SELECT ON landing.all_events TO loader;
GRANT SELECT ON landing.all_events TO modeler;

-- Whom workload management puts first: see lib/warehouse/workload.ts.
CREATE GROUP pipeline;
ALTER GROUP pipeline ADD USER loader, auditor, modeler;

-- Events by the hour they arrived in, by site: what came in today, without a look at the events. Materialized, because
-- here it pays: the ledger is only ever added to, and sums by group are refreshed from what was added. (The models are
-- tables kept by a step of their own: sessions are no sum.)
CREATE MATERIALIZED VIEW analysis.arrivals
AUTO REFRESH YES
AS
SELECT site_id, arrived_hour, SUM(rows_new) AS event_count, SUM(rows_staged) AS row_count
FROM ops.load_counts
GROUP BY site_id, arrived_hour;

GRANT SELECT ON analysis.arrivals TO ROLE analyst;
