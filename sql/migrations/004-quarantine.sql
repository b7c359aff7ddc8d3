-- Objects that COPY refused and that were moved aside, so that they hold nobody up and nobody forgets them.

CREATE TABLE ops.quarantined_objects (
  -- Key the object had, and will have again when it is retried.
  object_key VARCHAR(1024) NOT NULL,
  quarantine_key VARCHAR(1024) NOT NULL,
  quarantined_at TIMESTAMP NOT NULL,
  -- Short name of what was wrong, and Redshift's or the loader's own words.
  reason VARCHAR(64) NOT NULL,
  detail VARCHAR(4096) NOT NULL,
  bytes BIGINT NOT NULL,
  -- NULL when the footer could not be read.
  rows_expected BIGINT,
  -- NULL while it lies in quarantine; then when it left, and how: retried or dropped.
  released_at TIMESTAMP,
  release VARCHAR(16)
)
DISTSTYLE ALL
SORTKEY (quarantined_at);

GRANT SELECT, INSERT, UPDATE ON ops.quarantined_objects TO loader;
