-- What the audit compares, and what it found.

-- Rows of every load by the hour Kinesis accepted them in and by site; written in the transaction of the load.
CREATE TABLE ops.load_counts (
  batch_id VARCHAR(36) NOT NULL,
  arrived_hour TIMESTAMP NOT NULL,
  site_id VARCHAR(64) NOT NULL,
  rows_staged BIGINT NOT NULL,
  rows_new BIGINT NOT NULL
)
DISTSTYLE EVEN
SORTKEY (arrived_hour);

-- One row an hour and site, that of the last audit. Always
-- accepted = loaded + not_loaded + quarantined + difference, and loaded = rows_new + duplicates.
CREATE TABLE ops.audits (
  arrived_hour TIMESTAMP NOT NULL,
  site_id VARCHAR(64) NOT NULL,
  accepted BIGINT NOT NULL,
  rejected BIGINT NOT NULL,
  loaded BIGINT NOT NULL,
  rows_new BIGINT NOT NULL,
  duplicates BIGINT NOT NULL,
  not_loaded BIGINT NOT NULL,
  quarantined BIGINT NOT NULL,
  difference BIGINT NOT NULL,
  -- Why they differ, or NULL.
  explanation VARCHAR(1024),
  audited_at TIMESTAMP NOT NULL
)
DISTSTYLE ALL
SORTKEY (arrived_hour);

-- Signs in with temporary credentials only, as the loader does.
CREATE USER auditor PASSWORD DISABLE;
GRANT USAGE ON SCHEMA ops TO auditor;
GRANT SELECT ON ops.load_batches TO auditor;
GRANT SELECT ON ops.load_files TO auditor;
GRANT SELECT ON ops.load_counts TO auditor;
GRANT SELECT ON ops.quarantined_objects TO auditor;
GRANT SELECT, INSERT, DELETE ON ops.audits TO auditor;
GRANT INSERT ON ops.load_counts TO loader;

-- Is everything that was produced in the warehouse? For analysts, by hour and site.
CREATE VIEW analysis.completeness AS
SELECT
  arrived_hour,
  site_id,
  accepted,
  rejected,
  loaded,
  rows_new,
  duplicates,
  not_loaded,
  quarantined,
  difference,
  explanation,
  audited_at
FROM ops.audits;

GRANT SELECT ON analysis.completeness TO ROLE analyst;
