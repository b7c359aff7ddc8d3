-- How many visitors take steps one after another, and where the others stop.
-- The block `steps` is repeated for each step, `later_steps` for all but the first. A step is the visitor's first event
-- that fits, at or after the step before and not itself one of the steps before: no event counts twice, and two steps
-- may fall on the same millisecond. Only a visitor's first entrance counts. All joins are by visitor, the distribution
-- key.
WITH matching AS (
  SELECT
    e.site_id, e.visitor_id, e.is_bot, e.event_id, e.event_time
--[ steps
    , CASE WHEN {condition} THEN TRUE ELSE FALSE END AS is_step_{step}
--]
  FROM analysis.events e
  WHERE e.visitor_id IS NOT NULL
    AND {event_filter}
    AND {is_any_step}
), entrances AS (
  SELECT
    m.site_id, m.visitor_id, m.is_bot, m.event_id, m.event_time,
    ROW_NUMBER() OVER (PARTITION BY m.site_id, m.visitor_id ORDER BY m.event_time, m.event_id) AS entrance
  FROM matching m
  WHERE m.is_step_1
    AND {period}
), visits AS (
  -- Two sessions hold the moment of the entrance when one begins in the millisecond the other ends in: the later counts.
  SELECT
    n.site_id, n.visitor_id, n.event_id AS event_id_1, n.event_time AS time_1,
    {dimension} AS dimension,
    CASE WHEN {visit_filter} THEN TRUE ELSE FALSE END AS is_chosen,
    ROW_NUMBER() OVER (PARTITION BY n.site_id, n.visitor_id ORDER BY s.started_at DESC, s.session_key) AS visit
  FROM entrances n
  LEFT JOIN {sessions} s
    ON s.site_id = n.site_id
    AND s.visitor_id = n.visitor_id
    AND s.is_bot = n.is_bot
    AND n.event_time BETWEEN s.started_at AND s.ended_at
  WHERE n.entrance = 1
), step_1 AS (
  SELECT site_id, visitor_id, dimension, event_id_1, time_1, time_1 AS time_0
  FROM visits
  WHERE visit = 1
    AND is_chosen
--[ later_steps
), candidates_{step} AS (
  SELECT
    p.*, m.event_id AS event_id_{step}, m.event_time AS time_{step},
    ROW_NUMBER() OVER (PARTITION BY p.site_id, p.visitor_id ORDER BY m.event_time, m.event_id) AS candidate_{step}
  FROM step_{previous} p
  JOIN matching m
    ON m.site_id = p.site_id
    AND m.visitor_id = p.visitor_id
  WHERE m.is_step_{step}
    AND m.event_time >= p.time_{previous}
    AND m.event_time <= DATEADD(second, {within_seconds}, p.time_1)
    AND m.event_id NOT IN ({earlier_event_ids})
), step_{step} AS (
  SELECT * FROM candidates_{step} WHERE candidate_{step} = 1
--]
), reached AS (
--[ steps
  {union}SELECT
    f.dimension, {step} AS step, {label} AS step_name, COUNT(*) AS entered, COUNT(k.visitor_id) AS visitors,
    MEDIAN(DATEDIFF(millisecond, k.time_{previous}, k.time_{step})) AS median_millis
  FROM step_1 f
  LEFT JOIN step_{step} k
    ON k.site_id = f.site_id
    AND k.visitor_id = f.visitor_id
  GROUP BY f.dimension
--]
), ranked AS (
  SELECT
    r.*,
    LAG(r.visitors) OVER (PARTITION BY r.dimension ORDER BY r.step) AS visitors_before,
    DENSE_RANK() OVER (ORDER BY r.entered DESC, r.dimension) AS place
  FROM reached r
)
SELECT
  dimension,
  step,
  step_name,
  visitors,
  ROUND(100 * CAST(visitors AS DOUBLE PRECISION) / NULLIF(visitors_before, 0), 2) AS percent_of_previous,
  ROUND(100 * CAST(visitors AS DOUBLE PRECISION) / entered, 2) AS percent_of_first,
  CASE WHEN step > 1 THEN ROUND(CAST(median_millis AS DOUBLE PRECISION) / 1000, 1) END AS median_seconds
FROM ranked
WHERE place <= {limit}
ORDER BY place, step
