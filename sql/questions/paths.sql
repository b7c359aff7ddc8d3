-- Which pages visitors see after a page, or before it.
-- A page seen again at once (a reload) counts once. A path ends with its session, or after as many pages as were asked for.
WITH views AS (
  SELECT
    v.session_key, v.view_number, NVL(v.page_path, '(no page)') AS page_path,
    LAG(NVL(v.page_path, '(no page)')) OVER (PARTITION BY v.session_key ORDER BY v.view_number) AS page_before
  FROM {page_views} v
  WHERE {view_filter}
), places AS (
  SELECT
    w.page_path AS page_0
--[ places
    , {neighbour}(w.page_path, {place}) OVER (PARTITION BY w.session_key ORDER BY w.view_number) AS page_{place}
--]
  FROM views w
  WHERE w.page_before IS NULL
    OR w.page_before <> w.page_path
), paths AS (
  SELECT
    p.page_0
--[ places
    || CASE WHEN p.page_{previous} IS NOT NULL THEN {separator} || NVL(p.page_{place}, {end}) ELSE '' END
--]
    AS path
  FROM places p
  WHERE {page}
)
SELECT
  path,
  COUNT(*) AS times,
  ROUND(100 * CAST(RATIO_TO_REPORT(COUNT(*)) OVER () AS DOUBLE PRECISION), 2) AS percent_of_paths
FROM paths
GROUP BY path
ORDER BY times DESC, path
LIMIT {limit}
