-- Makes the hours anew in which sessions were taken away or added: sketches can be added to, but not taken from.

CREATE TEMP TABLE model_hours AS
SELECT DISTINCT site_id, DATE_TRUNC('hour', started_at) AS started_hour FROM model_sessions
UNION
SELECT DISTINCT site_id, DATE_TRUNC('hour', started_at) AS started_hour FROM model_old_sessions;

DELETE FROM models.site_traffic_hours
USING model_hours h
WHERE site_traffic_hours.site_id = h.site_id AND site_traffic_hours.started_hour = h.started_hour
  AND {run_windows(site_traffic_hours.started_hour)};

INSERT INTO models.site_traffic_hours
SELECT
  s.site_id,
  h.started_hour,
  s.local_date,
  s.channel,
  NVL(s.device_class, 'unknown'),
  NVL(s.country, 'ZZ'),
  s.is_bot,
  COUNT(*),
  SUM(s.page_view_count),
  SUM(CASE WHEN s.is_bounce THEN 1 ELSE 0 END),
  SUM(CASE WHEN s.is_engaged THEN 1 ELSE 0 END),
  SUM(s.engaged_seconds),
  SUM(s.conversion_count),
  SUM(s.purchase_count),
  SUM(s.revenue),
  HLL_CREATE_SKETCH(s.visitor_id)
FROM models.sessions s
JOIN model_hours h ON h.site_id = s.site_id AND h.started_hour = DATE_TRUNC('hour', s.started_at)
WHERE {run_windows(s.started_at)}
GROUP BY s.site_id, h.started_hour, s.local_date, s.channel, NVL(s.device_class, 'unknown'), NVL(s.country, 'ZZ'), s.is_bot;
