-- Which pages visitors see after a page, or before it.
-- A page seen again at once (a reload) counts once. A path ends with its session, or after as many pages as were asked for:
-- the filters choose where paths begin, and what lies around these views is read whatever the filters say.
WITH views AS (
  SELECT
    v.visitor_id, v.session_key, v.view_number, NVL(v.page_path, '(no page)') AS page_path,
    LAG(NVL(v.page_path, '(no page)')) OVER (PARTITION BY v.visitor_id, v.session_key ORDER BY v.view_number)
      AS page_before,
    CASE WHEN {view_filter} THEN 1 ELSE 0 END AS is_asked
  FROM {page_views} v
  WHERE {around}
), places AS (
  SELECT
    w.page_path AS page_0,
    w.is_asked
--[ places
    , {neighbour}(w.page_path, {place}) OVER (PARTITION BY w.visitor_id, w.session_key ORDER BY w.view_number)
      AS page_{place}
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
    AND p.is_asked = 1
)
SELECT
  path,
  COUNT(*) AS times,
  ROUND(100 * CAST(RATIO_TO_REPORT(COUNT(*)) OVER () AS DOUBLE PRECISION), 2) AS percent_of_paths
FROM paths
GROUP BY path
ORDER BY times DESC, path
LIMIT {limit}
