-- What analysts read.
-- Views bound to their tables: a migration that would break one fails, rather than the analyst's next query.
-- They run with the rights of their owner, so analysts need none on `landing` and `ops`.

CREATE VIEW analysis.events AS
SELECT
  event_id,
  event_name,
  site_id,
  platform,
  occurred_at,
  sent_at,
  received_at,
  arrived_at,
  event_time,
  event_time_source,
  clock_skew_millis,
  is_clock_suspect,
  received_hour,
  visitor_id,
  user_id,
  session_id,
  session_number,
  page_url,
  page_scheme,
  page_host,
  page_path,
  page_query,
  page_fragment,
  page_title,
  referrer_url,
  referrer_host,
  referrer_medium,
  referrer_source,
  referrer_term,
  utm_source,
  utm_medium,
  utm_campaign,
  utm_term,
  utm_content,
  click_id,
  click_network,
  user_agent,
  browser,
  browser_version,
  os,
  os_version,
  device_class,
  is_bot,
  language,
  time_zone,
  screen_width,
  screen_height,
  viewport_width,
  viewport_height,
  ip_truncated,
  country,
  consent,
  event_value,
  currency,
  properties,
  items,
  tracker_name,
  tracker_version,
  schema_version,
  source,
  stream_shard_id,
  stream_sequence_number
FROM landing.events;

-- How fresh and how complete the events are.
CREATE VIEW analysis.load_batches AS
SELECT
  batch_id,
  started_at,
  loaded_at,
  object_count,
  bytes,
  rows_expected,
  rows_staged,
  rows_new,
  rows_duplicate
FROM ops.load_batches;

-- Default privileges name the user who creates; said outright, the grants hold whoever that is.
GRANT SELECT ON analysis.events TO ROLE analyst;
GRANT SELECT ON analysis.load_batches TO ROLE analyst;
