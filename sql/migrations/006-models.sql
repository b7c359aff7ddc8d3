-- The models: page views, sessions, visitors and daily figures, kept by a step after each load (docs/models.md).
-- The tables hold bots, too; the views analysts read leave them out, and those named ..._with_bots do not.
-- What the columns mean: sql/models/comments.sql.

-- One row a run that had loads to follow.
CREATE TABLE ops.model_runs (
  run_id VARCHAR(36) NOT NULL,
  started_at TIMESTAMP NOT NULL,
  finished_at TIMESTAMP NOT NULL,
  batch_count INTEGER NOT NULL,
  rows_new BIGINT NOT NULL,
  rows_read BIGINT NOT NULL,
  sessions_replaced BIGINT NOT NULL,
  sessions_written BIGINT NOT NULL,
  -- Checksum of the settings it ran with.
  settings VARCHAR(64) NOT NULL
)
DISTSTYLE ALL
SORTKEY (finished_at);

-- The loads the models have followed: a load is due when it has no row here.
CREATE TABLE ops.model_batches (
  batch_id VARCHAR(36) NOT NULL,
  run_id VARCHAR(36) NOT NULL
)
DISTSTYLE ALL
SORTKEY (batch_id);

-- Never holds a row. Every run locks it first; so must whoever else changes the models.
CREATE TABLE ops.model_lock (
  note VARCHAR(1)
)
DISTSTYLE ALL;

CREATE SCHEMA models;

CREATE TABLE models.page_views (
  site_id VARCHAR(64) NOT NULL,
  visitor_id VARCHAR(128) NOT NULL,
  session_key VARCHAR(64) NOT NULL,
  event_id VARCHAR(64) NOT NULL,
  viewed_at TIMESTAMP NOT NULL,
  local_date DATE NOT NULL,
  view_number INTEGER NOT NULL,
  is_entry BOOLEAN NOT NULL,
  is_exit BOOLEAN NOT NULL,
  page_host VARCHAR(255),
  page_path VARCHAR(2048),
  page_title VARCHAR(1024),
  previous_page_path VARCHAR(2048),
  next_page_path VARCHAR(2048),
  engaged_seconds INTEGER NOT NULL,
  scroll_percent INTEGER,
  channel VARCHAR(32) NOT NULL,
  device_class VARCHAR(16),
  country VARCHAR(2),
  user_id VARCHAR(128),
  is_bot BOOLEAN NOT NULL
)
DISTKEY (visitor_id)
SORTKEY (viewed_at);

CREATE TABLE models.sessions (
  site_id VARCHAR(64) NOT NULL,
  visitor_id VARCHAR(128) NOT NULL,
  session_key VARCHAR(64) NOT NULL,
  user_id VARCHAR(128),
  user_seen_at TIMESTAMP,
  started_at TIMESTAMP NOT NULL,
  ended_at TIMESTAMP NOT NULL,
  local_date DATE NOT NULL,
  landing_page_host VARCHAR(255),
  landing_page_path VARCHAR(2048),
  exit_page_path VARCHAR(2048),
  channel VARCHAR(32) NOT NULL,
  source VARCHAR(255),
  medium VARCHAR(255),
  campaign VARCHAR(255),
  term VARCHAR(512),
  content VARCHAR(255),
  referrer_host VARCHAR(255),
  device_class VARCHAR(16),
  browser VARCHAR(64),
  os VARCHAR(64),
  country VARCHAR(2),
  language VARCHAR(35),
  event_count INTEGER NOT NULL,
  page_view_count INTEGER NOT NULL,
  engaged_seconds INTEGER NOT NULL,
  is_bounce BOOLEAN NOT NULL,
  is_engaged BOOLEAN NOT NULL,
  add_to_cart_count INTEGER NOT NULL,
  purchase_count INTEGER NOT NULL,
  conversion_count INTEGER NOT NULL,
  revenue DECIMAL(24, 4) NOT NULL,
  currency VARCHAR(3),
  is_bot BOOLEAN NOT NULL,
  -- The run of events without a pause this session is part of: what one new event can change. Not in the views.
  chain_started_at TIMESTAMP NOT NULL,
  chain_ended_at TIMESTAMP NOT NULL,
  chain_received_from TIMESTAMP NOT NULL,
  chain_received_to TIMESTAMP NOT NULL
)
DISTKEY (visitor_id)
SORTKEY (started_at);

CREATE TABLE models.visitors (
  site_id VARCHAR(64) NOT NULL,
  visitor_id VARCHAR(128) NOT NULL,
  user_id VARCHAR(128),
  user_seen_at TIMESTAMP,
  first_seen_at TIMESTAMP NOT NULL,
  last_seen_at TIMESTAMP NOT NULL,
  first_session_key VARCHAR(64) NOT NULL,
  first_landing_page_path VARCHAR(2048),
  first_channel VARCHAR(32) NOT NULL,
  first_source VARCHAR(255),
  first_medium VARCHAR(255),
  first_campaign VARCHAR(255),
  first_referrer_host VARCHAR(255),
  session_count BIGINT NOT NULL,
  page_view_count BIGINT NOT NULL,
  conversion_count BIGINT NOT NULL,
  purchase_count BIGINT NOT NULL,
  revenue DECIMAL(24, 4) NOT NULL,
  is_bot BOOLEAN NOT NULL
)
DISTKEY (visitor_id)
SORTKEY (visitor_id);

CREATE TABLE models.events_daily (
  site_id VARCHAR(64) NOT NULL,
  event_date DATE NOT NULL,
  event_name VARCHAR(128) NOT NULL,
  is_bot BOOLEAN NOT NULL,
  event_count BIGINT NOT NULL,
  event_value DECIMAL(24, 4) NOT NULL,
  -- NULL when none of the events has a visitor.
  visitors HLLSKETCH
)
DISTKEY (event_name)
SORTKEY (event_date);

-- Kept by the hour, so that a run mends hours and not days; the view adds the hours up.
CREATE TABLE models.site_traffic_hours (
  site_id VARCHAR(64) NOT NULL,
  started_hour TIMESTAMP NOT NULL,
  local_date DATE NOT NULL,
  channel VARCHAR(32) NOT NULL,
  device_class VARCHAR(16) NOT NULL,
  country VARCHAR(2) NOT NULL,
  is_bot BOOLEAN NOT NULL,
  session_count BIGINT NOT NULL,
  page_view_count BIGINT NOT NULL,
  bounce_count BIGINT NOT NULL,
  engaged_count BIGINT NOT NULL,
  engaged_seconds BIGINT NOT NULL,
  conversion_count BIGINT NOT NULL,
  purchase_count BIGINT NOT NULL,
  revenue DECIMAL(24, 4) NOT NULL,
  visitors HLLSKETCH NOT NULL
)
DISTSTYLE EVEN
SORTKEY (started_hour);

CREATE VIEW analysis.page_views_with_bots AS
SELECT
  site_id, visitor_id, session_key, event_id, viewed_at, local_date, view_number, is_entry, is_exit, page_host,
  page_path, page_title, previous_page_path, next_page_path, engaged_seconds, scroll_percent, channel, device_class,
  country, user_id, is_bot
FROM models.page_views;

CREATE VIEW analysis.page_views AS
SELECT * FROM analysis.page_views_with_bots WHERE NOT is_bot;

CREATE VIEW analysis.sessions_with_bots AS
SELECT
  site_id, visitor_id, session_key, user_id, user_seen_at, started_at, ended_at, local_date, landing_page_host,
  landing_page_path, exit_page_path, channel, source, medium, campaign, term, content, referrer_host, device_class,
  browser, os, country, language, event_count, page_view_count, engaged_seconds, is_bounce, is_engaged,
  add_to_cart_count, purchase_count, conversion_count, revenue, currency, is_bot
FROM models.sessions;

CREATE VIEW analysis.sessions AS
SELECT * FROM analysis.sessions_with_bots WHERE NOT is_bot;

CREATE VIEW analysis.visitors_with_bots AS
SELECT
  site_id, visitor_id, user_id, user_seen_at, first_seen_at, last_seen_at, first_session_key, first_landing_page_path,
  first_channel, first_source, first_medium, first_campaign, first_referrer_host, session_count, page_view_count,
  conversion_count, purchase_count, revenue, is_bot
FROM models.visitors;

CREATE VIEW analysis.visitors AS
SELECT * FROM analysis.visitors_with_bots WHERE NOT is_bot;

CREATE VIEW analysis.events_daily_with_bots AS
SELECT site_id, event_date, event_name, is_bot, event_count, event_value, visitors
FROM models.events_daily;

CREATE VIEW analysis.events_daily AS
SELECT * FROM analysis.events_daily_with_bots WHERE NOT is_bot;

CREATE VIEW analysis.site_traffic_with_bots AS
SELECT
  site_id,
  local_date,
  channel,
  device_class,
  country,
  is_bot,
  CAST(SUM(session_count) AS BIGINT) AS session_count,
  CAST(SUM(page_view_count) AS BIGINT) AS page_view_count,
  CAST(SUM(bounce_count) AS BIGINT) AS bounce_count,
  CAST(SUM(engaged_count) AS BIGINT) AS engaged_count,
  CAST(SUM(engaged_seconds) AS BIGINT) AS engaged_seconds,
  CAST(SUM(conversion_count) AS BIGINT) AS conversion_count,
  CAST(SUM(purchase_count) AS BIGINT) AS purchase_count,
  CAST(SUM(revenue) AS DECIMAL(24, 4)) AS revenue,
  HLL_COMBINE(visitors) AS visitors
FROM models.site_traffic_hours
GROUP BY site_id, local_date, channel, device_class, country, is_bot;

CREATE VIEW analysis.site_traffic AS
SELECT * FROM analysis.site_traffic_with_bots WHERE NOT is_bot;

-- Signs in with temporary credentials only, as the loader does.
CREATE USER modeler PASSWORD DISABLE;
-- It may read landing.all_events once that is there: 008-upkeep.sql.
GRANT USAGE ON SCHEMA landing TO modeler;
GRANT USAGE ON SCHEMA ops TO modeler;
GRANT USAGE ON SCHEMA models TO modeler;
GRANT SELECT ON ops.load_batches TO modeler;
GRANT SELECT ON ops.load_files TO modeler;
GRANT SELECT, INSERT ON ops.model_runs TO modeler;
GRANT SELECT, INSERT, DELETE ON ops.model_batches TO modeler;
-- As with ops.load_lock.
GRANT SELECT, UPDATE, DELETE ON ops.model_lock TO modeler;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA models TO modeler;

GRANT SELECT ON ALL TABLES IN SCHEMA analysis TO ROLE analyst;
