-- Events as they were loaded, each once, and the ledger that says what every load brought.

-- The columns of an event in the order of the Parquet files (lib/event), then what only the warehouse knows.
CREATE TABLE landing.events (
  event_id VARCHAR(64) NOT NULL,
  event_name VARCHAR(128) NOT NULL,
  site_id VARCHAR(64) NOT NULL,
  platform VARCHAR(16),
  occurred_at TIMESTAMP,
  sent_at TIMESTAMP,
  received_at TIMESTAMP NOT NULL,
  arrived_at TIMESTAMP NOT NULL,
  event_time TIMESTAMP NOT NULL,
  event_time_source VARCHAR(16) NOT NULL,
  clock_skew_millis BIGINT,
  is_clock_suspect BOOLEAN NOT NULL,
  received_hour INTEGER NOT NULL,
  visitor_id VARCHAR(128),
  user_id VARCHAR(128),
  session_id VARCHAR(128),
  session_number INTEGER,
  page_url VARCHAR(4096),
  page_scheme VARCHAR(16),
  page_host VARCHAR(255),
  page_path VARCHAR(2048),
  page_query VARCHAR(2048),
  page_fragment VARCHAR(1024),
  page_title VARCHAR(1024),
  referrer_url VARCHAR(4096),
  referrer_host VARCHAR(255),
  referrer_medium VARCHAR(16),
  referrer_source VARCHAR(64),
  referrer_term VARCHAR(512),
  utm_source VARCHAR(255),
  utm_medium VARCHAR(255),
  utm_campaign VARCHAR(255),
  utm_term VARCHAR(255),
  utm_content VARCHAR(255),
  click_id VARCHAR(512),
  click_network VARCHAR(32),
  user_agent VARCHAR(1024),
  browser VARCHAR(64),
  browser_version VARCHAR(32),
  os VARCHAR(64),
  os_version VARCHAR(32),
  device_class VARCHAR(16),
  is_bot BOOLEAN NOT NULL,
  language VARCHAR(35),
  time_zone VARCHAR(64),
  screen_width INTEGER,
  screen_height INTEGER,
  viewport_width INTEGER,
  viewport_height INTEGER,
  ip_truncated VARCHAR(43),
  country VARCHAR(2),
  consent VARCHAR(255),
  event_value DOUBLE PRECISION,
  currency VARCHAR(3),
  properties SUPER,
  items SUPER,
  tracker_name VARCHAR(64),
  tracker_version VARCHAR(32),
  schema_version VARCHAR(16),
  source VARCHAR(128),
  stream_shard_id VARCHAR(64),
  stream_sequence_number VARCHAR(64),
  load_batch_id VARCHAR(36) NOT NULL
)
DISTKEY (visitor_id)
SORTKEY (received_at);

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
