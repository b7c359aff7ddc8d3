-- Which pages are seen most, how long, and how often visits begin and end there.
SELECT
  v.site_id,
  NVL(v.page_path, '(no page)') AS page,
  COUNT(*) AS page_views,
  COUNT(DISTINCT v.visitor_id) AS visitors,
  SUM(CASE WHEN v.is_entry THEN 1 ELSE 0 END) AS entries,
  SUM(CASE WHEN v.is_exit THEN 1 ELSE 0 END) AS exits,
  ROUND(100 * CAST(SUM(CASE WHEN v.is_exit THEN 1 ELSE 0 END) AS DOUBLE PRECISION) / COUNT(*), 2) AS exit_percent,
  ROUND(AVG(CAST(v.engaged_seconds AS DOUBLE PRECISION)), 1) AS average_engaged_seconds
FROM {page_views} v
WHERE {filter}
GROUP BY 1, 2
ORDER BY page_views DESC, 1, 2
LIMIT {limit}
