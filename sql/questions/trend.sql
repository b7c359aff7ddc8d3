-- How a number develops over time, with its moving average.
-- Weeks begin on Monday. From the first period with anything to the
-- last, none is left out: the cross join of digits counts up to 100,000 periods.
WITH measured AS (
  SELECT
    DATE_TRUNC('{every}', {time}) AS period,
    {currency} AS currency,
    {measure} AS value
  FROM {rows}
  WHERE {filter}
  GROUP BY 1, 2
), digits AS (
  SELECT 0 AS digit UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
  UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9
), numbers AS (
  SELECT 10000 * a.digit + 1000 * b.digit + 100 * c.digit + 10 * d.digit + e.digit AS number
  FROM digits a CROSS JOIN digits b CROSS JOIN digits c CROSS JOIN digits d CROSS JOIN digits e
), bounds AS (
  SELECT MIN(period) AS first_period, MAX(period) AS last_period FROM measured
), periods AS (
  SELECT DATEADD({every}, n.number, b.first_period) AS period
  FROM bounds b
  CROSS JOIN numbers n
  WHERE DATEADD({every}, n.number, b.first_period) <= b.last_period
), filled AS (
  SELECT p.period, c.currency, CAST(NVL(m.value, 0) AS DOUBLE PRECISION) AS value
  FROM periods p
  CROSS JOIN (SELECT DISTINCT currency FROM measured) c
  LEFT JOIN measured m
    ON m.period = p.period
    AND m.currency = c.currency
), averaged AS (
  SELECT
    f.*,
    ROW_NUMBER() OVER (PARTITION BY f.currency ORDER BY f.period) AS number,
    AVG(f.value) OVER (
      PARTITION BY f.currency ORDER BY f.period ROWS BETWEEN {earlier} AND CURRENT ROW
    ) AS moving_average
  FROM filled f
)
SELECT
  period,
  NULLIF(currency, '') AS currency,
  value,
  CASE WHEN number >= {periods_averaged} THEN ROUND(moving_average, 2) END AS moving_average
FROM averaged
ORDER BY averaged.period, averaged.currency
