-- Begins a run: nobody else may change the models, and nobody must have since the run was planned.

LOCK ops.model_lock;

-- Takes no NULL, so the run fails when another one has come in between.
CREATE TEMP TABLE model_guard (is_unchanged BOOLEAN NOT NULL);

INSERT INTO model_guard
SELECT CASE WHEN COUNT(*) = {run_count} THEN TRUE END FROM ops.model_runs;

-- The events the run works on: all new ones, and those of the chains that new ones touch.
CREATE TEMP TABLE model_events (
  is_new BOOLEAN NOT NULL,
  site_id VARCHAR(64) NOT NULL,
  visitor_id VARCHAR(128),
  is_bot BOOLEAN NOT NULL,
  model_time TIMESTAMP NOT NULL,
  received_at TIMESTAMP NOT NULL,
  event_id VARCHAR(64) NOT NULL,
  event_name VARCHAR(128) NOT NULL,
  user_id VARCHAR(128),
  page_host VARCHAR(255),
  page_path VARCHAR(2048),
  page_title VARCHAR(1024),
  referrer_host VARCHAR(255),
  referrer_medium VARCHAR(16),
  referrer_source VARCHAR(64),
  referrer_term VARCHAR(512),
  utm_source VARCHAR(255),
  utm_medium VARCHAR(255),
  utm_campaign VARCHAR(255),
  utm_term VARCHAR(255),
  utm_content VARCHAR(255),
  click_network VARCHAR(32),
  campaign_key VARCHAR(1312),
  browser VARCHAR(64),
  os VARCHAR(64),
  device_class VARCHAR(16),
  language VARCHAR(35),
  country VARCHAR(2),
  amount DECIMAL(18, 4),
  currency VARCHAR(3),
  scroll_percent INTEGER
)
DISTKEY (visitor_id);
