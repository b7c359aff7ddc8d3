-- Mends the visitors whose sessions were made anew: what the old sessions gave is taken off, what the new ones give is
-- added. A chain is made anew as a whole and never loses an event, so first and last can only move outwards.

CREATE TEMP TABLE model_visitors DISTKEY (visitor_id) AS
SELECT
  n.site_id,
  n.visitor_id,
  CASE WHEN n.user_seen_at >= NVL(v.user_seen_at, n.user_seen_at) THEN n.user_id ELSE v.user_id END AS user_id,
  CASE WHEN n.user_seen_at >= NVL(v.user_seen_at, n.user_seen_at) THEN n.user_seen_at ELSE v.user_seen_at END
    AS user_seen_at,
  LEAST(n.first_seen_at, NVL(v.first_seen_at, n.first_seen_at)) AS first_seen_at,
  GREATEST(n.last_seen_at, NVL(v.last_seen_at, n.last_seen_at)) AS last_seen_at,
  v.site_id IS NULL OR n.first_seen_at <= v.first_seen_at AS is_first_new,
  NVL(v.session_count, 0) - NVL(o.session_count, 0) + n.session_count AS session_count,
  NVL(v.page_view_count, 0) - NVL(o.page_view_count, 0) + n.page_view_count AS page_view_count,
  NVL(v.conversion_count, 0) - NVL(o.conversion_count, 0) + n.conversion_count AS conversion_count,
  NVL(v.purchase_count, 0) - NVL(o.purchase_count, 0) + n.purchase_count AS purchase_count,
  NVL(v.revenue, 0) - NVL(o.revenue, 0) + n.revenue AS revenue,
  n.is_bot,
  n.first_session_number,
  v.first_session_key,
  v.first_landing_page_path,
  v.first_channel,
  v.first_source,
  v.first_medium,
  v.first_campaign,
  v.first_referrer_host
FROM (
  SELECT
    site_id,
    visitor_id,
    is_bot,
    MAX(CASE WHEN user_rank = 1 THEN user_id END) AS user_id,
    MAX(user_seen_at) AS user_seen_at,
    MIN(started_at) AS first_seen_at,
    MAX(ended_at) AS last_seen_at,
    MIN(session_number) AS first_session_number,
    COUNT(*) AS session_count,
    SUM(page_view_count) AS page_view_count,
    SUM(conversion_count) AS conversion_count,
    SUM(purchase_count) AS purchase_count,
    SUM(revenue) AS revenue
  FROM (
    SELECT
      s.*,
      ROW_NUMBER() OVER (
        PARTITION BY s.site_id, s.visitor_id, s.is_bot
        ORDER BY CASE WHEN s.user_id IS NOT NULL THEN 0 ELSE 1 END, s.session_number DESC
      ) AS user_rank
    FROM model_sessions s
  ) ranked
  GROUP BY site_id, visitor_id, is_bot
) n
LEFT JOIN (
  SELECT
    site_id,
    visitor_id,
    is_bot,
    COUNT(*) AS session_count,
    SUM(page_view_count) AS page_view_count,
    SUM(conversion_count) AS conversion_count,
    SUM(purchase_count) AS purchase_count,
    SUM(revenue) AS revenue
  FROM model_old_sessions
  GROUP BY site_id, visitor_id, is_bot
) o
  ON o.site_id = n.site_id AND o.visitor_id = n.visitor_id AND o.is_bot = n.is_bot
LEFT JOIN models.visitors v
  ON v.site_id = n.site_id AND v.visitor_id = n.visitor_id AND v.is_bot = n.is_bot;

DELETE FROM models.visitors
USING model_visitors n
WHERE visitors.site_id = n.site_id AND visitors.visitor_id = n.visitor_id AND visitors.is_bot = n.is_bot;

INSERT INTO models.visitors
SELECT
  n.site_id,
  n.visitor_id,
  n.user_id,
  n.user_seen_at,
  n.first_seen_at,
  n.last_seen_at,
  CASE WHEN n.is_first_new THEN s.session_key ELSE n.first_session_key END,
  CASE WHEN n.is_first_new THEN s.landing_page_path ELSE n.first_landing_page_path END,
  CASE WHEN n.is_first_new THEN s.channel ELSE n.first_channel END,
  CASE WHEN n.is_first_new THEN s.source ELSE n.first_source END,
  CASE WHEN n.is_first_new THEN s.medium ELSE n.first_medium END,
  CASE WHEN n.is_first_new THEN s.campaign ELSE n.first_campaign END,
  CASE WHEN n.is_first_new THEN s.referrer_host ELSE n.first_referrer_host END,
  n.session_count,
  n.page_view_count,
  n.conversion_count,
  n.purchase_count,
  n.revenue,
  n.is_bot
FROM model_visitors n
JOIN model_sessions s
  ON s.site_id = n.site_id AND s.visitor_id = n.visitor_id AND s.is_bot = n.is_bot
  AND s.session_number = n.first_session_number;
