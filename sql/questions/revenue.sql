-- What was bought, by day or by where the visits came from: a row a currency. Purchases belong to the day their session
-- began on, in the site's time zone.
SELECT
  {dimension} AS dimension,
  NVL(s.currency, '(several or none)') AS currency,
  SUM(s.purchase_count) AS purchases,
  COUNT(DISTINCT s.site_id || CHR(31) || s.visitor_id) AS buyers,
  ROUND(CAST(SUM(s.revenue) AS DOUBLE PRECISION), 2) AS revenue,
  ROUND(CAST(SUM(s.revenue) AS DOUBLE PRECISION) / SUM(s.purchase_count), 2) AS average_purchase
FROM {sessions} s
WHERE s.purchase_count > 0
  AND {filter}
GROUP BY 1, 2
ORDER BY {order}
LIMIT {limit}
