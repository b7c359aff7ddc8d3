-- Which visits earned the purchases, by a rule that shares each purchase out among the sessions before it.
-- The shares of a purchase add up to one; a purchase without a session before it goes to (no session). All joins are by
-- visitor, the distribution key.
WITH purchases AS (
  SELECT e.site_id, e.visitor_id, e.is_bot, e.event_id, e.event_time,
    -- As in the models: what is more is an error.
    NVL(CASE WHEN ABS(e.event_value) < 1000000000000 THEN e.event_value END, 0) AS amount, e.currency
  FROM analysis.events e
  WHERE {purchase}
    AND {filter}
), touches AS (
  -- The session of the purchase is a touch however long ago it began.
  SELECT
    p.visitor_id, p.event_id, p.amount, p.currency,
    CASE WHEN s.session_key IS NULL THEN '(no session)' ELSE {dimension} END AS touch,
    NVL(DATEDIFF(second, s.started_at, p.event_time), 0) AS age_seconds,
    ROW_NUMBER() OVER (PARTITION BY p.visitor_id, p.event_id ORDER BY s.started_at, s.session_key) AS place,
    COUNT(*) OVER (PARTITION BY p.visitor_id, p.event_id) AS places
  FROM purchases p
  LEFT JOIN {sessions} s
    ON s.site_id = p.site_id
    AND s.visitor_id = p.visitor_id
    AND s.is_bot = p.is_bot
    AND s.started_at <= p.event_time
    AND (s.started_at >= DATEADD(second, -{window_seconds}, p.event_time) OR s.ended_at >= p.event_time)
), weighed AS (
  SELECT t.*, CAST({weight} AS DOUBLE PRECISION) AS weight
  FROM (
    SELECT a.*, MIN(a.age_seconds) OVER (PARTITION BY a.visitor_id, a.event_id) AS least_age_seconds
    FROM touches a
  ) t
), shares AS (
  SELECT w.*, w.weight / SUM(w.weight) OVER (PARTITION BY w.visitor_id, w.event_id) AS share
  FROM weighed w
)
SELECT
  touch,
  currency,
  ROUND(SUM(share), 4) AS purchases,
  ROUND(SUM(share * amount), 2) AS revenue,
  ROUND(100 * RATIO_TO_REPORT(SUM(share)) OVER (), 2) AS percent_of_purchases
FROM shares
GROUP BY touch, currency
ORDER BY purchases DESC, touch, currency
LIMIT {limit}
