-- Adds the new events to their days. Each load is followed once, so adding is exact.

CREATE TEMP TABLE model_daily (LIKE models.events_daily);

INSERT INTO model_daily
SELECT
  e.site_id,
  CAST(e.model_time AS DATE),
  e.event_name,
  e.is_bot,
  COUNT(*),
  NVL(SUM(e.amount), 0),
  HLL_CREATE_SKETCH(e.visitor_id)
FROM model_events e
WHERE e.is_new
GROUP BY e.site_id, CAST(e.model_time AS DATE), e.event_name, e.is_bot;

INSERT INTO model_daily
SELECT d.site_id, d.event_date, d.event_name, d.is_bot, d.event_count, d.event_value, d.visitors
FROM models.events_daily d
JOIN (SELECT DISTINCT site_id, event_date, event_name, is_bot FROM model_daily) t
  ON t.site_id = d.site_id AND t.event_date = d.event_date AND t.event_name = d.event_name AND t.is_bot = d.is_bot
WHERE {days(d.event_date)};

DELETE FROM models.events_daily
USING model_daily t
WHERE events_daily.site_id = t.site_id AND events_daily.event_date = t.event_date
  AND events_daily.event_name = t.event_name AND events_daily.is_bot = t.is_bot
  AND {days(events_daily.event_date)};

INSERT INTO models.events_daily
SELECT site_id, event_date, event_name, is_bot, SUM(event_count), SUM(event_value), HLL_COMBINE(visitors)
FROM model_daily
GROUP BY site_id, event_date, event_name, is_bot;
