-- Of the visitors first seen in a day or week, how many are back so many days or weeks later.
-- A visitor's first session chooses the cohort, and the filters are about it; later sessions count whatever they are
-- like. Days are those of the site's time zone, weeks begin on Monday. All joins are by visitor, the distribution key.
WITH newcomers AS (
  SELECT s.site_id, s.visitor_id, s.is_bot, CAST(DATE_TRUNC('{every}', s.local_date) AS DATE) AS cohort
  FROM {sessions} s
  JOIN {visitors} v
    ON v.site_id = s.site_id
    AND v.visitor_id = s.visitor_id
    AND v.first_session_key = s.session_key
  WHERE {first_visit_filter}
), cohorts AS (
  SELECT cohort, COUNT(*) AS cohort_visitors
  FROM newcomers
  GROUP BY cohort
), presences AS (
  SELECT DISTINCT
    n.site_id, n.visitor_id, n.is_bot, n.cohort, CAST(DATE_TRUNC('{every}', s.local_date) AS DATE) AS period
  FROM newcomers n
  JOIN {sessions} s
    ON s.site_id = n.site_id
    AND s.visitor_id = n.visitor_id
    AND s.is_bot = n.is_bot
  WHERE {later_visit_filter}
), returns AS (
  SELECT cohort, period, COUNT(*) AS visitors
  FROM presences
  GROUP BY cohort, period
), digits AS (
  SELECT 0 AS digit UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
  UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9
), ages AS (
  SELECT 10 * tens.digit + ones.digit AS age
  FROM digits tens
  CROSS JOIN digits ones
), last_day AS (
  SELECT MAX(s.local_date) AS last_date
  FROM {sessions} s
  WHERE {later_visit_filter}
), cells AS (
  SELECT c.cohort, c.cohort_visitors, a.age, CAST(DATEADD(day, a.age * {days}, c.cohort) AS DATE) AS period
  FROM cohorts c
  CROSS JOIN ages a
  WHERE a.age < {periods}
)
SELECT
  c.cohort,
  c.cohort_visitors,
  c.age,
  NVL(r.visitors, 0) AS visitors,
  ROUND(100 * CAST(NVL(r.visitors, 0) AS DOUBLE PRECISION) / c.cohort_visitors, 2) AS percent_back,
  CASE WHEN DATEADD(day, {days}, c.period) <= l.last_date THEN TRUE ELSE FALSE END AS is_complete
FROM cells c
CROSS JOIN last_day l
LEFT JOIN returns r
  ON r.cohort = c.cohort
  AND r.period = c.period
WHERE c.period <= l.last_date
ORDER BY c.cohort, c.age
