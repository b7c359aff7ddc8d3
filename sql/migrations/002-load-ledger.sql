-- The ledger that says what every load brought, and what a load may do.

-- One row a load, written in the transaction of the load.
CREATE TABLE ops.load_batches (
  batch_id VARCHAR(36) NOT NULL,
  started_at TIMESTAMP NOT NULL,
  loaded_at TIMESTAMP NOT NULL,
  object_count INTEGER NOT NULL,
  bytes BIGINT NOT NULL,
  rows_expected BIGINT NOT NULL,
  rows_staged BIGINT NOT NULL,
  rows_new BIGINT NOT NULL,
  rows_duplicate BIGINT NOT NULL,
  window_from TIMESTAMP,
  window_to TIMESTAMP,
  manifest_key VARCHAR(1024) NOT NULL
)
DISTSTYLE ALL
SORTKEY (loaded_at);

-- One row a load and object. An object loaded again has a row for each load.
CREATE TABLE ops.load_files (
  batch_id VARCHAR(36) NOT NULL,
  object_key VARCHAR(1024) NOT NULL,
  object_created_at TIMESTAMP NOT NULL,
  bytes BIGINT NOT NULL,
  rows_expected BIGINT NOT NULL,
  received_from_hour INTEGER,
  received_to_hour INTEGER
)
DISTSTYLE EVEN
SORTKEY (object_created_at);

-- Never holds a row. Every load locks it first, so that loads run one after another and readers never wait.
CREATE TABLE ops.load_lock (
  note VARCHAR(1)
)
DISTSTYLE ALL;

GRANT SELECT, INSERT ON landing.events TO loader;
GRANT SELECT, INSERT ON ops.load_batches TO loader;
GRANT INSERT ON ops.load_files TO loader;
-- LOCK takes an exclusive lock, which asks for the right to change the table; there is nothing in it to change.
GRANT SELECT, UPDATE, DELETE ON ops.load_lock TO loader;
