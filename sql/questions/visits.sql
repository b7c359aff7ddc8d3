-- What visits came from where, and which of them brought buyers. The block `dimensions` is repeated for each column
-- they are told apart by. Revenue is a list, because amounts of different currencies do not add up.
WITH visits AS (
  SELECT
--[ dimensions
    {expression} AS {dimension},
--]
    s.site_id || CHR(31) || s.visitor_id AS visitor,
    s.page_view_count, s.is_bounce, s.purchase_count, s.revenue,
    NVL(s.currency, '(several or none)') AS currency
  FROM {sessions} s
  WHERE {filter}
), amounts AS (
  SELECT {names}, currency, SUM(revenue) AS amount
  FROM visits
  WHERE purchase_count > 0
  GROUP BY {names}, currency
), revenues AS (
  SELECT
    {names},
    LISTAGG(currency || ' ' || CAST(CAST(amount AS DECIMAL(28, 2)) AS VARCHAR(32)), ', ')
      WITHIN GROUP (ORDER BY currency) AS revenue
  FROM amounts
  GROUP BY {names}
), counts AS (
  SELECT
    {names},
    COUNT(*) AS sessions,
    COUNT(DISTINCT visitor) AS visitors,
    COUNT(DISTINCT CASE WHEN purchase_count > 0 THEN visitor END) AS buyers,
    SUM(purchase_count) AS purchases,
    SUM(CASE WHEN is_bounce THEN 1 ELSE 0 END) AS bounces,
    SUM(page_view_count) AS page_views
  FROM visits
  GROUP BY {names}
)
SELECT
--[ dimensions
  c.{dimension},
--]
  c.sessions,
  c.visitors,
  c.buyers,
  ROUND(100 * CAST(c.buyers AS DOUBLE PRECISION) / c.visitors, 2) AS buyer_percent,
  c.purchases,
  r.revenue,
  ROUND(100 * CAST(c.bounces AS DOUBLE PRECISION) / c.sessions, 2) AS bounce_percent,
  ROUND(CAST(c.page_views AS DOUBLE PRECISION) / c.sessions, 2) AS pages_per_session
FROM counts c
LEFT JOIN revenues r
  ON {same_names}
ORDER BY c.sessions DESC, {order}
LIMIT {limit}
